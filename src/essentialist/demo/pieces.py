"""What the demo collection plays: one piece in each of the 24 keys, by eight invented artists."""

from __future__ import annotations

from dataclasses import dataclass

from essentialist.demo import Piece, Scale

AXIS = "I V vi IV"
FIFTIES = "I vi IV V"
PLAGAL = "I IV I V"
TURNAROUND = "Imaj7 vi7 ii7 V7"
TWO_FIVE = "ii7 V7 Imaj7 Imaj7"
BLUES = "I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7"
EPIC = "i VI III VII"
DESCENT = "i VII VI V"
MINOR_PLAGAL = "i iv i V"
MINOR_JAZZ = "i7 iv7 ii°7 V7"
STILL = "i VI iv i"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is written down of a piece; the rest is its album's."""

    title: str
    bpm: float
    key: str
    scale: Scale
    style: str
    progression: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Album:
    """Pieces that belong together."""

    artist: str
    title: str
    year: int
    genre: str
    sheets: tuple[Sheet, ...]


ALBUMS = (
    Album(
        "Halden Drift",
        "Slow Weather",
        2014,
        "Ambient",
        (
            Sheet("Fog, Rising", 60, "C", "major", "ambient", PLAGAL, ".flac"),
            Sheet("Below the Ice", 72, "F#", "minor", "drift", STILL, ".ogg"),
            Sheet("Sketch #4", 66, "Ab", "major", "piano", AXIS, ".flac"),
        ),
    ),
    Album(
        "Marlo Vex",
        "Concrete & Chrome",
        2019,
        "House",
        (
            Sheet("Night Shift", 122, "A", "minor", "house", EPIC, ".mp3"),
            Sheet("Sodium Lights", 126, "E", "major", "house", AXIS, ".mp3"),
        ),
    ),
    Album(
        "Marlo Vex",
        "140 Rooms",
        2022,
        "Techno",
        (
            Sheet("Room 7", 130, "C", "minor", "techno", STILL, ".flac"),
            Sheet("Exit, Pursued", 136, "F", "minor", "techno", DESCENT, ".mp3"),
        ),
    ),
    Album(
        "Nia Okoro Trio",
        "After the Rain",
        2008,
        "Jazz",
        (
            Sheet("Café Três Irmãs", 132, "F", "major", "bossa", TURNAROUND, ".m4a"),
            Sheet("Waltz for Ana", 150, "Bb", "major", "waltz", TURNAROUND, ".flac"),
            Sheet("Blues in the Back Room", 144, "G", "major", "swing", BLUES, ".mp3"),
            Sheet("Don't Wait Up", 112, "D", "minor", "bossa", MINOR_JAZZ, ".ogg"),
        ),
    ),
    Album(
        "Pixel Ferret",
        "Insert Coin, Again",
        2011,
        "Chiptune",
        (
            Sheet("Level Select", 148, "D", "major", "chiptune", AXIS, ".wav"),
            Sheet("Boss Rush", 165, "E", "minor", "chiptune", DESCENT, ".opus"),
            Sheet("Credits", 118, "Eb", "major", "chiptune", FIFTIES, ".mp3"),
        ),
    ),
    Album(
        "The Copper Lanes",
        "Long Way Home",
        1998,
        "Rock",
        (
            Sheet("Gasoline Sunday", 138, "A", "major", "rock", AXIS, ".mp3"),
            Sheet("No Such Town", 116, "G", "minor", "rock", EPIC, ".mp3"),
            Sheet("What the River Kept", 76, "Eb", "minor", "ballad", DESCENT, ".m4a"),
        ),
    ),
    Album(
        "Élodie Brisson",
        "L'été, encore",
        2016,
        "Folk",
        (
            Sheet("Les marées", 96, "C#", "major", "folk", FIFTIES, ".ogg"),
            Sheet("D'ici là", 108, "B", "minor", "folk", EPIC, ".flac"),
            Sheet("Une lettre", 68, "B", "major", "ballad", AXIS, ".m4a"),
        ),
    ),
    Album(
        "夜汽車",
        "終電のあと",
        2021,
        "Hip Hop",
        (
            Sheet("雨の環状線", 86, "Ab", "minor", "hip hop", MINOR_JAZZ, ".opus"),
            Sheet("Vending Machine Glow", 92, "F#", "major", "hip hop", TURNAROUND, ".mp3"),
            Sheet("始発", 174, "Bb", "minor", "drum and bass", MINOR_PLAGAL, ".opus"),
        ),
    ),
    Album(
        "Orkester Åsgård",
        "Nine Winters",
        2003,
        "Orchestral",
        (Sheet("The Crossing", 104, "C#", "minor", "orchestral", MINOR_PLAGAL, ".flac"),),
    ),
)

PIECES: tuple[Piece, ...] = tuple(
    Piece(
        title=sheet.title,
        artist=album.artist,
        album=album.title,
        track_number=number,
        year=album.year,
        genre=album.genre,
        bpm=sheet.bpm,
        key=sheet.key,
        scale=sheet.scale,
        style=sheet.style,
        progression=sheet.progression,
        seed=album.year * 100 + number,
        suffix=sheet.suffix,
    )
    for album in ALBUMS
    for number, sheet in enumerate(album.sheets, 1)
)
