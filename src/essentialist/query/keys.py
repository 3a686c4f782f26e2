"""Musical keys as people write them: `Am`, `A minor`, `F#`, `Gbmaj`, and Camelot, the DJ's wheel of fifths, `8A`.

The tonic is spelled as Essentia's KeyExtractor does (measured on the 24 triads); each has one pitch class.
"""

from __future__ import annotations

import difflib
import re

from essentialist.camelot import camelot
from essentialist.errors import QueryError
from essentialist.query.fields import shown
from essentialist.query.tree import KeyIs

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Essentia's spelling of the pitch classes 0 to 11."""

_LETTERS = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
_ACCIDENTALS = {"": 0, "#": 1, "\u266f": 1, "b": -1, "\u266d": -1}
_SCALES = {"": None, "m": "minor", "min": "minor", "minor": "minor", "maj": "major", "major": "major"}
_NAME = re.compile("([A-Ga-g])([#\u266fb\u266d]?)[ _-]*(M|(?i:m|min|minor|maj|major)?)")
_CAMELOT = re.compile(r"0?([1-9]|1[0-2])([ABab]?)")
_WHEEL = {camelot(tonic, scale): KeyIs(tonic, scale) for scale in ("minor", "major") for tonic in TONICS}


def read_key(text: str) -> tuple[KeyIs, ...]:
    """Return the keys that `text` names: two for a Camelot number without its letter, else one.

    Raises
    ------
    QueryError
        It names no key.
    """
    if code := _CAMELOT.fullmatch(text):
        return tuple(_WHEEL[f"{code[1]}{letter}"] for letter in code[2].upper() or "AB")
    name = _NAME.fullmatch(text)
    if name is None:
        raise QueryError(f'No key "{shown(text)}"{_nearest(text)}')
    tonic = TONICS[(_LETTERS[name[1].upper()] + _ACCIDENTALS[name[2]]) % 12]
    return (KeyIs(tonic, "major" if name[3] == "M" else _SCALES[name[3].lower()]),)


def spellings(tonic: str) -> tuple[str, ...]:
    """Return every way to write the pitch class of `tonic` with at most one accidental."""
    pitch = TONICS.index(tonic)
    return tuple(
        letter + accidental
        for letter, natural in _LETTERS.items()
        for accidental in ("", "#", "b")
        if (natural + _ACCIDENTALS[accidental]) % 12 == pitch
    )


def _nearest(text: str) -> str:
    names = [f"{tonic}{scale}" for tonic in TONICS for scale in ("", "m", " minor", " major")]
    found = difflib.get_close_matches(text[:20], names, n=1)
    return f'; did you mean "{found[0]}"?' if found else '; write it as Am, "A minor", F# or, in Camelot, 8A or 8.'
