"""What the networks cost of a clip of 30 s on one core, in the profile `balanced`: mel-spectrogram, networks, heads.

    python benchmarks/networks.py [SECONDS]

All networks and heads that are installed run on the patches of made-up music, after one run that loads them. Processor
time, so that others on the machine change little; the best of ten runs.
"""

from __future__ import annotations

import sys
from functools import partial
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from essentialist import models
from essentialist.networks import inference
from essentialist.sound import patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.sound.audio import Samples

SECONDS = 30.0
N_REPEATS = 10


def music(seconds: float) -> Samples:
    """Decaying notes of a scale, and noise: loud and quiet, so that no path is spared."""
    generator = np.random.default_rng(0)
    clock = np.arange(int(seconds * patches.SAMPLE_RATE_HZ)) / patches.SAMPLE_RATE_HZ
    hz = 220 * 2 ** (generator.integers(0, 24, int(seconds * 4) + 1) / 12)
    notes = np.sin(2 * np.pi * hz[(clock * 4).astype(int)] * clock) * np.exp(-6 * (clock % 0.25))
    return np.asarray(0.5 * notes + 0.05 * generator.standard_normal(len(clock)), np.float32)


def stretches(samples: Samples) -> tuple[Samples, ...]:
    """The mel-spectrogram of what the profile hears."""
    collector = patches.collector("balanced")
    collector.push(samples)
    return collector.finish()


def best(work: Callable[[], object]) -> float:
    """The least seconds of a core that a piece of work takes."""
    work()
    times = []
    for _ in range(N_REPEATS):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def main(seconds: float) -> None:
    """Print a line for each stage, and their sum."""
    samples = music(seconds)
    heard = stretches(samples)
    costs = {"mel-spectrogram": best(partial(stretches, samples))}
    for network in models.networks():
        if not models.available(network.name):
            continue
        cut = patches.windows(heard, network.patch_frames, network.patch_frames)
        costs[f"{network.name}, {len(cut)} patches"] = best(partial(inference.run, network, cut, device="cpu"))
        embeddings = inference.run(network, cut, device="cpu").embeddings
        for head in models.heads():
            if head.network == network.name and models.available(head.name):
                costs[head.name] = best(partial(inference.run_head, head, embeddings))
    for name, cost in costs.items():
        print(f"  {name:42} {1000 * cost:7.1f} ms")
    print(f"networks' share of {seconds:g} s of music: {sum(costs.values()):.3f} s of a core")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
