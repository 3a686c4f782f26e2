"""What a query finds, term by term, so that each facet can be counted without its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import numpy as np

from essentialist.query import mask
from essentialist.web.views.asking import terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from essentialist.query import Columns
    from essentialist.query.tree import Tree

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The tracks that a query leaves of those that are chosen on the map.

    Attributes
    ----------
    mask : bool array of shape (n_tracks,), all that is asked
    on_map : bool array of shape (n_tracks,), what is chosen on the map
    of_terms : for each term of the query the tracks that it holds for
    """

    mask: Mask
    on_map: Mask
    of_terms: tuple[tuple[Tree, Mask], ...]

    @classmethod
    def of(cls, tree: Tree, columns: Columns, on_map: Mask | None = None) -> Found:
        """Ask each term once; `on_map` None where nothing is chosen there."""
        of_terms = tuple((term, mask(term, columns)) for term in terms(tree))
        chosen = np.ones(len(columns), np.bool_) if on_map is None else on_map
        return cls(reduce(and_, (each for _, each in of_terms), chosen), chosen, of_terms)

    def without(self, left_out: Callable[[Tree], bool]) -> Mask:
        """What is found without some of the terms; the whole where there is none of these."""
        kept = [each for term, each in self.of_terms if not left_out(term)]
        return self.mask if len(kept) == len(self.of_terms) else reduce(and_, kept, self.on_map)
