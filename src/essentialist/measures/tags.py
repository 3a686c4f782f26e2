"""Alike in what listeners would call it: the 50 tags, by their probabilities."""

from __future__ import annotations

from functools import partial

from essentialist.measures import Measure
from essentialist.measures._labels import roots

MEASURE = Measure("tags", "Tags", ("tags",), partial(roots, descriptor="tags"))
