import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from essentialist.choosing.similarity import Embeddings, nearest, ranked
from essentialist.errors import PlaylistError, UnknownTrack


def clusters(n_each: int = 20, n_clusters: int = 4, spread: float = 0.2, seed: int = 0) -> Embeddings:
    """Tracks 0..n_each-1 are the first cluster, and so on; all share a direction, as those of a network do."""
    chance = np.random.default_rng(seed)
    centres = np.eye(n_clusters, 16, dtype=np.float32)
    vectors = centres.repeat(n_each, axis=0) + chance.normal(0, spread, (n_each * n_clusters, 16)) + 2.0
    return Embeddings.of(np.arange(n_each * n_clusters), vectors)


def test_neighbours_come_from_the_same_cluster_best_first() -> None:
    found = nearest(clusters(), 3, 10)
    assert set(found.ids // 20) == {0}
    assert 3 not in found.ids
    assert list(found.similarities) == sorted(found.similarities, reverse=True)


def test_the_search_is_exact() -> None:
    embeddings = clusters(seed=5)
    cosines = embeddings.vectors.astype(np.float64) @ embeddings.vectors[7]
    cosines[7] = -np.inf
    assert list(nearest(embeddings, 7, 12).ids) == list(embeddings.ids[np.argsort(-cosines)[:12]])


def test_the_shared_direction_is_taken_out() -> None:
    embeddings = clusters()
    cosines = embeddings.vectors @ embeddings.vectors.T
    assert abs(cosines[:20, 20:].mean()) < 0.3
    assert cosines[:20, :20].mean() > 0.4


def test_a_collection_of_one_or_two_keeps_a_meaning() -> None:
    assert np.linalg.norm(Embeddings.of([4], [[1.0, 2.0]]).vectors) == pytest.approx(1)
    alike = Embeddings.of([1, 2], [[1.0, 2.0, 0.1], [1.0, 2.1, 0.0]])
    assert nearest(alike, 1, 1).similarities[0] > 0.9


def test_ids_may_come_in_any_order() -> None:
    chance = np.random.default_rng(2)
    vectors = chance.normal(size=(30, 8))
    shuffled = chance.permutation(30)
    straight, mixed = Embeddings.of(np.arange(30), vectors), Embeddings.of(shuffled, vectors[shuffled])
    assert list(nearest(straight, 4, 29).ids) == list(nearest(mixed, 4, 29).ids)


def test_equal_tracks_are_in_order_of_their_ids() -> None:
    vectors = np.tile(np.random.default_rng(0).normal(size=200), (50, 1))
    vectors[:10] += np.random.default_rng(1).normal(size=(10, 200))
    found = nearest(Embeddings.of(np.arange(50), vectors), 20, 5)
    assert list(found.ids) == [10, 11, 12, 13, 14]


def test_excluded_tracks_and_seeds_never_come_back() -> None:
    embeddings = clusters()
    found = nearest(embeddings, {0: 1, 25: 1}, 80, unlike={70: 1}, exclude=range(1, 10))
    assert set(found.ids.tolist()) == set(range(80)) - {0, 25, 70} - set(range(1, 10))


def test_asking_for_more_than_there_is_gives_what_there_is() -> None:
    assert len(nearest(clusters(3, 2), 0, 100).ids) == 5
    assert len(nearest(clusters(3, 2), 0, 0).ids) == 0


def test_every_seed_is_heard_even_beside_a_denser_neighbourhood() -> None:
    chance = np.random.default_rng(0)
    dense = np.eye(1, 16)[0] + chance.normal(0, 0.05, (200, 16))
    sparse = np.eye(2, 16)[1] + chance.normal(0, 0.6, (20, 16))
    embeddings = Embeddings.of(np.arange(220), np.vstack([dense, sparse]))
    found = nearest(embeddings, {0: 1, 200: 1}, 10).ids
    assert np.count_nonzero(found < 200) == 5
    assert np.count_nonzero(found >= 200) == 5


def test_weights_are_shares() -> None:
    found = nearest(clusters(), {0: 3, 25: 1}, 12).ids
    assert np.count_nonzero(found < 20) == 9
    assert np.count_nonzero((found >= 20) & (found < 40)) == 3


def test_unlike_pushes_away() -> None:
    chance = np.random.default_rng(3)
    left, right = np.eye(2, 12)
    between = left + 0.7 * right + chance.normal(0, 0.05, (20, 12))
    own = left + chance.normal(0, 0.3, (20, 12)) * (np.arange(12) > 1)
    others = chance.normal(0, 1, (300, 12))
    embeddings = Embeddings.of(np.arange(342), np.vstack([left, right, between, own, others]))

    def likeness_to_right(found: NDArray[np.int64]) -> float:
        return float((embeddings.vectors[found] @ embeddings.vectors[1]).mean())

    plain, pushed = nearest(embeddings, 0, 10, exclude=[1]).ids, nearest(embeddings, 0, 10, unlike={1: 1}).ids
    assert likeness_to_right(pushed) < likeness_to_right(plain) - 0.1


def test_only_unlike_ranks_the_most_different_first() -> None:
    found = [neighbour.id for neighbour in ranked(clusters(), {}, unlike={0: 1})]
    assert all(track_id < 20 for track_id in found[-15:])


def test_a_seed_without_embedding_is_named() -> None:
    with pytest.raises(UnknownTrack, match=r"Track 999 .*analyze"):
        nearest(clusters(), 999, 3)


@pytest.mark.parametrize(("like", "unlike"), [({}, {}), ({1: 0.0}, {}), ({1: 1.0}, {2: -1.0})])
def test_senseless_seeds_are_refused(like: dict[int, float], unlike: dict[int, float]) -> None:
    with pytest.raises(PlaylistError):
        nearest(clusters(), like, 3, unlike=unlike)


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [([1, 2], [[1.0]]), ([1, 1], [[1.0], [2.0]]), ([1], [[np.nan]]), ([1], [1.0])],
)
def test_malformed_embeddings_are_refused(ids: list[int], vectors: list[object]) -> None:
    with pytest.raises(ValueError, match=r"ids"):
        Embeddings.of(ids, vectors)  # type: ignore[arg-type]


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 3), st.integers(0, 70))
def test_the_first_of_a_ranking_are_the_nearest(seed: int, n: int, n_seeds: int, wanted: int) -> None:
    chance = np.random.default_rng(seed)
    embeddings = Embeddings.of(np.arange(n), chance.integers(-2, 3, (n, 3)))  # coarse: many ties
    like = {int(track_id): 1.0 for track_id in chance.permutation(n)[:n_seeds]}
    everything = [neighbour.id for neighbour in ranked(embeddings, like)]
    assert list(nearest(embeddings, like, wanted).ids) == everything[:wanted]
    assert sorted([*everything, *like]) == list(range(n))
