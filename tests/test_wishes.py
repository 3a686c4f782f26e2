from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.choosing.constraints import constrain
from essentialist.choosing.wishes import Length, Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.track import Track

MINUTE = 60.0


def pick(number: int, artist: str = "", title: str = "", duration: float | None = 200.0, album: str = "") -> Pick:
    name = title or f"Track {number}"
    return Pick(Track(number, Path(f"{number}.mp3"), name, artist, album=album, duration=duration), "because")


def ids(picks: tuple[Pick, ...]) -> list[int]:
    return [one.track.id for one in picks]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("25", Length(tracks=25)),
        ("90 min", Length(seconds=5400)),
        ("90min", Length(seconds=5400)),
        ("1.5 h", Length(seconds=5400)),
        ("1h 30m", Length(seconds=5400)),
        ("2 hours", Length(seconds=7200)),
        ("all", Length()),
    ],
)
def test_a_length_is_written_as_people_do(text: str, length: Length) -> None:
    assert Length.parse(text) == length


@pytest.mark.parametrize("text", ["", "0", "-3", "long", "0 min", "90 s", "min"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(PlaylistError, match="90 min"):
        Length.parse(text)


@pytest.mark.parametrize("limits", [{"max_per_artist": 0}, {"max_per_album": -1}])
def test_limits_below_one_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(PlaylistError, match="at least 1"):
        Wishes(**limits)  # type: ignore[arg-type]


def test_the_best_come_first_and_an_endless_ranking_is_read_no_further_than_needed() -> None:
    read = []

    def ranking() -> Iterator[Pick]:
        for number in count():
            read.append(number)
            yield pick(number)

    assert ids(constrain(ranking(), Wishes(Length(tracks=4))).picks) == [0, 1, 2, 3]
    assert len(read) <= 5


def test_no_file_twice_and_nothing_excluded() -> None:
    ranking = [pick(1), pick(1), pick(2), pick(3)]
    assert ids(constrain(ranking, Wishes(excluded=frozenset({2}))).picks) == [1, 3]


def test_one_version_of_a_recording() -> None:
    ranking = [pick(1, "A", "Help!"), pick(2, "A", "Help! (Live)"), pick(3, "B", "Help!")]
    assert ids(constrain(ranking, Wishes()).picks) == [1, 3]
    assert ids(constrain(ranking, Wishes(one_version=False)).picks) == [1, 2, 3]


def test_three_an_artist_where_others_fill_the_length() -> None:
    ranking = [*(pick(number, "A") for number in range(10)), *(pick(number) for number in range(10, 20))]
    selection = constrain(ranking, Wishes(Length(tracks=8)))
    assert ids(selection.picks) == [0, 1, 2, 10, 11, 12, 13, 14]
    assert not selection.notes


def test_the_usual_limit_is_lifted_for_all_alike() -> None:
    ranking = [*(pick(number, "A") for number in range(10)), *(pick(number, "B") for number in range(10, 20))]
    selection = constrain(ranking, Wishes(Length(tracks=10)))
    assert Counter(one.track.artist for one in selection.picks) == {"A": 5, "B": 5}
    assert ids(selection.picks) == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]
    assert selection.notes == ("Up to 5 tracks an artist instead of 3: there are too few others.",)


def test_a_limit_that_was_wished_is_kept() -> None:
    ranking = [*(pick(number, "A") for number in range(10)), *(pick(number, "B") for number in range(10, 20))]
    selection = constrain(ranking, Wishes(Length(tracks=10), max_per_artist=2))
    assert ids(selection.picks) == [0, 1, 10, 11]
    assert selection.notes == ("4 tracks instead of 10: no more fit the wishes.",)


def test_everything_means_everything() -> None:
    ranking = [pick(number, "A") for number in range(10)]
    selection = constrain(ranking, Wishes(Length()))
    assert len(selection.picks) == 10
    assert not selection.notes


def test_albums_have_a_limit_too() -> None:
    ranking = [pick(number, f"A{number % 2}", album=f"Album {number // 4}") for number in range(8)]
    selection = constrain(ranking, Wishes(max_per_album=1, max_per_artist=9))
    assert ids(selection.picks) == [0, 1, 4, 5]


def test_what_is_asked_for_is_taken_and_counts() -> None:
    asked = Pick(pick(9, "A").track, "asked", asked=True)
    selection = constrain([pick(1, "A"), pick(2, "A"), asked], Wishes(max_per_artist=2), whole=True)
    assert ids(selection.picks) == [1, 9]
    assert selection.refused == {2}


def test_time_is_met_by_a_swap_where_no_next_track_fits() -> None:
    ranking = [pick(number, duration=240) for number in range(20)] + [pick(20, duration=340)]
    selection = constrain(ranking, Wishes(Length(seconds=1300)))
    assert sum(one.track.duration or 0 for one in selection.picks) == 4 * 240 + 340
    assert not selection.notes


def test_time_that_cannot_be_met_is_noted() -> None:
    selection = constrain([pick(1, duration=300), pick(2, duration=None)], Wishes(Length(seconds=90 * MINUTE)))
    assert selection.notes == ("5.0 min instead of 90: no choice comes nearer.", "1 of unknown length left out.")


@given(
    st.lists(st.tuples(st.sampled_from("ABCDEF"), st.integers(60, 600)), max_size=60),
    st.integers(1, 20),
    st.integers(1, 5),
    st.booleans(),
)
def test_wishes_hold_whatever_the_ranking(
    tracks: list[tuple[str, int]], size: int, per_artist: int, timed: bool
) -> None:
    ranking = [pick(number, artist, duration=duration) for number, (artist, duration) in enumerate(tracks)]
    length = Length(seconds=size * 4 * MINUTE) if timed else Length(tracks=size)
    selection = constrain(ranking, Wishes(length, max_per_artist=per_artist))
    chosen = ids(selection.picks)
    assert chosen == sorted(set(chosen))
    assert all(n <= per_artist for n in Counter(one.track.artist for one in selection.picks).values())
    if length.seconds is not None:
        assert selection.seconds <= length.seconds * 1.02
        assert bool(selection.notes) == (selection.seconds < length.seconds * 0.98)
    else:
        assert bool(selection.notes) == (len(chosen) < size)


def test_where_all_there_is_falls_short_of_the_time_all_of_it_is_taken() -> None:
    picks = [pick(number, f"Artist {number % 3}", duration=30.0) for number in range(40)]
    selection = constrain(picks, Wishes(Length(seconds=60 * MINUTE)))
    assert ids(selection.picks) == list(range(40))
    assert "20.0 min instead of 60: no choice comes nearer." in selection.notes
