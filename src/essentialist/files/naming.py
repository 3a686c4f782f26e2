"""What the name of a file says of the track, where its tags are silent.

Names are only taken apart where they are clear, since a wrong artist is worse than none: an artist needs " - " in the
name, or the pattern Artist/Album/01 Title. What contradicts the tags is not taken.
"""

from __future__ import annotations

import re
from dataclasses import replace

from essentialist.files.sniff import has_audio_extension
from essentialist.files.tags import clean, parse_track_number
from essentialist.track import Tags

UNTITLED = "untitled"

_NUMBER = re.compile(r"[0-9]{1,3}")
_NUMBERED = re.compile(
    r"(?:[0-9]-(?=[0-9]{2}\b))?(?P<number>[0-9]{1,3})"  # 01, or 1-01: the first track of the first disc
    r"(?:(?P<mark>\s+-\s+|\s*[.)]\s+|[.)](?=[^\W\d]))|-|\s+)(?P<rest>\S.*)"  # not the point of 3.14
)
_DASH = re.compile(r"\s+[-\u2013\u2014]\s+")
_DISC = re.compile(r"(?:cd|dis[ck])[ ._-]*[0-9]{1,2}", re.IGNORECASE)
_VARIOUS = frozenset(("various artists", "various", "va", "v.a.", "compilations"))


def complete(tags: Tags, path: str) -> Tags:
    """Fill in what the tags do not say from the path of the file, relative to the collection's root.

    "01 - Artist - Title.mp3" gives an artist, "Artist/Album/01 Title.mp3" an artist and an album. Afterwards the title
    is not empty. Bytes of a name that are not UTF-8 are U+FFFD.
    """
    *folders, name = (clean(part) or "" for part in path.split("/"))
    if folders and _DISC.fullmatch(folders[-1]):
        folders.pop()
    named = _take_apart(name, tags, in_album=len(folders) > 1)
    artist, album = folders[-2:] if named.track_number and len(folders) > 1 else ("", "")
    if artist.casefold() in _VARIOUS:
        artist = ""
    return replace(
        tags,
        title=tags.title or named.title or name or UNTITLED,
        artist=tags.artist or named.artist or artist or None,
        album=tags.album or named.album or album or None,
        track_number=tags.track_number or named.track_number,
    )


def _take_apart(name: str, tags: Tags, *, in_album: bool) -> Tags:
    """Read "Artist - Title", "01 - Artist - Title" or "Artist - Album - 01 - Title"; a mere title where tags differ."""
    stem = name[: name.rfind(".")].rstrip() if has_audio_extension(name) else name
    if " " not in stem:
        stem = stem.replace("_", " ").strip()
    number, rest = _number_in_front(stem, in_album=in_album)
    parts = _DASH.split(rest)
    inner = next((place for place, part in enumerate(parts[1:-1], 1) if _NUMBER.fullmatch(part)), None)
    if inner is None or number:
        said = Tags(title=" - ".join(parts[1:]), artist=parts[0], track_number=number)
    else:
        said = Tags(
            title=" - ".join(parts[inner + 1 :]),
            artist=parts[0],
            album=" - ".join(parts[1:inner]) or None,
            track_number=parse_track_number(parts[inner]),
        )
    if not said.title or _differ(tags.artist, said.artist) or _differ(tags.title, said.title):
        return Tags(title=rest, track_number=number)
    return said


def _number_in_front(stem: str, *, in_album: bool) -> tuple[int | None, str]:
    """Part the track number from the rest; that of "99 Luftballons" is none, unless in a folder Artist/Album."""
    match = _NUMBERED.fullmatch(stem)
    if match and (match["mark"] or match["number"].startswith("0") or (in_album and len(match["number"]) == 2)):
        return parse_track_number(match["number"]), match["rest"]
    return None, stem


def _differ(tag: str | None, name: str | None) -> bool:
    return tag is not None and tag.casefold() != (name or "").casefold()
