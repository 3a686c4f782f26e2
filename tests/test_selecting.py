"""What is asked for, diversity, and wishes that contradict each other, in every way of choosing."""

from itertools import pairwise
from pathlib import Path as FilePath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.choosing.diversity import inserted, varied
from essentialist.choosing.similarity import Embeddings
from essentialist.choosing.wishes import Length, Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlist import Playlist
from essentialist.playlists import Candidates, Seed, make_playlist, ways
from essentialist.playlists.filter import Filter
from essentialist.playlists.flow import Flow
from essentialist.playlists.path import MOST_BETWEEN, POOL_OF_ALL, Path, narrow
from essentialist.playlists.similar import Similar
from essentialist.track import Track
from test_playlists import ALL, collection, ids

SIMILAR = ways()["similar"]


def made(way: str, parameters: object, wishes: Wishes, candidates: Candidates = ALL) -> Playlist:
    return make_playlist("P", ways()[way], candidates=candidates, parameters=parameters, wishes=wishes)


def spread(playlist: Playlist) -> float:
    """Mean distance between any two tracks of a playlist."""
    assert ALL.embeddings
    vectors = ALL.embeddings.placed(ids(playlist))
    return float((1 - vectors @ vectors.T).mean())


@pytest.mark.parametrize(
    ("way", "parameters"),
    [
        ("filter", Filter("bpm")),
        ("similar", Similar((Seed(ALL.tracks[5]),))),
        ("flow", Flow(ALL.tracks[5])),
        ("path", Path(ALL.tracks[5], ALL.tracks[60])),
    ],
)
def test_what_is_asked_for_is_there_even_outside_the_query(way: str, parameters: object) -> None:
    outside = ALL.tracks[110]
    query = ALL.without({110})
    wishes = Wishes(Length(tracks=10), included=(outside, ALL.tracks[30]))
    playlist = made(way, parameters, wishes, query)
    assert {110, 30} <= set(ids(playlist))
    assert len(playlist.tracks) == len(set(ids(playlist))) == 10
    assert playlist.reasons[110].startswith("asked for")


def test_a_path_takes_what_is_asked_for_on_its_way() -> None:
    wishes = Wishes(Length(tracks=9), included=(ALL.tracks[60],))
    playlist = made("path", Path(ALL.tracks[5], ALL.tracks[110]), wishes)
    steps = ids(playlist)
    assert (steps[0], steps[-1]) == (5, 110)
    assert 0 < steps.index(60) < len(steps) - 1
    before, after = steps[steps.index(60) - 1], steps[steps.index(60) + 1]
    assert before < 60 < after


def test_more_asked_for_than_fits_is_all_taken_and_told() -> None:
    playlist = made("filter", Filter(), Wishes(Length(tracks=3), included=ALL.tracks[:5]))
    assert set(ids(playlist)) == set(range(5))
    assert playlist.notes == ("5 tracks instead of 3: all of them were asked for.",)


def test_what_is_asked_for_and_excluded_is_taken_and_told() -> None:
    wishes = Wishes(Length(tracks=3), included=(ALL.tracks[7],), excluded=frozenset({7, 8}))
    playlist = made("filter", Filter("bpm"), wishes)
    assert 7 in ids(playlist)
    assert "Track 7: asked for and excluded; taken." in playlist.notes


def test_diversity_makes_a_livelier_mix_of_what_is_still_alike() -> None:
    seed = Similar((Seed(ALL.tracks[60]),))
    mixes = [made("similar", seed, Wishes(Length(tracks=10), diversity=each)) for each in (0, 0.5, 1)]
    assert spread(mixes[0]) < spread(mixes[1]) < spread(mixes[2])
    assert all(60 in ids(mix) for mix in mixes)
    assert all(abs(number - 60) < 45 for number in ids(mixes[1]))


def test_no_diversity_changes_nothing() -> None:
    picks = [Pick(track, "") for track in ALL.tracks]
    assert [pick.track.id for pick in varied(picks, 0.0, 10, ALL.embeddings)] == list(range(120))


