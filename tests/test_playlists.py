from collections import Counter
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass
from itertools import pairwise
from pathlib import Path as FilePath

import numpy as np
import pytest

from essentialist.choosing.similarity import Embeddings
from essentialist.choosing.wishes import Length, Pick, Wishes
from essentialist.errors import PlaylistError, UnknownTrack
from essentialist.playlist import Playlist
from essentialist.playlists import Candidates, Seed, Way, make_playlist, options, param, ways
from essentialist.playlists.clusters import Clusters
from essentialist.playlists.filter import Filter
from essentialist.playlists.flow import Flow
from essentialist.playlists.listed import WAY as LISTED
from essentialist.playlists.listed import Listed
from essentialist.playlists.path import Path
from essentialist.playlists.similar import Similar
from essentialist.track import Track

FILTER, SIMILAR, PATH = ways()["filter"], ways()["similar"], ways()["path"]
FLOW, CLUSTERS = ways()["flow"], ways()["clusters"]


def collection(n: int = 120, n_artists: int = 40) -> Candidates:
    """Tracks that change little by little from 0 to n - 1, as a chain of sounds; four minutes each, more or less."""
    chance = np.random.default_rng(0)
    place = np.linspace(0, 10, n)[:, None]
    vectors = np.exp(-((place - np.arange(11)) ** 2) / 2) + chance.normal(0, 0.02, (n, 11))
    tracks = tuple(
        Track(
            number,
            FilePath(f"{number}.flac"),
            f"Track {number}",
            f"Artist {chance.integers(n_artists)}",
            duration=float(chance.uniform(180, 300)),
            values={"bpm": float(100 + number % 50), "arousal": 1 + 8 * number / n},
        )
        for number in range(n)
    )
    return Candidates(tracks, Embeddings.of([track.id for track in tracks], vectors))


ALL = collection()


def ids(playlist: Playlist) -> list[int]:
    return [track.id for track in playlist.tracks]


def like(*numbers: int, **others: object) -> Similar:
    return Similar(like=tuple(Seed(ALL.tracks[number]) for number in numbers), **others)  # type: ignore[arg-type]


def along(start: int, end: int) -> Path:
    return Path(ALL.tracks[start], ALL.tracks[end])


def test_every_way_keeps_the_contract() -> None:
    assert list(ways()) == ["clusters", "filter", "flow", "listed", "path", "similar"]
    for way in ways().values():
        assert way.title
        assert is_dataclass(way.parameters)
        parameters = way.parameters()  # every parameter has a default
        for option in options(way):
            assert option.help
            assert getattr(parameters, option.name) == option.default
            with pytest.raises(FrozenInstanceError):
                setattr(parameters, option.name, option.default)


def test_what_is_listed_comes_in_its_order_whatever_the_artists() -> None:
    listed = Listed(tuple(Seed(ALL.tracks[number]) for number in (40, 7, 8, 300 % len(ALL.tracks))))
    candidates = ALL.without({ALL.tracks[7].id})
    made = make_playlist(
        "A", LISTED, candidates=candidates, parameters=listed, wishes=Wishes(Length(), max_per_artist=1)
    )
    assert ids(made) == [seed.track.id for seed in listed.tracks if seed.track.id != ALL.tracks[7].id]
    with pytest.raises(PlaylistError, match="Name at least one with --tracks"):
        make_playlist("A", LISTED, candidates=ALL, parameters=Listed())


@pytest.mark.parametrize(
    ("way", "parameters"),
    [
        (FILTER, Filter()),
        (FILTER, Filter("-bpm")),
        (SIMILAR, like(5, 90)),
        (SIMILAR, like(5, alike="sound:2, tempo")),
        (PATH, along(3, 99)),
        (FLOW, Flow(ALL.tracks[20], 0.5)),
        (CLUSTERS, Clusters(n_clusters=3)),
    ],
)
@pytest.mark.parametrize("length", [Length(tracks=12), Length(seconds=3600)])
def test_every_way_keeps_the_wishes(way: Way, parameters: object, length: Length) -> None:
    wishes = Wishes(length, max_per_artist=1, excluded=frozenset({4, 50, 51}), seed=3)
    playlist = make_playlist("A", way, candidates=ALL, parameters=parameters, wishes=wishes)
    assert len(set(ids(playlist))) == len(playlist.tracks) > 8
    assert not {4, 50, 51} & set(ids(playlist))
    assert set(playlist.reasons) == set(ids(playlist))
    assert all(playlist.reasons.values())
    assert max(Counter(track.artist for track in playlist.tracks).values()) == 1
    if length.tracks:
        assert len(playlist.tracks) == length.tracks
    else:
        assert playlist.duration == pytest.approx(3600, rel=0.02)
    again = Candidates(ALL.tracks, ALL.embeddings)
    assert playlist == make_playlist("A", way, candidates=again, parameters=parameters, wishes=wishes)


