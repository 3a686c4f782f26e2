from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.choosing.cluster_names import names
from essentialist.choosing.clustering import clusters
from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import PlaylistError
from essentialist.evaluation._quality import adjusted_rand
from essentialist.evaluation._synthetic import N_KINDS, synthetic
from essentialist.playlists import Candidates, make_playlist, ways
from essentialist.playlists.clusters import Clusters, kinds, mixes
from essentialist.track import Track, Value

CANDIDATES, KINDS = synthetic()


def test_the_kinds_of_a_collection_are_found_and_counted() -> None:
    space = CANDIDATES.space()
    found = clusters(space.vectors)
    assert len(found.centres) == N_KINDS
    assert adjusted_rand(found.labels, KINDS) > 0.95
    assert list(np.bincount(found.labels)) == sorted(np.bincount(found.labels), reverse=True)
    assert found.silhouette is not None
    assert 0 < found.silhouette < 1


def test_the_kinds_stay_when_a_tenth_of_the_collection_goes() -> None:
    chance, space = np.random.default_rng(3), CANDIDATES.space()
    rows = np.sort(chance.permutation(len(KINDS))[: len(KINDS) * 9 // 10])
    whole, part = clusters(space.vectors), clusters(space.vectors[rows])
    assert adjusted_rand(whole.labels[rows], part.labels) > 0.9


@given(st.integers(1, 40), st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_any_tracks_can_be_grouped(n: int, seed: int, k: int) -> None:
    chance = np.random.default_rng(seed)
    vectors = chance.integers(-1, 2, (n, 3)).astype(np.float32)  # many are equal, some are nowhere
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)
    found = clusters(vectors, k, seed=seed)
    assert len(found.centres) <= min(n, k)
    assert set(found.labels.tolist()) == set(range(len(found.centres)))
    assert found.labels.shape == found.likeness.shape == (n,)
    again = clusters(vectors, k, seed=seed)
    assert (again.labels == found.labels).all()


@pytest.mark.parametrize(("n", "most"), [(1, 1), (7, 1), (20, 2), (45, 5), (200, 12)])
def test_a_small_collection_has_few_kinds(n: int, most: int) -> None:
    vectors = np.random.default_rng(n).normal(size=(n, 20)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert 1 <= len(clusters(vectors).centres) <= most


def test_agreement_of_partitions() -> None:
    """By the definition, and a value published for it: Steinley, Properties of the Hubert-Arabie index, 2004."""
    assert adjusted_rand([0, 0, 1, 1], ["b", "b", "a", "a"]) == 1
    assert adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]) == pytest.approx(0.571, abs=0.001)
    assert abs(adjusted_rand(np.arange(600) % 5, np.random.default_rng(0).integers(0, 5, 600))) < 0.02


def group(n: int, **values: Value) -> list[Track]:
    return [Track(number, Path(f"{number}"), f"{number}", values=values) for number in range(n)]


def test_a_kind_is_named_by_what_sets_it_apart() -> None:
    calm = group(5, arousal=2.0, tags={"music": 0.9, "piano": 0.6}, styles={"Electronic---Ambient": 0.5})
    loud = group(5, arousal=7.0, tags={"music": 0.9, "metal": 0.7, "rock": 0.4})
    assert names([calm, loud]) == ("calm piano, ambient", "lively metal, rock")


def test_kinds_without_words_have_different_names() -> None:
    assert names([group(3), group(2)]) == ("mixed", "mixed 2")


def test_a_mix_of_each_kind_changes_with_the_seed_and_the_kinds_do_not() -> None:
    parameters, wishes = Clusters(), Wishes(Length(tracks=10))
    first, second = (mixes(CANDIDATES, parameters, replace(wishes, seed=seed)) for seed in (1, 2))
    assert [mix.title for mix in first] == [mix.title for mix in second]
    assert len({mix.title for mix in first}) == len(first) == N_KINDS
    kind_of = dict(enumerate(KINDS.tolist()))
    for mix, other in zip(first, second, strict=True):
        assert len(mix.tracks) == 10
        assert len({kind_of[track.id] for track in (*mix.tracks, *other.tracks)}) == 1
        assert {track.id for track in mix.tracks} != {track.id for track in other.tracks}
        assert all(f'of the kind "{mix.title}", ' in reason for reason in mix.reasons.values())


def test_one_kind_as_a_playlist() -> None:
    third = kinds(CANDIDATES, Clusters())[2]
    wishes = Wishes(Length(tracks=5), seed=4)
    made = make_playlist("Third", ways()["clusters"], candidates=CANDIDATES, parameters=Clusters(3), wishes=wishes)
    assert {track.id for track in made.tracks} < {track.id for track in third.tracks}
    assert all(third.name in reason for reason in made.reasons.values())


def test_mixes_have_nothing_that_is_excluded() -> None:
    out = frozenset(track.id for track in CANDIDATES.tracks[::2])
    made = mixes(CANDIDATES, Clusters(), Wishes(Length(tracks=40), excluded=out))
    assert len(made) == N_KINDS
    assert not out & {track.id for mix in made for track in mix.tracks}


def test_tracks_that_cannot_be_compared_have_no_kind() -> None:
    strangers = tuple(replace(track, id=track.id + 10_000) for track in CANDIDATES.tracks[:3])
    with pytest.raises(PlaylistError, match="None of these tracks can be compared"):
        kinds(Candidates(strangers, CANDIDATES.embeddings), Clusters())
    with pytest.raises(PlaylistError, match="analyze"):
        kinds(Candidates(strangers), Clusters())
