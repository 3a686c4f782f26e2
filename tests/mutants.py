"""Mutants: real audio files, damaged or made hostile by small pure changes, the same for the same seed.

A mutation takes a file's bytes, those of another file to borrow from, and chance; it gives other bytes. It knows no
format, but for one thing: nearly all of them name their parts by four letters and state a size beside the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

import sounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

Mutation: TypeAlias = "Callable[[bytes, bytes, Random], bytes]"

HEAD = 512  # bytes in which most formats state what they hold
FULL = 7.0  # seconds: every extractor has something to say
SHORT = 0.7
RATE = 44_100
_NAME = re.compile(rb"(?=[A-Za-z\xa9][A-Za-z0-9]{2}[A-Za-z0-9 ])")  # data, ftyp, fmt, OggS, wvpk ...
_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF)


@dataclass(frozen=True, slots=True)
class Original:
    """A whole file to be changed."""

    name: str
    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed file, and by what it was changed."""

    mutation: str
    name: str
    content: bytes


def bytes_flipped(content: bytes, other: bytes, chance: Random) -> bytes:
    """A few bytes anywhere are others."""
    return _flipped(content, chance, len(content))


def head_flipped(content: bytes, other: bytes, chance: Random) -> bytes:
    """A few bytes where the format is stated are others."""
    return _flipped(content, chance, HEAD)


def _flipped(content: bytes, chance: Random, end: int) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 16) if changed else 0):
        changed[chance.randrange(min(end, len(changed)))] ^= chance.randint(1, 255)
    return bytes(changed)


def cut_off(content: bytes, other: bytes, chance: Random) -> bytes:
    """The end is missing."""
    return content[: chance.randint(0, len(content))]


def beheaded(content: bytes, other: bytes, chance: Random) -> bytes:
    """The beginning is missing."""
    return content[chance.randint(0, min(len(content), 4 * HEAD)) :]


def head_of_another(content: bytes, other: bytes, chance: Random) -> bytes:
    """It begins as another file does."""
    end = chance.choice((4, 12, 64, HEAD, 8 * HEAD))
    return other[:end] + content[end:]


def part_doubled(content: bytes, other: bytes, chance: Random) -> bytes:
    """A part comes twice."""
    start, end = _part(content, chance)
    return content[:end] + content[start:]


def part_removed(content: bytes, other: bytes, chance: Random) -> bytes:
    """A part is missing."""
    start, end = _part(content, chance)
    return content[:start] + content[end:]


def parts_swapped(content: bytes, other: bytes, chance: Random) -> bytes:
    """Two neighbouring parts come in the wrong order."""
    start, end = _part(content, chance)
    middle = chance.randint(start, end)
    return content[:start] + content[middle:end] + content[start:middle] + content[end:]


def part_zeroed(content: bytes, other: bytes, chance: Random) -> bytes:
    """A part is zeros, as after a download that left holes."""
    start, end = _part(content, chance)
    return content[:start] + bytes(end - start) + content[end:]


def part_of_another(content: bytes, other: bytes, chance: Random) -> bytes:
    """A part is that of another file, as on a damaged disk."""
    start, end = _part(content, chance)
    return content[:start] + other[start:end] + content[end:]


def another_behind(content: bytes, other: bytes, chance: Random) -> bytes:
    """Another file follows, as in chained streams and recordings of radio."""
    return content + other


def size_extreme(content: bytes, other: bytes, chance: Random) -> bytes:
    """A number beside the name of a part is extreme: sizes, counts, durations."""
    names = [match.start() for match in _NAME.finditer(content[: 16 * HEAD])] or [0]
    at = max(0, chance.choice(names) + chance.choice((-8, -4, 4, 4, 8, 12, 16, 20, 24)))
    return _overwritten(content, at, chance)


def number_extreme(content: bytes, other: bytes, chance: Random) -> bytes:
    """A number anywhere in the beginning is extreme."""
    return _overwritten(content, chance.randrange(4 * HEAD), chance)


def _overwritten(content: bytes, at: int, chance: Random) -> bytes:
    width, order = chance.choice((1, 2, 4, 4, 8)), chance.choice(("little", "big"))
    number = (chance.choice(_EXTREMES) & ((1 << 8 * width) - 1)).to_bytes(
        width, "little" if order == "little" else "big"
    )
    return content[:at] + number[: max(0, len(content) - at)] + content[at + width :]


def _part(content: bytes, chance: Random) -> tuple[int, int]:
    """Where a part starts and ends: often at the name of one, else anywhere."""
    names = [match.start() for match in _NAME.finditer(content[: 16 * HEAD])]
    if len(names) > 1 and chance.random() < 0.5:
        start, end = sorted(chance.sample(names, 2))
        return start, end
    start = chance.randint(0, len(content))
    return start, min(len(content), start + chance.choice((1, 7, HEAD, 8 * HEAD)))


MUTATIONS: Mapping[str, Mutation] = {
    mutation.__name__.replace("_", " "): mutation
    for mutation in (
        bytes_flipped,
        head_flipped,
        cut_off,
        beheaded,
        head_of_another,
        part_doubled,
        part_removed,
        parts_swapped,
        part_zeroed,
        part_of_another,
        another_behind,
        size_extreme,
        number_extreme,
    )
}


def mutants(originals: Sequence[Original], n: int, seed: int) -> Iterator[Mutant]:
    """`n` mutants: all originals by turns, each by all mutations by turns; every third is mutated twice.

    The name of a mutant tells its number, its original and its mutation, so that it can be made again.
    """
    names = tuple(MUTATIONS)
    for number in range(n):
        chance = Random(f"{seed}/{number}")
        original = originals[number % len(originals)]
        other = chance.choice(originals).content
        mutation = names[(number // len(originals) + number) % len(names)]
        content = MUTATIONS[mutation](original.content, other, chance)
        if number % 3 == 2:
            content = MUTATIONS[chance.choice(names)](content, other, chance)
        yield Mutant(mutation, f"{number:05} {original.name}{original.suffix}", content)


def make_originals(folder: Path) -> list[Original]:
    """One short file of every format, every third one long enough for all descriptors, with tags where they go."""
    forms: list[tuple[str, str | None]] = [(suffix, None) for suffix in sounds.FORMATS]
    forms += [(".m4a", "alac"), (".ogg", "flac"), (".ogg", "libopus"), (".mka", "libmp3lame"), (".wav", "adpcm_ms")]
    forms += [(".wav", "pcm_s24le"), (".wav", "pcm_f32le"), (".wav", "pcm_mulaw"), (".aiff", "pcm_s24be")]
    tags = {"title": "Title", "artist": "Artist", "album": "Album", "date": "1999", "track": "3/12", "genre": "House"}
    originals = []
    for number, (suffix, codec) in enumerate(forms):
        seconds = FULL if number % 3 == 0 else SHORT
        beat = sounds.clicks(90 + 5 * number, seconds, RATE) + sounds.chord((45 + number, 52 + number), seconds, RATE)
        name = codec or sounds.FORMATS[suffix].codec
        path = folder / f"{number} {name}{suffix}"
        sounds.write(path, sounds.stereo(np.clip(beat / 2, -1, 1)), RATE, codec=codec, tags=tags)
        originals.append(Original(name, suffix, path.read_bytes()))
    return originals
