"""Drafts: every step can be undone, what is locked stays, and no track is there twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.web.components.draft import newer
from essentialist.web.views.drafts import BY_HAND, MOST_STEPS, Draft, History, recalled, told

ids = st.integers(1, 12)
many = st.lists(ids, max_size=10)
steps = st.one_of(
    st.builds(partial, st.just(Draft.added), ids=many),
    st.builds(partial, st.just(Draft.arranged), ids=many, removed=many, locked=many),
    st.builds(partial, st.just(Draft.swapped), track_id=ids, other=ids, reason=st.just("close")),
    st.builds(partial, st.just(Draft.refilled), ids=many),
)
Step = Callable[[Draft], Draft]


def led_to(taken: list[Step]) -> Draft:
    return reduce(lambda draft, step: step(draft), taken, Draft("Evening"))


drafts = st.lists(steps, max_size=8).map(led_to)


@given(drafts, steps)
def test_no_step_puts_a_track_in_twice_or_keeps_what_is_gone(draft: Draft, step: Step) -> None:
    found = step(draft)
    assert len(set(found.ids)) == len(found.ids)
    assert found.locked <= set(found.ids)
    assert set(found.reasons) <= set(found.ids)


@given(drafts, many)
def test_locked_tracks_stay_where_they_are_while_others_are_chosen(draft: Draft, chosen: list[int]) -> None:
    found = draft.refilled(chosen)
    fresh = [each for each in dict.fromkeys(chosen) if each not in draft.locked]
    assert [each for each in found.ids if each not in draft.locked] == fresh
    assert found.locked == draft.locked
    for place, each in enumerate(draft.ids):
        if each in draft.locked:
            n_locked = sum(other in draft.locked for other in draft.ids[:place])
            assert found.ids.index(each) == min(place, len(fresh) + n_locked)


@given(st.lists(steps, min_size=1, max_size=12))
def test_undo_is_the_inverse_of_every_step_and_redo_of_undo(taken: list[Step]) -> None:
    history, seen = History(Draft("Evening")), []
    for step in taken:
        before = history
        history = history.then(step(history.now))
        if history != before:
            seen.append(before.now)
    end = history.now
    for draft in reversed(seen):
        history = history.undo()
        assert history.now == draft
    assert history.undo() is history
    for _ in seen:
        history = history.redo()
    assert history.now == end
    assert history.redo() is history


def test_a_step_after_undo_is_another_way() -> None:
    one = History().then(Draft(ids=(1,))).then(Draft(ids=(1, 2))).undo().then(Draft(ids=(3,)))
    assert one.redo() is one
    assert one.undo().now.ids == (1,)


def test_only_so_many_steps_are_kept() -> None:
    history = History()
    for number in range(MOST_STEPS + 5):
        history = history.then(history.now.added([number]))
    assert len(history.past) == MOST_STEPS


@given(drafts, many, many, many)
def test_an_arrangement_may_come_late(draft: Draft, order: list[int], removed: list[int], locked: list[int]) -> None:
    found = draft.arranged(order, removed=removed, locked=locked)
    assert set(found.ids) == set(draft.ids) - set(removed)
    assert found.locked == set(found.ids) & set(locked)
    named = [each for each in dict.fromkeys(order) if each in found.ids]
    assert list(found.ids[: len(named)]) == named
    assert [each for each in draft.ids if each in found.ids[len(named) :]] == list(found.ids[len(named) :])


@given(drafts)
def test_a_browser_remembers_a_draft(draft: Draft) -> None:
    found = recalled(told(draft))
    assert (found.title, found.ids, found.locked) == (draft.title, draft.ids, draft.locked)


@given(st.dictionaries(st.sampled_from(["title", "ids", "locked"]), st.text()))
def test_a_browser_is_not_believed(said: dict[str, str]) -> None:
    found = recalled(said)
    assert found.locked <= set(found.ids)


def test_tracks_are_added_at_the_end_and_said_to_be_by_hand() -> None:
    draft = Draft(ids=(2, 1)).added([1, 3, 3, 2])
    assert draft.ids == (2, 1, 3)
    assert draft.reasons == {3: BY_HAND}


def test_a_swap_keeps_the_place() -> None:
    draft = replace(Draft(ids=(1, 2, 3), reasons={1: "a", 2: "b", 3: "c"}), locked=frozenset({2}))
    found = draft.swapped(2, 9, "close to it")
    assert found.ids == (1, 9, 3)
    assert found.reasons == {1: "a", 9: "close to it", 3: "c"}
    assert found.locked == frozenset()
    assert draft.swapped(2, 3, "") is draft


def test_what_a_browser_tells_again_is_done_once_and_in_order() -> None:
    told = [{"kind": "undo", "number": 3}, {"kind": "clear", "number": 2}, {"kind": "redo", "number": 1}]
    assert [each["kind"] for each in newer(told, 1)] == ["clear", "undo"]
    assert newer(told, 3) == []


@pytest.mark.parametrize("told", [None, 3, "x", {}, {"number": 1}, [None, "x", {}, {"number": "9"}, {"number": None}]])
def test_nonsense_of_a_browser_is_nothing_done(told: object) -> None:
    assert newer(told, 0) == []