def test_a_path_has_no_room_for_diversity_and_says_so() -> None:
    playlist = made("path", Path(ALL.tracks[5], ALL.tracks[60]), Wishes(Length(tracks=5), diversity=0.5))
    assert "Diversity does not go with path, where each track follows from the others." in playlist.notes


@pytest.mark.parametrize("diversity", [-0.1, 1.1, float("nan")])
def test_a_diversity_out_of_range_is_refused(diversity: float) -> None:
    with pytest.raises(PlaylistError, match="from 0"):
        Wishes(diversity=diversity)


@given(st.integers(0, 2**32 - 1), st.integers(0, 40), st.floats(0, 1), st.booleans())
def test_ranking_again_keeps_every_pick(seed: int, n: int, diversity: float, heard: bool) -> None:
    chance = np.random.default_rng(seed)
    picks = [Pick(Track(i, FilePath(f"{i}"), f"{i}"), "", asked=i < 2) for i in range(n)]
    embeddings = Embeddings.of(np.arange(n), chance.normal(size=(n, 3))) if heard else None
    again = list(varied(iter(picks), diversity, 5, embeddings))
    assert sorted(pick.track.id for pick in again) == list(range(n))
    assert [pick.track.id for pick in again[:2]] == list(range(n))[:2]


@given(st.permutations(range(8)))
def test_what_is_put_in_goes_where_it_costs_least(numbers: list[int]) -> None:
    angles = np.linspace(0, 1.5, 9)
    space = Embeddings(np.arange(9), np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32))
    line = [Pick(Track(i, FilePath(f"{i}"), f"{i}"), "") for i in sorted(numbers[:5])]
    others = [Pick(Track(i, FilePath(f"{i}"), f"{i}"), "") for i in numbers[5:]]
    found = [pick.track.id for pick in inserted(line, others, space)]
    assert found == sorted(numbers)


def test_a_drift_of_none_stays_and_a_full_one_goes() -> None:
    def way(drift: float, seed: int) -> list[int]:
        return ids(made("flow", Flow(ALL.tracks[10], drift), Wishes(Length(tracks=20), seed=seed)))

    near, far = ([abs(way(drift, seed)[-1] - 10) for seed in range(8)] for drift in (0.0, 1.0))
    assert np.mean(near) < 20
    assert np.mean(far) > np.mean(near) + 5
    assert way(0.5, 1) == way(0.5, 1) != way(0.5, 2)


def test_a_path_among_very_many_is_as_long_as_a_walk_can_be() -> None:
    many = collection(MOST_BETWEEN + 300, n_artists=10_000)
    ends = Path(many.tracks[0], many.tracks[-1])
    for length in (Length(tracks=600), Length(seconds=600 * 240)):
        path = make_playlist("", ways()["path"], candidates=many, parameters=ends, wishes=Wishes(length))
        assert len(path.tracks) == MOST_BETWEEN + 2
        assert f"{MOST_BETWEEN + 2} tracks instead of " in path.notes[0]


def test_of_very_many_tracks_a_path_keeps_those_near_its_ends_and_some_of_all_others() -> None:
    many = collection(POOL_OF_ALL + 500)
    left = narrow(many, Path(many.tracks[0], many.tracks[-1])).tracks
    assert len(left) == POOL_OF_ALL
    assert {track.id for track in many.tracks[1:500]} <= {track.id for track in left}


def test_a_flow_goes_round_artists() -> None:
    flow = made("flow", Flow(ALL.tracks[40], 0.4), Wishes(Length(tracks=25)))
    assert sum(a.artist == b.artist for a, b in pairwise(flow.tracks)) <= 1
    assert flow.tracks[0].id == 40
    assert flow.reasons[ids(flow)[1]].count("likeness 0.") == 2
    assert flow.notes[-1].startswith("The largest step is ")
