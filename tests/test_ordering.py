from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.choosing.ordering import ORDERS, order
from essentialist.choosing.similarity import Embeddings
from essentialist.choosing.spreading import apart
from essentialist.choosing.tours import short_tour
from essentialist.choosing.transitions import WEIGHTS, costs, describe, mean_cost, tempo_distance
from essentialist.errors import PlaylistError
from essentialist.track import Track, Value
from essentialist.versions import artist_key

HOWS = (*ORDERS, "bpm", "-bpm", "title", "rise:bpm")
APART = ("smooth", "rise", "fall", "wave", "arc", "shuffle")


def track(number: int, artist: str = "", *, title: str = "", **values: Value) -> Track:
    return measured(number, artist, values, title)


def measured(number: int, artist: str, values: dict[str, Value], title: str = "") -> Track:
    return Track(number, Path(f"{number}.flac"), title or f"Track {number}", artist, values=values)


def library(n: int, seed: int = 0, n_artists: int | None = None) -> list[Track]:
    """Tracks as they come: tempo with a peak at 120 BPM, any key, most of them measured in full."""
    chance = np.random.default_rng(seed)
    tracks = []
    for number in range(n):
        values: dict[str, Value] = {
            "bpm": float(np.clip(chance.normal(118, 25), 50, 200)),
            "camelot": f"{chance.integers(1, 13)}{'AB'[chance.integers(2)]}",
            "loudness": float(chance.normal(-10, 3)),
            "arousal": float(chance.normal(5, 0.85)),
            "valence": float(chance.normal(5, 0.66)),
        }
        for name in [name for name in values if chance.random() < 0.05]:
            del values[name]
        tracks.append(measured(number, f"Artist {chance.integers(n_artists or n // 4 + 1)}", values))
    return tracks


def repeats(tracks: tuple[Track, ...]) -> int:
    return sum(artist_key(a) == artist_key(b) for a, b in pairwise(tracks))


libraries = st.builds(library, st.integers(1, 30), st.integers(0, 2**32 - 1), st.integers(1, 6))
lines = st.lists(st.sampled_from(["", "A", "B", "C", "D"]), max_size=24).map(
    lambda artists: [track(number, artist) for number, artist in enumerate(artists)]
)


@given(libraries, st.sampled_from(HOWS), st.integers(0, 9))
def test_every_order_keeps_every_track_and_is_repeatable(tracks: list[Track], how: str, seed: int) -> None:
    try:
        ordered = order(tracks, how, seed=seed)
    except PlaylistError:
        assert not any({"arousal", "bpm"} <= set(one.values) for one in tracks)
        return
    assert Counter(one.id for one in ordered) == Counter(one.id for one in tracks)
    assert order(tracks, how, seed=seed) == ordered


@given(lines)
def test_artists_are_apart_whenever_that_is_possible(tracks: list[Track]) -> None:
    most = max(Counter(artist_key(one) for one in tracks).values(), default=0)
    ordered = apart(tracks)
    assert Counter(one.id for one in ordered) == Counter(one.id for one in tracks)
    assert repeats(ordered) == max(0, most - 1 - (len(tracks) - most))


@given(lines)
def test_an_order_without_repeats_is_left_alone(tracks: list[Track]) -> None:
    once = apart(tracks)
    if repeats(once) == 0:
        assert apart(once) == once


@given(st.lists(st.integers(0, 4), max_size=24), st.booleans())
def test_albums_are_apart_whenever_that_is_possible_where_no_artist_comes_twice(albums: list[int], named: bool) -> None:
    tracks = [
        replace(track(number, f"Artist {number}" if named else ""), album=f"Album {album}", album_artist="Various")
        for number, album in enumerate(albums)
    ]
    most = max(Counter(albums).values(), default=0)
    ordered = apart(tracks)
    assert Counter(one.id for one in ordered) == Counter(one.id for one in tracks)
    assert sum(a.album == b.album for a, b in pairwise(ordered)) == max(0, most - 1 - (len(tracks) - most))


