"""How a playlist is written for a player: what names its files, in which encoding, with which line ends."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from essentialist.errors import ExportError
from essentialist.locations import Locations, PathStyle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from essentialist.locations import PathMapping

Encoding = Literal["utf-8", "latin-1", "windows-1252"]
ENCODINGS: Final[tuple[Encoding, ...]] = get_args(Encoding)


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a playlist's bytes depend on besides its tracks.

    Relative paths start from `base`, or where that is None from the folder of the list. Style `http` puts the music
    folder at `address`, unless mappings say where files are. Encoding, byte order mark and
    line ends are those of M3U and PLS; the other formats have their own.
    """

    style: PathStyle = "auto"
    mappings: Sequence[PathMapping] = ()
    base: Path | None = None
    address: str = ""
    encoding: Encoding = "utf-8"
    bom: bool = False
    newline: Literal["\n", "\r\n"] = "\n"

    def __post_init__(self) -> None:
        if self.encoding not in ENCODINGS:
            raise ExportError(
                f"there is no encoding {self.encoding!r} for playlists; use one of {', '.join(ENCODINGS)}"
            )

    @property
    def has_own_text(self) -> bool:
        """Whether encoding, byte order mark or line ends are not the usual ones."""
        return (self.encoding, self.bom, self.newline) != ("utf-8", False, "\n")

    def locations(self, folder: Path) -> Locations:
        """Name the files of a playlist in this folder."""
        return Locations(self.style, self.base or folder, self.mappings, self.encoding)

    def encoded(self, content: bytes) -> bytes:
        """Lay out a list that was rendered in UTF-8; characters of titles that the encoding lacks become `?`."""
        text = content.decode().replace("\n", self.newline)
        return codecs.BOM_UTF8 * self.bom + text.encode(self.encoding, errors="replace")

    def decoded(self, content: bytes) -> bytes:
        """Give a list that was laid out so in UTF-8 again."""
        return content.removeprefix(codecs.BOM_UTF8 * self.bom).decode(self.encoding).encode()


USUAL: Final = Spelling()
