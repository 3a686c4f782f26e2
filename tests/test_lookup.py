"""Ids are found in an ascending array of ids as a dictionary would find them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from essentialist.lookup import rows_in

IDS = st.integers(min_value=1, max_value=40)


@given(there=st.sets(IDS), sought=st.lists(IDS))
def test_ids_are_found_where_they_stand(there: set[int], sought: list[int]) -> None:
    ids = sorted(there)
    row_of = {each: row for row, each in enumerate(ids)}

    known, rows = rows_in(np.array(ids, np.int64), np.array(sought, np.int64))

    assert known.tolist() == [each in row_of for each in sought]
    assert rows.tolist() == [row_of[each] for each in sought if each in row_of]
