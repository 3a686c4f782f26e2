"""Presets: each can be read, says what it is, and gives a sensible list on any collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist.library import Library
from essentialist.recipes.reading import document_of, parse
from essentialist.recipes.shelf import PRESETS, Shelf, slug
from kept import library as made_library

if TYPE_CHECKING:
    from essentialist.playlist import Playlist

NAMES = sorted(path.stem for path in PRESETS.glob("*.toml"))
CLIPS = Path(__file__).resolve().parents[1].parent / "shared" / "music"
FEWEST = 10


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return made_library(tmp_path_factory.mktemp("presets"), 120)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Library:
    if not CLIPS.is_dir():
        pytest.skip("the 45 clips of ../shared/music are not here")
    library = Library.open(tmp_path_factory.mktemp("clips") / "catalog.db")
    library.analyze(CLIPS)
    return library


def make(library: Library, name: str) -> Playlist:
    path = PRESETS / f"{name}.toml"
    return library.make(parse(path.read_text(encoding="utf-8"), path, library.catalog, library.fields()))


def test_they_are_what_people_would_look_for(tmp_path: Path) -> None:
    wanted = {"focus", "workout", "dinner", "sunday-morning", "road-trip", "falling-asleep", "party", "melancholy"}
    assert wanted <= {*NAMES}
    assert len(NAMES) >= 12
    for each in Shelf(tmp_path).listed():
        assert each.is_preset
        assert each.problem is None
        assert slug(each.title) == each.name
        assert each.about.endswith(".")
        assert 20 < len(each.about) < 100


@pytest.mark.parametrize("name", NAMES)
def test_each_is_explained_with_its_query(name: str) -> None:
    page = (Path(__file__).parents[1] / "docs" / "recipes.md").read_text(encoding="utf-8")
    path = PRESETS / f"{name}.toml"
    document = document_of(path.read_text(encoding="utf-8"), path)
    assert f"| `{name}` | {document['about']} | `{document.get('query', 'not_recently_played')}" in page


@pytest.mark.parametrize("name", NAMES)
def test_each_gives_a_list_on_a_made_up_collection(made_up: Library, name: str) -> None:
    playlist = make(made_up, name)
    assert len(playlist.tracks) >= FEWEST
    assert len(playlist.tracks) < 120
    assert all(playlist.reasons[track.id] for track in playlist.tracks)
    assert playlist == make(made_up, name)


@pytest.mark.parametrize(
    ("name", "field", "sign"),
    [
        ("falling-asleep", "arousal", -1),
        ("melancholy", "valence", -1),
        ("good-mood", "valence", 1),
        ("party", "danceability", 1),
        ("workout", "arousal", 1),
        ("focus", "voice", -1),
    ],
)
def test_each_leans_the_way_its_name_says(made_up: Library, name: str, field: str, sign: int) -> None:
    chosen = [track.number(field) or 0 for track in make(made_up, name).tracks]
    everything = [track.number(field) or 0 for track in made_up.tracks()]
    assert sign * (np.mean(chosen) - np.mean(everything)) > 0.25 * np.std(everything)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_gives_ten_of_45_clips_or_says_why_not(clips: Library, name: str) -> None:
    """Slow: listens to the clips first."""
    playlist = make(clips, name)
    assert len(playlist.tracks) >= FEWEST or playlist.notes
