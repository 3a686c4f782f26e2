"""Alike in style: the 400 styles of Discogs, by their probabilities."""

from __future__ import annotations

from functools import partial

from essentialist.measures import Measure
from essentialist.measures._labels import roots

MEASURE = Measure("styles", "Styles", ("styles",), partial(roots, descriptor="styles"))
