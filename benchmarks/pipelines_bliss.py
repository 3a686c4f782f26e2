"""bliss: hand-made features for likeness and nothing else (no network, no key, no emotion), by `bliss-audio`.

    .venv-bliss/bin/python benchmarks/pipelines_bliss.py FILE...

Runs in an environment with `bliss-audio` and prints JSON: what was found by file, and what it could not read.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bliss_audio import Song

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(files: Sequence[str]) -> None:
    """Listen to files, one after the other."""
    tracks: dict[str, dict[str, float]] = {}
    failed: dict[str, str] = {}
    for file in files:
        try:
            tracks[file] = {str(name): float(value) for name, value in Song(file).analysis_dict.items()}
        except Exception as error:  # noqa: BLE001 - its exceptions have no common base
            failed[file] = str(error)
    json.dump({"tracks": tracks, "failed": failed}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
