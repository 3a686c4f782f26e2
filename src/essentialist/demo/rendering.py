"""A piece as sound."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from essentialist.demo import SAMPLE_RATE, Piece, Samples, composition, drums, mixing
from essentialist.demo.styles import STYLES, Style

if TYPE_CHECKING:
    from essentialist.demo.composition import Form, Note, Part

TAIL_S = 1.5
FADE_S = 0.5
KICKS = (drums.kick, drums.soft_kick)


def render(piece: Piece) -> Samples:
    """The piece as stereo samples, (n_samples, 2), 20 to 30 s at `SAMPLE_RATE`; the same piece, the same samples."""
    style = STYLES[piece.style]
    form = composition.form(piece, style.beats_per_bar)
    n_samples = round((form.seconds + TAIL_S) * SAMPLE_RATE)
    dry, wet = np.zeros((n_samples, 2), dtype=np.float32), np.zeros(n_samples, dtype=np.float32)
    for number, part in enumerate(style.parts):
        notes = composition.notes(part, form, swing=style.swing, seed=piece.seed + number)
        bus = mixing.levelled(played(part, notes, n_samples), part.level)
        dry += bus
        wet += np.float32(part.room) * (bus[:, 0] + bus[:, 1])
    rng = np.random.default_rng(piece.seed)
    mix = dry + mixing.room(wet, style.room_s, rng)
    return mastered(with_drums(mix, style, form, rng), style.loudness)


def played(part: Part, notes: list[Note], n_samples: int) -> Samples:
    """All notes of a part on a bus, (n_samples, 2); a tone that comes again is rendered once."""
    gains = np.array(mixing.gains(part.pan), dtype=np.float32)

    @cache
    def tone(pitch: int, length: float) -> Samples:
        hz = 440 * 2 ** ((pitch - 69) / 12)
        spread = 2 ** (part.width / 2400)
        sides = (hz / spread, hz * spread) if part.width else (hz, hz)
        left = part.voice(sides[0], length)
        right = part.voice(sides[1], length) if part.width else left
        return np.stack([left, right], axis=1) * gains

    bus = np.zeros((n_samples, 2), dtype=np.float32)
    for note in notes:
        mixing.add(bus, tone(note.pitch, note.length) * np.float32(note.velocity), note.start)
    return bus


def with_drums(mix: Samples, style: Style, form: Form, rng: np.random.Generator) -> Samples:
    """The mix and the style's groove, the mix stepping back where a bass drum sounds."""
    hits = composition.hits(style.groove, form, fill=style.fill, end=style.end, swing=style.swing)
    if not hits:
        return mix
    sounds = {drum: drum(rng) for drum in dict.fromkeys(hit.drum for hit in hits)}
    bus = np.zeros_like(mix)
    for hit in hits:
        gains = np.array(mixing.gains(hit.pan), dtype=np.float32) * np.float32(hit.velocity**1.5)
        mixing.add(bus, sounds[hit.drum][:, None] * gains, hit.start)
    kicks = sorted(hit.start for hit in hits if hit.drum in KICKS)
    if style.duck and kicks:
        mix = mix * mixing.ducking(len(mix), kicks, style.duck)
    return mix + mixing.levelled(bus, style.drum_level)


def mastered(mix: Samples, loudness: float) -> Samples:
    """The mix at its level, limited, its end faded out."""
    n_fade = round(FADE_S * SAMPLE_RATE)
    mix[-n_fade:] *= np.linspace(1, 0, n_fade, dtype=np.float32)[:, None]
    return mixing.limited(mixing.levelled(mix, loudness))