def test_an_album_is_repeated_rather_than_an_artist() -> None:
    placed = [("A", "X"), ("A", "X"), ("A", "Y"), ("B", "X"), ("C", "X")]
    tracks = [
        replace(track(i, artist), album=album, album_artist="Various") for i, (artist, album) in enumerate(placed)
    ]
    ordered = apart(tracks)
    assert repeats(ordered) == 0
    assert sum(a.album == b.album for a, b in pairwise(ordered)) == 2


def test_an_artist_with_most_of_the_tracks_comes_in_even_runs() -> None:
    ordered = apart([track(number, "A" if number < 9 else "BC"[number % 2]) for number in range(11)])
    assert "".join(one.artist for one in ordered) == "AAACAAABAAA"


def test_only_what_repeats_an_artist_is_delayed() -> None:
    ordered = apart([track(number, artist) for number, artist in enumerate("ABBCDEF")])
    assert [one.id for one in ordered] == [0, 1, 3, 2, 4, 5, 6]


def test_guests_do_not_make_another_artist() -> None:
    ordered = apart([track(0, "Nina"), track(1, "Nina feat. Someone"), track(2, "Other")])
    assert [one.id for one in ordered] == [0, 2, 1]


@pytest.mark.parametrize("how", APART)
def test_orders_keep_artists_apart(how: str) -> None:
    tracks = library(60, n_artists=4)
    assert max(Counter(one.artist for one in tracks).values()) <= 30
    assert repeats(order(tracks, how)) == 0


@pytest.mark.parametrize("n", [45, 200])
def test_smooth_is_much_smoother_than_chance(n: int) -> None:
    tracks = library(n)
    chance = np.random.default_rng(1)
    random = np.mean([mean_cost([tracks[place] for place in chance.permutation(n)]) for _ in range(20)])
    assert mean_cost(order(tracks, "smooth")) <= 0.6 * random


def test_smooth_finds_the_line_in_shuffled_tempi() -> None:
    tempi = [float(tempo) for tempo in range(100, 130)]
    shuffled = [track(i, bpm=tempi[i]) for i in np.random.default_rng(0).permutation(30)]
    found = [one.number("bpm") for one in order(shuffled, "smooth")]
    assert found in (tempi, tempi[::-1])


def test_more_tracks_than_one_tour_holds_are_ordered_too() -> None:
    tracks = [track(number, bpm=60 + number % 97) for number in range(2_100)]
    ordered = order(tracks, "smooth")
    assert {one.id for one in ordered} == set(range(2_100))
    assert mean_cost(ordered[:500]) < 0.3 * mean_cost(tracks[:500])


def test_a_tour_is_never_longer_than_the_nearest_neighbours_and_here_the_shortest() -> None:
    places = np.random.default_rng(4).permutation(40).astype(np.float32)
    tour = short_tour(np.abs(places[:, None] - places))
    assert np.abs(np.diff(places[tour])).sum() == 39


def test_half_and_double_tempo_are_near() -> None:
    def apart_by(a: float, b: float) -> float:
        return float(tempo_distance(a, b))

    assert apart_by(120, 120) == 0
    assert apart_by(70, 140) == apart_by(140, 70) == pytest.approx(0.1)
    assert apart_by(70, 140) < apart_by(120, 140)
    assert apart_by(70, 141) < apart_by(70, 100)


@given(st.floats(30, 300), st.floats(30, 300))
def test_tempo_distance_is_symmetric_and_bounded(a: float, b: float) -> None:
    there, back = tempo_distance(a, b), tempo_distance(b, a)
    assert there == pytest.approx(float(back), abs=1e-9)
    assert 0 <= there <= 0.5


def test_tracks_of_one_style_are_near() -> None:
    sound = Embeddings.of([0, 1, 2, 3], np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]]))
    tracks = [track(number, bpm=120) for number in (0, 2, 1, 3)]
    assert {one.id for one in order(tracks, sound=sound)[:2]} in ({0, 1}, {2, 3})
    cost = costs([*tracks, track(9, bpm=120)], sound)
    assert cost[0, 2] < cost[0, 4] < cost[0, 1]