def test_a_ranking_takes_the_most_first() -> None:
    playlist = make_playlist(
        "Fast", FILTER, candidates=ALL, parameters=Filter("-bpm"), wishes=Wishes(Length(tracks=4)), order="as-is"
    )
    assert [track.number("bpm") for track in playlist.tracks] == [149, 149, 148, 148]
    assert playlist.reasons[playlist.tracks[0].id] == "bpm 149, highest of 120"
    assert playlist.reasons[playlist.tracks[2].id] == "bpm 148, 3rd highest of 120"


def test_a_sample_depends_on_the_seed() -> None:
    samples = [make_playlist("Any", FILTER, candidates=ALL, wishes=Wishes(seed=seed)) for seed in (1, 1, 2)]
    assert ids(samples[0]) == ids(samples[1])
    assert set(ids(samples[0])) != set(ids(samples[2]))
    assert "by chance, of 120 that match" in samples[0].reasons[ids(samples[0])[0]]


def test_like_a_track_gives_its_surroundings_and_says_so() -> None:
    playlist = make_playlist("Like", SIMILAR, candidates=ALL, parameters=like(60), wishes=Wishes(Length(tracks=10)))
    assert 60 in ids(playlist)
    assert all(abs(number - 60) < 25 for number in ids(playlist))
    reasons = [reason for number, reason in playlist.reasons.items() if number != 60]
    assert sum(reason.startswith("closest in sound to Track 60, 0.9") for reason in reasons) == 1
    assert any(" BPM after " in reason for reason in reasons)


def test_seeds_outside_the_query_steer_and_stay_out() -> None:
    query = ALL.without(range(60))
    playlist = make_playlist("Like", SIMILAR, candidates=query, parameters=like(55), wishes=Wishes(Length(tracks=5)))
    assert 55 not in ids(playlist)
    assert all(60 <= number < 85 for number in ids(playlist))


def test_seeds_can_be_left_out() -> None:
    playlist = make_playlist("Like", SIMILAR, candidates=ALL, parameters=like(60, include=False))
    assert 60 not in ids(playlist)


def test_unlike_steers_away() -> None:
    away = like(60, unlike=(Seed(ALL.tracks[75], 2.0),))
    wishes = Wishes(Length(tracks=12))
    plain = make_playlist("Like", SIMILAR, candidates=ALL, parameters=like(60), wishes=wishes)
    pushed = make_playlist("Like", SIMILAR, candidates=ALL, parameters=away, wishes=wishes)
    assert np.mean(ids(pushed)) < np.mean(ids(plain)) - 3


def test_a_path_leads_from_one_end_to_the_other_in_even_steps() -> None:
    playlist = make_playlist("Way", PATH, candidates=ALL, parameters=along(2, 117), wishes=Wishes(Length(tracks=12)))
    steps = ids(playlist)
    assert (steps[0], steps[-1], len(steps)) == (2, 117, 12)
    assert np.corrcoef(steps, range(12))[0, 1] > 0.98
    vectors = ALL.embeddings.vectors[steps] if ALL.embeddings else np.empty(0)
    jumps = np.linalg.norm(np.diff(vectors, axis=0), axis=1)
    assert jumps.max() < 2 * np.median(jumps)
    assert playlist.reasons[steps[3]].startswith("on the way from Track 2 to Track 117; likeness 0.")
    assert playlist.notes == (
        f"The largest step is {jumps.max():.2f}, the mean {jumps.mean():.2f}, {jumps.max() / jumps.mean():.1f} times as"
        " large; unrelated tracks are 1.41 apart.",
    )


