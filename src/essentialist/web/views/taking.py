"""Tracks to take along: in any format, for any player, named as the files are on the visitor's own device.

What is asked stands in the address of the download and nowhere else, so that what is looked at is what is downloaded.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast, get_args
from urllib.parse import quote, urlencode

from essentialist.copying import Wanted
from essentialist.copying.names import safe
from essentialist.copying.planning import plan
from essentialist.errors import ExportError, PlaylistError, QueryError
from essentialist.exports import WHY, Table, exporter_for, exporters, tables, with_reasons
from essentialist.locations import PathMapping, PathStyle, path_mapping
from essentialist.playlist import Playlist
from essentialist.profiles import GENERIC, RELATIVE, profile
from essentialist.recipes.shelf import shelved
from essentialist.web.views import explore, shelf
from essentialist.web.views.ids import read_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from essentialist.copying import Plan
    from essentialist.exports import Exporter
    from essentialist.spelling import Spelling
    from essentialist.web.collection import Collection
    from essentialist.web.studio import Studio
    from essentialist.web.views.drafts import Draft
    from essentialist.web.views.state import State

MOST_NAMED: Final = 1_500  # ids that an address may name
LONGEST: Final = 36  # characters of a draft's title that its file has
N_LINES: Final = 12  # that are looked at
PATHS: Final = {
    "": "as the player reads them best",
    "relative": "relative: the list lies in the music folder",
    "absolute": "absolute: where the files lie",
    "uri": "file:// addresses",
}
PLACELESS: Final = frozenset({".m3u8", ".m3u", ".pls", ".xspf", ".jspf"})  # that can leave out where the music lies


@dataclass(frozen=True, slots=True)
class Take:
    """What is taken along, and how: a recipe by its name, or under that name `ids`, or what was `found` on Explore.

    `maps` say where the music folders are on the device, as FROM=TO, FROM being the number of a folder.
    """

    name: str
    suffix: str = ".m3u8"
    player: str = GENERIC
    paths: str = ""
    maps: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    found: State | None = None

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return safe(self.name, self.suffix)

    @property
    def address(self) -> str:
        """Where it is downloaded from, below the studio's `api/`."""
        asked = {"player": self.player, "paths": self.paths, "ids": ",".join(map(str, self.ids))}
        said = [(key, value) for key, value in asked.items() if value and value != GENERIC]
        explored = {} if self.found is None else {"q": "", **replace(self.found, page=1).address()}
        query = urlencode([*explored.items(), *said, *(("map", each) for each in self.maps)])
        path = f"playlist/{quote(self.file_name, safe='')}"
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to download, and what of the playlist it could not say."""

    content: bytes
    mime: str
    left_out: tuple[str, ...] = ()

    @property
    def first_lines(self) -> str:
        """How it begins, for a look."""
        return "\n".join(self.content[:20_000].decode(errors="replace").splitlines()[:N_LINES])


def take_of(draft: Draft) -> Take:
    """A draft to take along, by its tracks; PlaylistError where they are too many for an address."""
    if len(draft.ids) > MOST_NAMED:
        raise PlaylistError(f"Save the draft first: without a name, at most {MOST_NAMED:,} tracks are taken along.")
    return Take(safe(draft.title[:LONGEST] or "Playlist"), ids=draft.ids)


def formats(studio: Studio) -> dict[str, str]:
    """Every format by its suffix, with its title; where nobody is told where the music lies, those that need not."""
    every: list[Exporter | Table] = [*exporters(), *tables()]
    return {each.suffix: each.title for each in every if not studio.options.read_only or each.suffix in PLACELESS}


def number_of(studio: Studio, take: Take, playlist: Playlist) -> int:
    """How many tracks are taken along, of which the playlist may be the first."""
    return len(playlist.tracks) if take.found is None else len(_explored(studio.collection(), take.found))


def playlist_of(studio: Studio, take: Take, most: int | None = None) -> Playlist:
    """The tracks that are taken along, of those that were found the first `most`.

    Raises RecipeError where no recipe has this name, QueryError for a query that is none.
    """
    if take.found is not None:
        here = studio.collection()
        return Playlist(take.name, tuple(explore.tracks_of(here, _explored(here, take.found)[:most])))
    if not take.ids:
        path = shelf.shelf(studio).named(take.name)
        return Playlist(shelved(path.stem, path).title, shelf.tracks_of(studio, path.stem))
    tracks = studio.library.catalog.with_ids(take.ids)
    return Playlist(take.name, tuple(tracks[each] for each in take.ids if each in tracks))


def _explored(here: Collection, state: State) -> NDArray[np.int64]:
    shown = explore.view(here, state)
    if shown.problem:
        raise QueryError(shown.problem)
    return shown.ids


def taken(studio: Studio, take: Take, playlist: Playlist) -> Taken:
    """The file. Raises ExportError for a format, player, path style or mapping that is none."""
    if take.suffix not in formats(studio):
        raise ExportError(f"there is no format {take.suffix} here; use one of {', '.join(formats(studio))}")
    exporter = exporter_for(Path(f"list{take.suffix}"))
    if isinstance(exporter, Table):
        columns = (WHY, *studio.library.descriptors())
        return Taken(b"".join(exporter.chunks(with_reasons(playlist), columns)), exporter.mime)
    spelling = spelled(studio, take)
    rendered = exporter.render(playlist, spelling.locations(music_folder(studio)))
    content = spelling.encoded(rendered.content) if exporter.is_plain_text else rendered.content
    return Taken(content, exporter.mime, tuple(f"{path.name}: {reason}" for path, reason in rendered.skipped))


def spelled(studio: Studio, take: Take) -> Spelling:
    """How files are named. A download may lie anywhere: what is relative starts from the music folder."""
    if studio.options.read_only:
        return RELATIVE
    usual = profile(take.player).spelling
    if take.paths and take.paths not in get_args(PathStyle):
        raise ExportError(f"there is no path style {take.paths[:20]!r}; use one of {', '.join(get_args(PathStyle))}")
    style = cast("PathStyle", take.paths) if take.paths else "uri" if usual.style == "auto" else usual.style
    return replace(usual, style=style, mappings=tuple(mappings(studio.library.catalog.roots(), take.maps)))


def mappings(folders: Sequence[str], maps: Iterable[str]) -> Iterable[PathMapping]:
    """The mappings, whose folders of this machine are named by their numbers."""
    for each in maps:
        number, _, target = each.partition("=")
        place = read_id(number)
        if place is None or place >= len(folders):
            raise ExportError("a mapping is the number of a music folder, =, and where it is on the device")
        yield PathMapping(folders[place], path_mapping(f"/music={target}").target)


def music_folder(studio: Studio) -> Path:
    """The folder that all music folders are in, which relative paths start from."""
    roots = studio.library.catalog.roots()
    return Path(os.path.commonpath(roots)) if roots else Path("/")


def packing(studio: Studio, playlist: Playlist) -> Plan:
    """What a zip with the audio files holds, in the order of play.

    Raises ExportError where the music may not be taken along, or is not there.
    """
    if studio.options.read_only or not studio.has_files:
        raise ExportError("this studio lets its music be heard, not taken along")
    return plan(playlist, studio.library.catalog.roots(), Wanted(numbered=True))