def test_costs_are_symmetric_and_between_none_and_one() -> None:
    cost = costs(library(50))
    np.testing.assert_allclose(cost, cost.T, atol=1e-6)
    assert cost.min() >= 0
    assert cost.max() <= 1
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_a_missing_value_neither_attracts_nor_repels() -> None:
    tracks = [track(0, bpm=100), track(1, bpm=110), track(2, bpm=150), track(3)]
    cost = costs(tracks)
    known = [cost[0, 1], cost[0, 2], cost[1, 2]]
    assert min(known) < cost[0, 3] < max(known)
    assert cost[0, 3] == cost[1, 3] == cost[2, 3]
    assert not costs([track(0), track(1)]).any()


def test_the_key_of_a_track_without_camelot_code_is_read_from_key_and_scale() -> None:
    tracks = [track(0, camelot="8A"), track(1, key="C", scale="major"), track(2, key="F#", scale="major")]
    cost = costs(tracks)
    assert cost[0, 1] < cost[0, 2]


def test_a_transition_in_words() -> None:
    before, after = track(0, bpm=122.2, camelot="9A"), track(1, bpm=124.0, camelot="8A")
    assert describe(before, after) == "124 BPM after 122, 8A next to 9A"
    assert describe(before, before) == "122 BPM after 122, 9A again"
    assert describe(before, track(2)) == ""


def heights(how: str, n: int = 24) -> list[float]:
    tracks = [track(int(number), arousal=float(number)) for number in np.random.default_rng(0).permutation(n)]
    return [one.number("arousal") or 0.0 for one in order(tracks, how)]


def test_shapes() -> None:
    assert heights("rise") == sorted(heights("rise"))
    assert heights("fall") == sorted(heights("rise"), reverse=True)
    arc = heights("arc")
    top = arc.index(max(arc))
    assert top in {15, 16}
    assert arc[: top + 1] == sorted(arc[: top + 1])
    assert arc[top:] == sorted(arc[top:], reverse=True)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(heights("wave")))))
    assert len(turns) == 3  # two waves: up, down, up, down


def test_a_shape_follows_another_number_and_puts_unknown_ones_in_the_middle() -> None:
    tracks = [track(0, bpm=150), track(1), track(2, bpm=90), track(3, bpm=100), track(4, bpm=140)]
    assert [one.id for one in order(tracks, "rise:bpm")] == [2, 3, 1, 4, 0]


def test_by_field_unknown_ones_come_last() -> None:
    tracks = [track(0, bpm=150), track(1), track(2, bpm=90), track(3, bpm=90)]
    assert [one.id for one in order(tracks, "bpm")] == [2, 3, 0, 1]
    assert [one.id for one in order(tracks, "-bpm")] == [0, 2, 3, 1]


def test_words_sort_without_case_and_keys_round_the_wheel() -> None:
    titled = [track(0, title="beta"), track(1, title="Gamma"), track(2, title="Alpha")]
    assert [one.title for one in order(titled, "title")] == ["Alpha", "beta", "Gamma"]
    keyed = [track(0, camelot="10A"), track(1, camelot="2B"), track(2, camelot="2A")]
    assert [one.id for one in order(keyed, "camelot")] == [2, 1, 0]


def test_shuffling_depends_on_the_seed_and_spreads_artists() -> None:
    tracks = [track(number, "A" if number < 4 else f"B{number}") for number in range(40)]
    assert order(tracks, "shuffle", seed=1) != order(tracks, "shuffle", seed=2)
    for seed in range(20):
        places = [place for place, one in enumerate(order(tracks, "shuffle", seed=seed)) if one.artist == "A"]
        assert min(np.diff(places)) >= 4


@pytest.mark.parametrize(("how", "remedy"), [("smoth", "'smooth'"), ("bmp", "'bpm'"), ("x:y", "Use smooth, rise")])
def test_an_unknown_order_names_the_nearest(how: str, remedy: str) -> None:
    with pytest.raises(PlaylistError, match=remedy):
        order([track(0, bpm=100)], how)


def test_a_shape_of_what_nobody_has_is_refused() -> None:
    with pytest.raises(PlaylistError, match="arousal"):
        order([track(0, bpm=100)], "rise")


@pytest.mark.parametrize("how", HOWS)
def test_nothing_in_nothing_out(how: str) -> None:
    assert order([], how) == ()