def test_neighbours_on_a_path_are_by_different_artists() -> None:
    few = collection(n_artists=5)
    playlist = make_playlist(
        "Way", PATH, candidates=few, parameters=Path(few.tracks[2], few.tracks[110]), wishes=Wishes(Length(tracks=14))
    )
    assert all(a.artist != b.artist for a, b in pairwise(playlist.tracks))
    assert max(Counter(track.artist for track in playlist.tracks).values()) == 3


def test_a_path_through_too_few_tracks_is_short_and_says_so() -> None:
    few = Candidates(ALL.tracks[:6], ALL.embeddings)
    playlist = make_playlist("Way", PATH, candidates=few, parameters=along(0, 5))
    assert ids(playlist)[0] == 0
    assert ids(playlist)[-1] == 5
    assert len(playlist.tracks) == 6
    assert playlist.notes[0] == "6 tracks instead of 25: no more fit the wishes."


@pytest.mark.parametrize("n", [2, 3])
def test_the_shortest_paths(n: int) -> None:
    playlist = make_playlist("Way", PATH, candidates=ALL, parameters=along(10, 30), wishes=Wishes(Length(tracks=n)))
    assert len(playlist.tracks) == n
    assert all(10 <= number <= 30 for number in ids(playlist))


@pytest.mark.parametrize(
    ("way", "parameters", "message"),
    [
        (SIMILAR, Similar(), "Name at least one"),
        (PATH, Path(), "two different tracks"),
        (PATH, along(3, 3), "two different tracks"),
        (FILTER, Filter("-bmp"), "bpm"),
        (FLOW, Flow(), "a track to begin with"),
        (FLOW, Flow(ALL.tracks[0], 1.5), "drift is 1.5. Give a number from 0 to 1"),
        (CLUSTERS, Clusters(4, 3), "There are 3 kinds of music among these tracks. Give a cluster from 1 to 3"),
        (SIMILAR, like(1, alike="sond"), "did you mean 'sound'"),
        (SIMILAR, like(1, alike="loud!"), "does not say what should be alike"),
        (SIMILAR, like(1, alike="mood:0"), "a weight above 0"),
        (SIMILAR, like(1, alike="tags"), "No track has tags"),
        (FILTER, Similar(), "takes Filter"),
    ],
)
def test_impossible_parameters_say_the_remedy(way: Way, parameters: object, message: str) -> None:
    with pytest.raises(PlaylistError, match=message):
        make_playlist("No", way, candidates=ALL, parameters=parameters)


def test_without_embeddings_or_candidates_the_remedy_is_named() -> None:
    with pytest.raises(PlaylistError, match="analyze"):
        make_playlist("No", SIMILAR, candidates=Candidates(ALL.tracks), parameters=like(1))
    with pytest.raises(PlaylistError, match="Widen the query"):
        make_playlist("No", FILTER, candidates=Candidates(()))
    with pytest.raises(PlaylistError, match="Widen the query"):
        make_playlist("No", FILTER, candidates=ALL, wishes=Wishes(excluded=frozenset(range(120))))
    with pytest.raises(PlaylistError, match=r"No track meets the wishes. 0.0 min instead of 1"):
        make_playlist("No", FILTER, candidates=ALL, wishes=Wishes(Length(seconds=60)))
    stranger = Track(999, FilePath("999.mp3"), "Not analysed")
    with pytest.raises(UnknownTrack, match="999"):
        make_playlist("No", SIMILAR, candidates=ALL, parameters=Similar(like=(Seed(stranger),)))


@dataclass(frozen=True)
class Every:
    """Parameters of a way that is one file: every nth track."""

    nth: int = param("number", 2, "take every so many", minimum=1, maximum=50)


def every(candidates: Candidates, parameters: Every, wishes: Wishes) -> list[Pick]:
    return [Pick(track, f"every {parameters.nth}") for track in candidates.tracks[:: parameters.nth]]


def test_a_new_way_needs_its_parameters_and_its_choice_only() -> None:
    way = Way("every", "Every so many", Every, every, order="as-is")
    assert [field.name for field in fields(Every)] == [option.name for option in options(way)]
    assert ids(make_playlist("E", way, candidates=ALL, parameters=Every(30))) == [0, 30, 60, 90]
    with pytest.raises(PlaylistError, match=r"nth is 0. Give a number from 1 to 50."):
        make_playlist("E", way, candidates=ALL, parameters=Every(0))
