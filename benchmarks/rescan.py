"""How long `essentialist analyze` takes over files that are all known: a scan, a comparison, nothing to listen to.

    python benchmarks/rescan.py [N_FILES]

The files are small and their analyses made up, but entered by the same `Recorder` that a run uses. The command is run
five times, each in a process of its own, from start to exit; the best and the worst time are printed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from essentialist.analysis import Analysis, Heard, Sound, provenance
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.descriptors import usable
from essentialist.files.collection import walk
from essentialist.models import installed, network
from essentialist.track import AudioFile, Tags

FILES_A_FOLDER = 12
N_REPEATS = 5
NETWORK = "msd-musicnn-1"
N_LABELS = 15  # of a distribution, that are probable enough to be kept


def make_files(root: Path, n_files: int) -> None:
    """Write small files in folders of 12; every tenth is FLAC by its content only."""
    for index in range(n_files):
        folder = root / f"artist {index // FILES_A_FOLDER // 5}" / f"album {index // FILES_A_FOLDER}"
        folder.mkdir(parents=True, exist_ok=True)
        suffix = "" if index % 10 == 0 else ".flac"
        (folder / f"{index:06} title{suffix}").write_bytes(b"fLaC\x00\x00\x00\x22" + bytes(100 + index % 1000))


def made_up(file: AudioFile, generator: np.random.Generator) -> Heard:
    """An analysis such as a real one."""
    extractors = usable(installed())
    outputs = [descriptor for extractor in extractors for descriptor in extractor.outputs]
    numbers = {
        each.name: float(generator.uniform(*(each.range or (0.0, 1.0)))) for each in outputs if each.kind == "number"
    }
    labels = {each.name: str(generator.choice(each.labels or ("C",))) for each in outputs if each.kind == "label"}
    distributions = {
        each.name: {label: float(generator.uniform(0.1, 0.9)) for label in each.labels[:N_LABELS]}
        for each in outputs
        if each.kind == "distribution"
    }
    analysis = Analysis(
        {**numbers, **labels, **distributions},
        {NETWORK: generator.normal(size=(1, network(NETWORK).n_dims)).astype(np.float32)},
        {extractor.name: provenance(extractor, "balanced") for extractor in extractors},
        {},
    )
    fingerprint = hashlib.blake2b(file.path.encode(), digest_size=16).digest()
    return Heard(Tags(title=file.path, artist="Artist"), fingerprint, Sound(200.0, bytes(400)), analysis)


def fill(catalog: Catalog, music: Path) -> None:
    """Enter every file, one transaction each, as a run does."""
    generator = np.random.default_rng(0)
    with Recorder(catalog) as recorder:
        recorder.learn(usable(installed()))
        for file in walk(music):
            if isinstance(file, AudioFile):
                recorder.enter(file, made_up(file, generator))


def rescan(catalog: Catalog, music: Path) -> float:
    """Seconds of one run of the command, from start to exit; every file has to be unchanged."""
    command = [sys.executable, "-m", "essentialist", "analyze", str(music), "--json", "--catalog", str(catalog.path)]
    start = perf_counter()
    ledger = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    seconds = perf_counter() - start
    if ledger["unchanged"] != ledger["found"]:
        raise RuntimeError(f"not all files are unchanged: {ledger}")
    return seconds


def main(n_files: int) -> None:
    """Make a collection of `n_files` that is all known, and scan it again."""
    with tempfile.TemporaryDirectory() as folder:
        music = Path(folder, "music")
        make_files(music, n_files)
        catalog = Catalog.create(Path(folder, "catalog.db"))
        start = perf_counter()
        fill(catalog, music)
        print(f"entered {n_files} files in {perf_counter() - start:.1f} s; {catalog.path.stat().st_size / 1e6:.0f} MB")
        times = [rescan(catalog, music) for _ in range(N_REPEATS)]
        print(f"rescan  {n_files} files  best {min(times):.2f} s  worst {max(times):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
