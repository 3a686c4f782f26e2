"""When two tracks are one recording or one artist for the listener, whatever their tags add.

"Help! - Remastered 2009", "Help! (Live at Shea Stadium)" and "Help!" by one artist are versions of one recording: a
playlist wants one of them. A remix, an acoustic or an instrumental version is other music and stays apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable

    from essentialist.track import Track

_YEAR: Final = r"(?:(?:19|20)\d\d)"
_VERSION: Final = re.compile(
    rf"""
    (?:{_YEAR}\s+)?(?:digital(?:ly)?\s+)?re-?master(?:ed|ing)?\b.*     # remastered 2009, 2009 digital remaster
    | live | live\s+(?:at|in|from|on|version|session|recording|take|{_YEAR})\b.* | .*\slive | recorded\s+live\b.*
    | (?:feat|ft|featuring|with)\b\.?\s.*
    | (?:(?:original|album|single|radio|extended|full|short|mono|stereo|demo|explicit|clean|alternat(?:e|ive))\s+)*
      (?:version|edit|mix|take|cut|demo|mono|stereo|explicit|clean|original)(?:\s+(?:version|mix|edit|\d+))?
    | deluxe(?:\s+(?:edition|version))? | bonus(?:\s+track)?\b.* | (?:{_YEAR}\s+)(?:version|mix|edit)
    """,
    re.VERBOSE,
)
_BRACKETS: Final = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_DASH: Final = re.compile(r"\s+[-–—]\s+")  # noqa: RUF001 (the dashes that taggers use)
_GUEST: Final = re.compile(r"\s+(?:feat|ft|featuring)\b\.?\s.*")
_NOT_A_WORD: Final = re.compile(r"[\W_]+")


def recording_key(track: Track) -> Hashable:
    """Equal for versions of one recording. A track without an artist is only ever itself."""
    if not track.artist:
        return track.id
    title = _GUEST.sub("", _without_versions(_plain(track.title)))
    return artist_key(track), _words(title)


def artist_key(track: Track) -> Hashable:
    """Equal for tracks by one artist, guests aside. An unknown artist is nobody else."""
    return _artist(track.artist) or track.id


def album_key(track: Track) -> Hashable:
    """Equal for tracks of one album. A track without an album is an album of its own."""
    if not track.album:
        return track.id
    return _words(_plain(track.album_artist or track.artist)), _words(_plain(track.album))


@lru_cache(maxsize=50_000)  # one artist has many tracks
def _artist(name: str) -> str:
    return _words(_GUEST.sub("", _plain(name)))


def _without_versions(title: str) -> str:
    """Strip the title of brackets and closing dashes that only name a version; never empty."""
    bare = _BRACKETS.sub(lambda match: " " if _VERSION.fullmatch(match[1].strip()) else match[0], title)
    parts = _DASH.split(bare.strip())
    while len(parts) > 1 and _VERSION.fullmatch(parts[-1].strip()):
        parts.pop()
    return " - ".join(parts) if any(parts) else title


def _plain(text: str) -> str:
    """Without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character)).strip()


def _words(text: str) -> str:
    """Without punctuation, unless there is nothing else."""
    return _NOT_A_WORD.sub(" ", text).strip() or text
