"""The map by sound: neighbours stay neighbours, the same each time, and nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.choosing.layout import layout, neighbours, principal, squares
from essentialist.choosing.similarity import Embeddings
from essentialist.choosing.wishes import Length, Wishes
from essentialist.library import Library
from essentialist.web.sound_map import NO_KIND, Drawn, SoundMap, draw, kept, name_of
from made_up import enter_folder, extractors, make_files

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def sounds(n: int, *, kinds: int = 12) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Embeddings of so many tracks of some kinds, each a curved sheet of its own, and their kinds."""
    chance = np.random.default_rng(7)
    kind = chance.integers(0, kinds, n)
    across = chance.uniform(-1, 1, (n, 2))
    bent = np.concatenate([across, across**2], axis=1)[:, None, :]
    raw = chance.normal(size=(kinds, 60))[kind] + (bent @ chance.normal(0, 0.6, (kinds, 4, 60))[kind])[:, 0]
    return Embeddings.of(np.arange(n), raw).vectors, kind


def kept_share(vectors: NDArray[np.float32], places: NDArray[np.float32], near: int = 10) -> float:
    """Which share of the nearest tracks are among the nearest on the map."""
    by_sound = np.argsort(squares(vectors, vectors), axis=1)[:, 1 : near + 1]
    by_map = np.argsort(squares(places, places), axis=1)[:, 1 : near + 1]
    return float(
        np.mean([len(set(a) & set(b)) / near for a, b in zip(by_sound.tolist(), by_map.tolist(), strict=True)])
    )


def test_neighbours_stay_neighbours_better_than_by_two_components() -> None:
    vectors, kind = sounds(1_200)
    places = layout(vectors)
    assert kept_share(vectors, places) > kept_share(vectors, principal(vectors, 2)) + 0.1
    nearest = np.argsort(squares(places, places), axis=1)[:, 1]
    assert (kind[nearest] == kind).mean() > 0.97


def test_the_same_sounds_give_the_same_map() -> None:
    vectors, _ = sounds(300)
    assert np.array_equal(layout(vectors), layout(vectors.copy()))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 9, 30])
def test_few_tracks_have_places_too(n: int) -> None:
    vectors, _ = sounds(max(n, 1))
    places = layout(vectors[:n])
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()


def test_tracks_that_sound_the_same_have_places() -> None:
    assert np.isfinite(layout(np.ones((40, 20), np.float32))).all()


def test_neighbours_of_one_group_are_the_nearest_there_are() -> None:
    vectors, _ = sounds(200)
    found = neighbours(vectors, np.zeros(200, np.intp), vectors.mean(axis=0, keepdims=True))
    nearest = np.argsort(squares(vectors, vectors), axis=1)[:, 1 : found.shape[1] + 1]
    assert np.array_equal(np.sort(found, axis=1), np.sort(nearest, axis=1))


def library_of(tmp_path: Path, n: int) -> Library:
    """So many files that sound one way or another."""
    music = make_files(tmp_path / "Music", {f"{number}.flac": bytes([number] * 64) for number in range(n)})
    catalog = Catalog.create(tmp_path / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        enter_folder(recorder, music)
    return Library(catalog)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_of(tmp_path, 30)


def test_it_is_drawn_once_and_found_again(library: Library) -> None:
    first = SoundMap(library)
    assert first.drawn() is None
    first.wait()
    drawn = first.drawn()
    assert drawn is not None
    embeddings = library.catalog.embeddings("msd-musicnn-1")
    assert drawn.name == name_of(embeddings)
    assert np.isfinite(drawn.placed(embeddings.ids)).all()
    assert np.isnan(drawn.placed(np.array([10_000]))).all()
    written = first.file.stat().st_mtime_ns
    again = SoundMap(library)
    again.drawn()
    again.wait()
    assert again.drawn() is not None
    assert first.file.stat().st_mtime_ns == written


def drawn_of(library: Library) -> Drawn:
    """The map, drawn."""
    sounding = SoundMap(library)
    sounding.drawn()
    sounding.wait()
    drawn = sounding.drawn()
    assert drawn is not None
    return drawn


def test_the_kinds_are_those_of_the_mixes(tmp_path: Path) -> None:
    library = library_of(tmp_path, 60)
    made, drawn = library.mixes(wishes=Wishes(Length())), drawn_of(library)
    assert drawn.kinds == tuple(mix.title for mix in made)
    assert len(made) > 1
    for number, mix in enumerate(made):
        assert set(drawn.sorted(np.array([track.id for track in mix.tracks]))) == {number}
    assert drawn.sorted(np.array([10_000])).tolist() == [NO_KIND]


def test_a_judgement_changes_the_kinds_and_draws_no_new_map(library: Library) -> None:
    before = drawn_of(library)
    library.judge(3, liked=False)
    after = drawn_of(library)
    assert (after.name, after.kinds_name == before.kinds_name) == (before.name, False)
    assert after.sorted(np.array([3])).tolist() == [NO_KIND]
    library.heard(4, 1e9)
    assert drawn_of(library).kinds_name == after.kinds_name


def test_without_embeddings_there_are_no_kinds(tmp_path: Path) -> None:
    drawn = drawn_of(Library(Catalog.create(tmp_path / "catalog.db")))
    assert (drawn.kinds, len(drawn.ids)) == ((), 0)


def test_what_cannot_be_drawn_is_told_and_nobody_waits(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    library.catalog.path.write_bytes(b"no catalogue")
    sounding = SoundMap(library)
    sounding.drawn()
    sounding.wait()
    assert sounding.drawn() is None
    assert not sounding.is_drawing
    assert "the map by sound is not drawn" in caplog.text


def test_a_damaged_file_is_drawn_again(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "damaged.npz"
    for content in (b"", b"PK\x03\x04 no archive", b"\x80\x04 a pickle"):
        file.write_bytes(content)
        assert kept(file) is None
        draw(library.catalog.path, file)
        assert kept(file) is not None
