"""Key: tonic, mode, how well they fit, and the key's place on the Camelot wheel.

Noise, single tones and clicks have no key; Essentia would name one, often with a high strength.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.camelot import WHEEL, camelot
from essentialist.descriptors import Descriptor, Extractor
from essentialist.sound import SAMPLE_RATE_HZ
from essentialist.sound import quiet_essentia as es

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording
    from essentialist.track import Value

TONICS = ("A", "Bb", "B", "C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab")  # as Essentia spells them
SHORTEST_S = 3.0  # a chord may be over by then, a key is hardly heard before
WEAKEST = 0.3  # a profile that fits worse is none: on 89 recordings the strength is 0.39 and more
CODES = tuple(str(hour) for hour in WHEEL)

OUTPUTS = (
    Descriptor("key", "Key", "label", "", None, "Tonic of the key", labels=TONICS),
    Descriptor("scale", "Mode", "label", "", None, "Major or minor", labels=("major", "minor")),
    Descriptor(
        "camelot", "Camelot", "label", "", None, "Key as DJs write it: 8A mixes with 7A, 9A and 8B", labels=CODES
    ),
    Descriptor("key_strength", "Key strength", "number", "", (0, 1), "How well the key's profile fits: correlation"),
)


def compute(recording: Recording) -> Mapping[str, Value]:
    """The key of the recording's excerpt."""
    mono = recording.mono
    if not recording.character.is_tonal or len(mono) < SHORTEST_S * SAMPLE_RATE_HZ:
        return {}
    key, scale, strength = es.KeyExtractor(sampleRate=SAMPLE_RATE_HZ)(mono)
    if strength < WEAKEST:
        return {}
    found = {"key": key, "scale": scale, "camelot": camelot(key, scale), "key_strength": strength}
    return {name: value for name, value in found.items() if value is not None}


EXTRACTOR = Extractor(
    "key",
    1,
    OUTPUTS,
    compute,
    source="Essentia KeyExtractor, profile bgate; Faraldo, Gómez, Jordà & Herrera, Key estimation in electronic dance"
    " music, ECIR 2016",
)
