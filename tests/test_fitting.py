"""A time is met wherever a choice of the tracks can meet it."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from essentialist.choosing.constraints import constrain
from essentialist.choosing.wishes import Length, Wishes
from test_wishes import ids, pick


def nearest_below(durations: list[int], most: float) -> float:
    """The largest sum of some durations that is not above `most`."""
    choices = chain.from_iterable(combinations(durations, n) for n in range(len(durations) + 1))
    return max(sum(choice) for choice in choices if sum(choice) <= most)


@given(st.lists(st.integers(60, 600), min_size=1, max_size=9), st.integers(60, 3_000))
def test_of_few_tracks_those_that_meet_the_time_are_found(durations: list[int], wished: int) -> None:
    ranking = [pick(number, duration=duration) for number, duration in enumerate(durations)]
    selection = constrain(ranking, Wishes(Length(seconds=wished)))
    possible = nearest_below(durations, wished * 1.02)
    if possible >= wished * 0.98:
        assert wished * 0.98 <= selection.seconds <= wished * 1.02
        assert not selection.notes
    else:
        assert selection.seconds == possible
        assert selection.notes


def test_two_tracks_give_way_to_two_others_where_no_one_does() -> None:
    ranking = [pick(number, duration=duration) for number, duration in enumerate((200, 200, 290, 280))]
    selection = constrain(ranking, Wishes(Length(seconds=570)))
    assert ids(selection.picks) == [2, 3]
    assert not selection.notes


def test_limits_hold_while_a_time_is_met() -> None:
    ranking = [pick(number, "A", duration=100) for number in range(3)] + [pick(3, "A", duration=300)]
    selection = constrain(ranking, Wishes(Length(seconds=500), max_per_artist=3))
    assert ids(selection.picks) == [0, 1, 3]
    assert not selection.notes
    full = constrain(ranking, Wishes(Length(seconds=600), max_per_artist=3))
    assert selection.seconds == full.seconds == 500
    assert full.notes == ("8.3 min instead of 10: no choice comes nearer.",)


def test_what_is_asked_for_is_not_given_up_for_the_time() -> None:
    asked = pick(0, duration=200)
    ranking = [type(asked)(asked.track, "asked", asked=True), pick(1, duration=200), pick(2, duration=400)]
    assert ids(constrain(ranking, Wishes(Length(seconds=600))).picks) == [0, 2]
    assert ids(constrain(ranking, Wishes(Length(seconds=100))).picks) == [0]
