"""A studio without the music: a folder with the catalogue, the clips and an entry, for a host that runs Streamlit.

studio.py                   the entry: `streamlit run studio.py`
catalog.db, catalog.clips/  what was heard, and 30 s of each track
recipes/                    one's own playlists
requirements.txt, .streamlit/config.toml, README.md
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import tomli_w

from essentialist.atomic import replacement
from essentialist.catalogue import sources
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.publishing import publish as publish_catalogue
from essentialist.errors import ExportError
from essentialist.hearing.clips import Clips
from essentialist.library import Library
from essentialist.recipes.publishing import publish as publish_recipes
from essentialist.recipes.shelf import toml_files
from essentialist.settings import Settings
from essentialist.web.look import PRIVATE, THEME
from essentialist.web.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from essentialist.recipes.publishing import Shown

CATALOG: Final = "catalog.db"
ENTRY: Final = "studio.py"
RECIPES: Final = "recipes"
FILES: Final = {
    ENTRY: '''"""The studio of a published collection, for looking and hearing: `streamlit run studio.py`."""

from pathlib import Path

import streamlit as st

from essentialist.web.published import options
from essentialist.web.serve import parts

app = st.App(**parts(options(Path(__file__).parent)))
''',
    "requirements.txt": """# An address of the repository, or a wheel beside this file.
essentialist[web]
""",
    "README.md": """# A published collection

A studio for looking and hearing: what was measured of each track, 30 seconds of it, and playlists of them. The music
itself is not here.

    pip install -r requirements.txt
    streamlit run studio.py

Nothing can be changed by visitors. Publish again into the same folder to bring it up to date. The clips are parts of
recordings: publish only what you may.
""",
}


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: how many tracks, how many of them can be heard, and which playlists."""

    folder: Path
    n_tracks: int
    n_clips: int
    playlists: Shown


def options(folder: Path) -> Options:
    """How a published folder is shown: to everybody, and nothing can be changed."""
    settings = Settings(catalog=folder / CATALOG, workers=1, recipes=folder / RECIPES)
    return Options(settings, read_only=True, previews="clips", is_public=True)


def publish(
    library: Library,
    folder: Path,
    query: str = "",
    *,
    recipes: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Published:
    """Write the folder, or bring it up to date; clips that are there already are not copied again.

    `recipes` is the folder of the playlists that go with it, None for none; `progress` is told how many of how many
    clips are done. Raises QueryError, and ExportError for a folder that holds something else or cannot be written.
    """
    fingerprints = sources.fingerprints(library.catalog, library.clause(query))
    if folder.exists() and any(folder.iterdir()) and not (folder / ENTRY).is_file():
        raise ExportError(f"{folder} holds something else: publish to a new folder.")
    try:
        (folder / ".streamlit").mkdir(parents=True, exist_ok=True)
        for name, text in FILES.items():
            _put(folder / name, text)
        _put(folder / ".streamlit" / "config.toml", tomli_w.dumps(nested({**PRIVATE, **THEME})))
        publish_catalogue(library.catalog, folder / CATALOG, fingerprints)
        n_clips = _copy_clips(Clips(library.catalog.path), Clips(folder / CATALOG), fingerprints.values(), progress)
        there = Library(Catalog(folder / CATALOG))
        own = toml_files(recipes) if recipes else {}
        playlists = publish_recipes(own, library, there, folder / RECIPES)
    except OSError as error:
        raise ExportError(f"Cannot publish to {folder}: {error.strerror}. Free some space or name another.") from error
    return Published(folder, len(fingerprints), n_clips, playlists)


def _copy_clips(
    here: Clips, there: Clips, fingerprints: Collection[bytes], progress: Callable[[int, int], None] | None
) -> int:
    """Copy what is not there yet, and sweep out what is published no more; how many there are."""
    for n_done, fingerprint in enumerate(fingerprints, 1):
        clip = here.find(fingerprint)
        if clip is not None and there.find(fingerprint) is None:
            with replacement(there.place(fingerprint)) as copy, clip.open("rb") as source:
                shutil.copyfileobj(source, copy)
        if progress is not None:
            progress(n_done, len(fingerprints))
    there.sweep(frozenset(fingerprints))
    return sum(there.find(fingerprint) is not None for fingerprint in fingerprints)


def _put(path: Path, text: str) -> None:
    with replacement(path) as file:
        file.write(text.encode())


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by dotted names as tables within tables."""
    tables: dict[str, Any] = {}
    for name, value in values.items():
        *places, last = name.split(".")
        table = tables
        for place in places:
            table = table.setdefault(place, {})
        table[last] = value
    return tables
