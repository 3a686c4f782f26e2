"""How a piece sounds: the parts, drums and room of each style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.demo import drums, instruments
from essentialist.demo.composition import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.demo.drums import Groove


@dataclass(frozen=True, slots=True)
class Style:
    """Parts and drums, and how they are put together.

    `drum_level` in dB like the parts' levels; `fill` and `end` close the groove; `swing` delays every second step
    (share of a step); `duck` is how far the bass drum pushes the parts back (0 to 1); `room_s` the time in which the
    reverberation falls by 60 dB; `loudness` the mean power of the whole in dB of full scale.
    """

    parts: tuple[Part, ...]
    groove: Groove = drums.NONE
    loudness: float = -16.0
    drum_level: float = -4.0
    fill: Groove = drums.NONE
    end: Groove = drums.NONE
    beats_per_bar: int = 4
    swing: float = 0.0
    duck: float = 0.0
    room_s: float = 1.2


HELD = ("x---------------",)

STYLES: Mapping[str, Style] = {
    "ambient": Style(
        parts=(
            Part(instruments.pad, HELD, 52, -3, width=9, room=0.5),
            Part(instruments.sub, ("1---------------",), 33, -6, room=0.0),
            Part(instruments.bell, ("m.......m...m...", "....m.......m..."), 67, -12, pan=0.3, room=0.7, enters=1),
        ),
        loudness=-23,
        room_s=3.0,
    ),
    "drift": Style(
        parts=(
            Part(instruments.strings, HELD, 50, -5, width=7, room=0.5),
            Part(instruments.sub, ("1---------------",), 33, -5, room=0.0),
            Part(instruments.bell, ("1...5...3...8...",), 60, -8, pan=-0.2, room=0.5),
        ),
        loudness=-21,
        room_s=2.4,
    ),
    "piano": Style(
        parts=(
            Part(instruments.piano, ("1-------5-------",), 36, -5, pan=-0.15, width=2),
            Part(instruments.piano, ("x...3.5.8.5.3.5.",), 55, -5, width=2, room=0.3),
            Part(
                instruments.piano,
                ("m---..m.m---m---", "m-------m---...."),
                70,
                -7,
                pan=0.15,
                width=2,
                room=0.3,
                enters=1,
            ),
        ),
        loudness=-20,
        room_s=1.8,
    ),
    "ballad": Style(
        parts=(
            Part(instruments.piano, ("x---x---x---x---",), 53, -6, pan=-0.1, width=2),
            Part(instruments.bass, ("1-----1-5-------",), 31, -4, room=0.0),
            Part(instruments.strings, HELD, 60, -12, width=8, room=0.5, enters=2),
            Part(instruments.flute, ("m---..m-m---m---", "m-------m-m-...."), 69, -8, pan=0.15, room=0.4, enters=1),
        ),
        groove=drums.HALF_TIME,
        drum_level=-6,
        end=drums.END,
        loudness=-16,
        room_s=1.8,
    ),
    "house": Style(
        parts=(
            Part(instruments.bass, ("..1-..1-..1-..5-",), 33, -6, room=0.0),
            Part(instruments.electric_piano, ("x--x--x---x--x--",), 55, -4, width=4, room=0.3),
            Part(instruments.pad, HELD, 60, -11, width=9, room=0.4),
            Part(instruments.lead, ("m...m.m.....m...", "m...m.m...m.m..."), 69, -9, pan=0.2, room=0.4, enters=4),
        ),
        groove=drums.FOUR_ON_THE_FLOOR,
        drum_level=-1,
        end=drums.END,
        loudness=-12,
        duck=0.5,
    ),
    "techno": Style(
        parts=(
            Part(instruments.bass, ("..11..11..11..18",), 33, -7, room=0.0),
            Part(instruments.pluck, ("1.5.8.5.3.5.8.5.",), 57, -5, width=3, room=0.3),
            Part(instruments.pad, HELD, 55, -9, width=9, room=0.4, enters=2),
        ),
        groove=drums.TECHNO,
        drum_level=0,
        end=drums.END,
        loudness=-10.5,
        duck=0.6,
    ),
    "rock": Style(
        parts=(
            Part(instruments.bass, ("1.1.1.1.1.1.5.1.",), 31, -8, room=0.0),
            Part(instruments.guitar, ("1-1-1-1-1-1-1-1-",), 43, -7, pan=-0.4, width=5, room=0.1),
            Part(instruments.guitar, ("5-5-5-5-5-5-5-5-",), 43, -8, pan=0.4, width=5, room=0.1),
            Part(instruments.organ, HELD, 58, -9, width=3),
            Part(instruments.lead, ("m-m-m---m-m-m---", "m---m-m-m-------"), 67, -9, room=0.3, enters=2),
        ),
        groove=drums.ROCK,
        drum_level=-1,
        fill=drums.FILL,
        end=drums.END,
        loudness=-11,
    ),
    "bossa": Style(
        parts=(
            Part(instruments.bass, ("1-----5-5-----1-",), 33, -4, room=0.0),
            Part(instruments.pluck, ("x...x..x..x...x.",), 53, -3, pan=-0.2, width=2),
            Part(instruments.flute, ("m---m-m---m-m---", "..m-m-m-m-------"), 70, -8, pan=0.2, room=0.4, enters=2),
        ),
        groove=drums.BOSSA,
        drum_level=-6,
        end=drums.END,
        loudness=-17,
    ),
    "waltz": Style(
        parts=(
            Part(instruments.bass, ("1---3---5---", "1---5---8---"), 33, -3, room=0.0),
            Part(instruments.electric_piano, ("....x...x...", "....x.x.x..."), 55, -4, pan=-0.2, width=3),
            Part(instruments.flute, ("m---m---m-m-", "m-------m---"), 69, -8, pan=0.2, room=0.4, enters=2),
        ),
        groove=drums.WALTZ,
        drum_level=-6,
        end=drums.END,
        beats_per_bar=3,
        loudness=-18,
    ),
    "swing": Style(
        parts=(
            Part(instruments.bass, ("1--3--5--8--", "8--5--3--1--"), 33, -3, room=0.0),
            Part(instruments.piano, ("x--..x......", "...x-....x-."), 55, -4, pan=-0.2, width=2),
            Part(instruments.electric_piano, ("m-.m-mm--m--", "..mm--m--..."), 67, -7, pan=0.2, enters=2),
        ),
        groove=drums.SWING,
        drum_level=-5,
        end=drums.END,
        loudness=-16,
    ),
    "chiptune": Style(
        parts=(
            Part(instruments.chip, ("1.1.8.1.1.1.8.5.",), 38, -5, room=0.0),
            Part(instruments.chip, ("1358135813581358",), 57, -8, pan=-0.3, room=0.05),
            Part(instruments.chip, ("m.m-m.m-m.m-m---", "m-m.m-m-m-------"), 69, -7, pan=0.25, room=0.1, enters=2),
        ),
        groove=drums.CHIP,
        drum_level=-4,
        end=drums.END,
        loudness=-12,
        room_s=0.6,
    ),
    "hip hop": Style(
        parts=(
            Part(instruments.sub, ("1-----1-....5-1-",), 31, -4, room=0.0),
            Part(instruments.electric_piano, ("x-------..x-----", "x-----x---------"), 55, -5, width=5, room=0.3),
            Part(instruments.bell, ("m...m.....m.m...", "..m...m.m......."), 70, -11, pan=0.3, room=0.5, enters=2),
        ),
        groove=drums.HIP_HOP,
        drum_level=-2,
        end=drums.END,
        loudness=-13,
        swing=0.2,
    ),
    "drum and bass": Style(
        parts=(
            Part(instruments.sub, ("1-----1-----5---",), 31, -5, room=0.0),
            Part(instruments.pad, HELD, 55, -6, width=10, room=0.4),
            Part(instruments.pluck, ("x...........x...", "......x........."), 62, -8, width=3, room=0.5, enters=2),
        ),
        groove=drums.BREAKBEAT,
        drum_level=-1,
        fill=drums.FILL,
        end=drums.END,
        loudness=-10,
        duck=0.3,
    ),
    "folk": Style(
        parts=(
            Part(instruments.pluck, ("1-------5-------",), 40, -4, pan=-0.1),
            Part(instruments.pluck, ("8.5.3.5.8.5.3.5.",), 52, -4, pan=-0.3, width=2),
            Part(instruments.pluck, ("x-------x---x---",), 55, -5, pan=0.3, width=2),
            Part(instruments.flute, ("m---m-m-m---m---", "m-m-m---m-------"), 69, -9, room=0.4, enters=2),
        ),
        groove=drums.SHAKER,
        drum_level=-8,
        end=drums.NONE,
        loudness=-17,
    ),
    "orchestral": Style(
        parts=(
            Part(instruments.strings, ("x-------x-------",), 53, -4, width=8, room=0.5),
            Part(instruments.strings, ("1-------5-------",), 36, -4, width=5, room=0.4),
            Part(instruments.marimba, ("1.5.8.5.3.5.8.5.",), 60, -9, pan=-0.3, room=0.4),
            Part(instruments.flute, ("m---m---m-m-m---", "m-------m---m---"), 72, -8, pan=0.2, room=0.5, enters=2),
        ),
        loudness=-19,
        room_s=2.2,
    ),
}
