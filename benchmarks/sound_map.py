"""How well a map by sound keeps neighbourhoods, and what it takes: `choosing.layout` beside the first two components.

    python benchmarks/sound_map.py CATALOG

For a sample of tracks: the share of the 10 nearest by embedding that are among the 10 nearest on the map, the share
that are among its 100 nearest, and trustworthiness (Venna & Kaski, 2001): 1 where nobody lies close who should not,
0.5 by chance.
"""

from __future__ import annotations

import argparse
import resource
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.choosing.layout import layout, principal

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE = 500
NEAR = 10


def quality(vectors: NDArray[np.float32], places: NDArray[np.float32]) -> tuple[float, float, float]:
    """Shares kept among the 10 and among the 100 nearest, and trustworthiness, of a sample."""
    n = len(vectors)
    sample = np.random.default_rng(1).choice(n, min(SAMPLE, n), replace=False)
    kept, kept_wide, penalty = 0.0, 0.0, 0.0
    for row in sample:
        by_sound = np.argsort(np.argsort(-(vectors @ vectors[row])))  # rank 0 is the track itself
        by_map = np.argsort(np.argsort(((places - places[row]) ** 2).sum(axis=1)))
        near = (by_sound <= NEAR) & (np.arange(n) != row)
        kept += (by_map[near] <= NEAR).mean()
        kept_wide += (by_map[near] <= 10 * NEAR).mean()
        penalty += np.maximum(by_sound[by_map <= NEAR] - NEAR, 0).sum()
    worst = NEAR * (2 * n - 3 * NEAR - 1) / 2
    return kept / len(sample), kept_wide / len(sample), 1 - penalty / len(sample) / worst


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", type=Path)
    vectors = Catalog(parser.parse_args().catalog).embeddings(EMBEDDING).vectors
    print(f"{len(vectors):,} tracks of {vectors.shape[1]} dimensions")
    print(f"{'map':<24} {'10 of 10':>9} {'10 in 100':>9} {'trust':>6} {'CPU s':>6}")
    for name, draw in (("two components", partial(principal, n=2)), ("layout", layout)):
        start = time.process_time()
        places = draw(vectors)
        spent = time.process_time() - start
        kept, wide, trust = quality(vectors, places)
        print(f"{name:<24} {kept:9.1%} {wide:9.1%} {trust:6.3f} {spent:6.1f}")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
