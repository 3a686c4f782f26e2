"""How much the resampler changes what networks say: Essentia's own in place of soxr, on real music.

    .venv/bin/python scripts/compare_resamplers.py [--models ../shared/models] MUSIC

Every clip of MUSIC is brought from its own sample rate to 16 kHz by soxr HQ, as the package does, and by Essentia's
Resample in three of its qualities; all else is the same, every patch at Essentia's hop. MODELS holds emoMusic as ONNX
with its card.
"""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from reference import MODELS, clips_of, samples_of

from essentialist.models.emomusic import HEAD
from essentialist.models.msd_musicnn import MODEL
from essentialist.networks import inference
from essentialist.sound import patches
from essentialist.sound import quiet_essentia as es
from essentialist.sound.audio import Decoder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference import Floats

QUALITIES = (0, 1, 4)  # of Essentia's Resample, which calls 0 the best


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a clip: means over its patches."""

    emotions: Mapping[str, float]
    tags: Floats
    embedding: Floats


def main() -> None:
    """Listen to every clip through every resampler, and print how far they are apart."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("music", type=Path, metavar="MUSIC")
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args()
    os.environ["ESSENTIALIST_MODELS"] = str(options.models)
    clips = clips_of(options.music)
    ours = [said(samples_of(path)) for path in clips]
    for quality in QUALITIES:
        report(quality, ours, [said(resampled(path, quality)) for path in clips])


def said(samples: Floats) -> Said:
    """What network and head say of a signal of 16 kHz."""
    mel = patches.mel_spectrogram(samples)
    outputs = inference.run(MODEL, patches.windows([mel], MODEL.patch_frames, MODEL.patch_hop))
    means = inference.means(HEAD, outputs.embeddings)
    return Said(means, outputs.activations.mean(axis=0), outputs.embeddings.mean(axis=0))


def resampled(path: Path, quality: int) -> Floats:
    """A clip at 16 kHz, by Essentia."""
    with closing(Decoder(path)) as decoder:
        rate_hz = decoder.sample_rate
    resample = es.Resample(inputSampleRate=rate_hz, outputSampleRate=patches.SAMPLE_RATE_HZ, quality=quality)
    return np.asarray(resample(samples_of(path, rate_hz)), np.float32)


def report(quality: int, ours: Sequence[Said], theirs: Sequence[Said]) -> None:
    """Print how far clips move."""
    print(f"Essentia's Resample of quality {quality} in place of soxr HQ, {len(ours)} clips:")
    pairs = list(zip(ours, theirs, strict=True))
    for name in ("arousal", "valence"):
        apart = [abs(one.emotions[name] - other.emotions[name]) for one, other in pairs]
        print(f"  {name}: {np.mean(apart):.3f} on average, {max(apart):.3f} at worst")
    tags = [float(np.abs(one.tags - other.tags).max()) for one, other in pairs]
    print(f"  the tag that moves most: {np.mean(tags):.3f} on average, {max(tags):.3f} at worst")
    nearness = [cosine(one.embedding, other.embedding) for one, other in pairs]
    print(f"  cosine of the embedding: {min(nearness):.5f} at worst")


def cosine(one: Floats, other: Floats) -> float:
    """The cosine of two embeddings."""
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


if __name__ == "__main__":
    main()
