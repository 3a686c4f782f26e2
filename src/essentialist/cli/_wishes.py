"""What a playlist should be, however its tracks are chosen, as options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from essentialist.cli._output import note, shown_path
from essentialist.errors import PlaylistError

if TYPE_CHECKING:
    from essentialist.choosing.wishes import Wishes
    from essentialist.library import Library


def wish_options() -> list[click.Parameter]:
    """Options that change wishes: see `Wished`, whose fields they are."""
    return [
        click.Option(
            ["--diversity"],
            type=click.FloatRange(0, 1),
            metavar="NUMBER",
            help="How much unlike each other: 0 takes just the best, 1 the most varied.  [default: 0]",
        ),
        click.Option(
            ["--one-version/--all-versions"], default=None, help="One recording of a piece (the default), or all."
        ),
        click.Option(
            ["--include-track", "include_tracks"],
            multiple=True,
            metavar="TRACK",
            help="Take this one whatever else is wished. May be given again.",
        ),
        click.Option(
            ["--exclude-track", "exclude_tracks"],
            multiple=True,
            metavar="TRACK",
            help="Do not take this one. May be given again.",
        ),
        click.Option(
            ["--exclude-playlist", "exclude_playlists"],
            multiple=True,
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Take nothing that is in this playlist. May be given again.",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Wished:
    """The options of `wish_options` as they were given; None or empty where one was not."""

    diversity: float | None
    one_version: bool | None
    include_tracks: tuple[str, ...]
    exclude_tracks: tuple[str, ...]
    exclude_playlists: tuple[Path, ...]

    def over(self, library: Library, wishes: Wishes) -> Wishes:
        """Change wishes by what was given; tracks to take or leave come to those there are.

        Raises UnknownTrack for a track that is not there, PlaylistError for a file that is no playlist.
        """
        asked = (*wishes.included, *map(library.track, self.include_tracks))
        excluded = {library.track(each).id for each in self.exclude_tracks}
        for path in self.exclude_playlists:
            excluded |= ids_in(library, path)
        return replace(
            wishes,
            diversity=wishes.diversity if self.diversity is None else self.diversity,
            one_version=wishes.one_version if self.one_version is None else self.one_version,
            included=tuple({track.id: track for track in asked}.values()),
            excluded=wishes.excluded | excluded,
        )


def ids_in(library: Library, playlist: Path) -> set[int]:
    """The ids of a playlist's tracks; a note where it has none of the catalogue."""
    ids = {track.id for track in library.listed(playlist)}
    if not ids:
        note(f"{shown_path(playlist)} excludes nothing: none of its files is in the catalogue.")
    return ids


def seeds_in(library: Library, playlist: Path) -> list[str]:
    """The ids of a playlist's tracks, as seeds are typed. Raises PlaylistError where it has none of the catalogue."""
    tracks = library.listed(playlist)
    if not tracks:
        raise PlaylistError(f"None of the entries of {playlist} is in the collection: there is nothing to be like.")
    return [str(track.id) for track in tracks]
