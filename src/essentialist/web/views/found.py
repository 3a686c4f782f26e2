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
    """The tracks that a query and a lasso leave.

    Attributes
    ----------
    mask : bool array of shape (n_tracks,), all that is asked
    encircled : bool array of shape (n_tracks,), the lasso alone
    of_terms : for each term of the query the tracks that it holds for
    """

    mask: Mask
    encircled: Mask
    of_terms: tuple[tuple[Tree, Mask], ...]

    @classmethod
    def of(cls, tree: Tree, columns: Columns, encircled: Mask | None = None) -> Found:
        """Ask each term once; `encircled` None where there is no lasso."""
        of_terms = tuple((term, mask(term, columns)) for term in terms(tree))
        within = np.ones(len(columns), np.bool_) if encircled is None else encircled
        return cls(reduce(and_, (each for _, each in of_terms), within), within, of_terms)

    def without(self, left_out: Callable[[Tree], bool]) -> Mask:
        """What is found without some of the terms; the whole where there is none of these."""
        kept = [each for term, each in self.of_terms if not left_out(term)]
        return self.mask if len(kept) == len(self.of_terms) else reduce(and_, kept, self.encircled)
