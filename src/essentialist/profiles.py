"""Players and servers by name, and how a playlist is written so that each opens it.

What was measured with the player itself stands in docs/players.md; the others follow their source or their users.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from essentialist.errors import ExportError
from essentialist.exports import ExportReport, export
from essentialist.locations import PathMapping
from essentialist.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.catalogue.catalog import Catalog
    from essentialist.playlist import Playlist
    from essentialist.track import Track


@dataclass(frozen=True, slots=True)
class Profile:
    """A player: the suffix it takes, how its lists are spelled, and its limits, 0 where none are known.

    With `from_root`, relative paths start from the music folder, wherever the list lies. `longest_name` is in bytes.
    """

    name: str
    about: str
    suffix: str
    spelling: Spelling
    from_root: bool = False
    most_entries: int = 0
    longest_name: int = 0

    def file(self, path: Path) -> Path:
        """Give the file its suffix where it has none; raises ExportError for one that the player does not take.

        The generic profile takes any.
        """
        if not path.suffix:
            return path.with_suffix(self.suffix)
        if self.name != GENERIC and path.suffix.lower() != self.suffix:
            raise ExportError(f"{self.name} wants {self.suffix}, not {path.suffix}; write {path.stem}{self.suffix}")
        return path

    def spelled(self, spelling: Spelling | None, catalog: Catalog) -> Spelling:
        """Take a spelling in place of its own; raises ExportError where it must know the one music folder."""
        wished = spelling or self.spelling
        if wished.style == "http" and wished.address and not wished.mappings:
            return replace(
                wished, mappings=[PathMapping(_root(catalog, "an address", "--map FOLDER=ADDRESS"), wished.address)]
            )
        if not self.from_root or wished.base is not None:
            return wished
        return replace(wished, base=Path(_root(catalog, self.name, "--base FOLDER")))

    def notes(self, tracks: Sequence[Track]) -> tuple[str, ...]:
        """Say what such a player may not like."""
        told = []
        if self.most_entries and len(tracks) > self.most_entries:
            told.append(f"{self.name}: some play only the first {self.most_entries} of {len(tracks)} tracks")
        names = [track.path.name for track in tracks]
        too_long = sum(len(name.encode(errors="replace")) > self.longest_name for name in names)
        if self.longest_name and too_long:
            told.append(f"{self.name}: some cannot open the {too_long} names longer than {self.longest_name} bytes")
        foreign = sum(not name.isascii() for name in names)
        if self.longest_name and foreign:
            told.append(f"{self.name}: some cannot open the {foreign} names with other letters than A to Z")
        return tuple(told)


def _root(catalog: Catalog, who: str, remedy: str) -> str:
    """The one music folder; ExportError where there are several."""
    roots = catalog.roots()
    if len(roots) != 1:
        raise ExportError(f"{who} has one music folder, you have {len(roots)}; say which with {remedy}")
    return roots[0]


GENERIC: Final = "generic"
RELATIVE: Final = Spelling("relative")
_PROFILES: Final = (
    Profile(GENERIC, "desktop players on this computer", ".m3u8", Spelling()),
    Profile("portable", "another computer, a stick: the list moves with its music", ".m3u8", RELATIVE),
    Profile("navidrome", "Navidrome, the list inside the music folder", ".m3u8", RELATIVE),
    Profile("jellyfin", "Jellyfin, the list inside the music folder", ".m3u8", RELATIVE),
    Profile("gonic", "gonic, the list in its playlists folder", ".m3u8", RELATIVE),
    Profile("mpd", "MPD's playlist folder", ".m3u", RELATIVE, from_root=True),
    Profile("kodi", "Kodi on this computer", ".m3u", Spelling("uri")),
    Profile("android", "a phone: Poweramp, Auxio, VLC", ".m3u8", RELATIVE),
    Profile("windows", "players of Windows; --map gives the drive", ".m3u8", Spelling("relative", newline="\r\n")),
    Profile("foobar", "foobar2000, with byte order mark", ".m3u8", Spelling("relative", bom=True, newline="\r\n")),
    Profile(
        *("car", "car radios and stream boxes, from a stick", ".m3u", Spelling("relative", newline="\r\n")),
        most_entries=255,
        longest_name=64,
    ),
    Profile("vlc-xspf", "VLC, Audacious, Kodi: moves with its music, any name", ".xspf", RELATIVE),
    Profile("rekordbox", "rekordbox, with tempo and key", ".xml", Spelling("uri")),
)
PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({each.name: each for each in _PROFILES})


def profile(name: str) -> Profile:
    """Find a profile by its name; raises ExportError, naming those there are."""
    try:
        return PROFILES[name]
    except KeyError:
        raise ExportError(f'there is no profile "{name}"; use one of {", ".join(PROFILES)}') from None


def export_for(
    player: Profile,
    catalog: Catalog,
    playlist: Playlist,
    path: Path,
    spelling: Spelling | None = None,
    *,
    force: bool = False,
) -> ExportReport:
    """Write a playlist as the player reads it, or as `spelling` says; raises as `exports.export` does."""
    wished = player.spelled(spelling, catalog)
    descriptors = catalog.descriptors()
    report = export(playlist, player.file(path), spelling=wished, descriptors=descriptors, force=force)
    return replace(report, notes=player.notes(playlist.tracks))
