"""Our analysis against others, in one run: clips and whole tracks, whole processes, medians of several runs.

    make pipelines
    .venv/bin/python benchmarks/pipelines.py --models ../shared/models ../shared/music ../shared/music_full

The pipelines are ours (`balanced`, two workers, all descriptors; `msd-musicnn-1` as shipped, emoMusic out of MODELS),
the reference as people write it from Essentia's examples (`pipelines_reference.py`), librosa with MusiCNN
(`pipelines_librosa.py`) and bliss (`pipelines_bliss.py`). Each runs in an environment of its own, as one process from
start to exit, over all files of a folder; they take turns, so that a change of the machine meets all. Only ours is told
how many processes to use. Files that a pipeline cannot read are decoded to WAV for it beforehand, untimed: Opus for the
reference (Essentia's loader would kill the process), Opus and AAC for librosa. Wall time, processor time (user and
system) and the most memory that all its processes held together are printed as a table, and with --json as JSON.

"Speed must not cost truth": the analyses of the first folder in `balanced` and in `full` are compared as well. Linux
only.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import wave
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pipelines_cost import Cost, cost_of

from essentialist.catalogue.catalog import Catalog
from essentialist.files.collection import walk
from essentialist.sound.audio import Decoder
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).resolve().parent
NEAR = 0.04  # tempi that differ by less are the same
EMOTIONS = ("arousal", "valence")
OURS, REFERENCE = "essentialist", "reference"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What is compared: the beginning of its command, and the suffixes that it cannot read."""

    name: str
    start: tuple[str, ...]
    cannot_read: tuple[str, ...] = ()

    def command(self, folder: Path, files: Sequence[Path], catalog: Path) -> list[str]:
        """The whole command: ours is given the folder and a catalogue, the others the files."""
        if self.name == OURS:
            return [*self.start, str(folder), "--catalog", str(catalog)]
        return [*self.start, *map(str, files)]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The costs of every pipeline over a folder, and what each said in its last run besides its tracks."""

    folder: str
    n_files: int
    duration_s: float
    costs: Mapping[str, list[Cost]] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def median(self, pipeline: str) -> Cost:
        """The medians of a pipeline's runs, each figure by itself."""
        costs = self.costs[pipeline]
        return Cost(
            statistics.median(each.wall_s for each in costs),
            statistics.median(each.cpu_s for each in costs),
            int(statistics.median(each.peak_bytes for each in costs)),
        )


def pipelines(options: argparse.Namespace) -> Iterator[Pipeline]:
    """Those whose environments are there; the others are named on stderr."""
    yield Pipeline(OURS, (sys.executable, "-m", "essentialist", "analyze", "--json", f"--workers={options.workers}"))
    models = str(options.models)
    for name, environment, arguments, cannot_read in (
        (REFERENCE, options.reference, (models,), (".opus",)),
        ("librosa", options.librosa, (models,), (".m4a", ".opus")),
        ("bliss", options.bliss, (), ()),
    ):
        python = environment / "bin" / "python"
        if python.exists():
            yield Pipeline(name, (str(python), str(HERE / f"pipelines_{name}.py"), *arguments), cannot_read)
        else:
            print(f"{name} is left out: there is no {python}; `make pipelines` makes it", file=sys.stderr)


def audio_files(folder: Path) -> list[Path]:
    """The music of a folder, in the order of a walk."""
    return [found.absolute for found in walk(folder) if isinstance(found, AudioFile)]


def readable(files: Sequence[Path], cannot_read: Sequence[str], scratch: Path) -> list[Path]:
    """The files, those of some formats as WAV."""
    return [as_wav(path, scratch) if path.suffix in cannot_read else path for path in files]


def as_wav(path: Path, scratch: Path) -> Path:
    """A file decoded to 16-bit WAV at its own rate; once for all runs."""
    made = scratch / f"{path.stem}.wav"
    if made.exists():
        return made
    decoder = Decoder(path)
    samples = np.concatenate([block.T for block in decoder])
    with wave.open(str(made), "wb") as file:
        file.setparams((decoder.n_channels, 2, decoder.sample_rate, 0, "NONE", ""))
        file.writeframes((samples.clip(-1, 1) * 32_767).astype("<i2").tobytes())
    decoder.close()
    return made


def our_models(models: Path, scratch: Path) -> dict[str, str]:
    """The environment of our pipeline: emoMusic out of MODELS is there, whatever else is on the machine."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ESSENTIALIST_")}
    environment["ESSENTIALIST_MODELS"] = str(scratch / "models")
    head = [str(models / f"emomusic-msd-musicnn-2.{suffix}") for suffix in ("onnx", "json")]
    add = [sys.executable, "-m", "essentialist", "models", "add", *head]
    subprocess.run(add, check=True, env=environment, stdout=subprocess.DEVNULL)
    return environment


def compare(folder: Path, chosen: Sequence[Pipeline], environment: Mapping[str, str], n_repeats: int) -> Comparison:
    """Run every pipeline over a folder, in turns."""
    files = audio_files(folder)
    costs: dict[str, list[Cost]] = {each.name: [] for each in chosen}
    answers: dict[str, Mapping[str, Any]] = {}
    duration_s = 0.0
    with tempfile.TemporaryDirectory() as decoded:
        own = {each.name: readable(files, each.cannot_read, Path(decoded)) for each in chosen}
        for turn, pipeline in itertools.product(range(n_repeats), chosen):
            with tempfile.TemporaryDirectory() as scratch:
                catalog, output = Path(scratch, "catalog.db"), Path(scratch, "output.json")
                cost = cost_of(pipeline.command(folder, own[pipeline.name], catalog), environment, output)
                costs[pipeline.name].append(cost)
                print(f"{folder.name}, turn {turn + 1}: {pipeline.name} {cost.wall_s:.1f} s", file=sys.stderr)
                answer = json.loads(output.read_text())
                answers[pipeline.name] = {name: answer[name] for name in answer if name != "tracks"}
                if pipeline.name == OURS:
                    duration_s = Catalog(catalog).status().duration
    return Comparison(str(folder), len(files), duration_s, costs, answers)


def truth(folder: Path, environment: Mapping[str, str], workers: int) -> dict[str, float]:
    """How far `balanced` is from `full` over a folder: mean difference of the emotions, share of equal tempi."""
    values: dict[str, dict[Path, Mapping[str, Any]]] = {}
    for profile in ("balanced", "full"):
        with tempfile.TemporaryDirectory() as scratch:
            catalog = Path(scratch, "catalog.db")
            command = [sys.executable, "-m", "essentialist", "analyze", str(folder), "--json", "--profile", profile]
            command += ["--workers", str(workers), "--catalog", str(catalog)]
            print(f"{folder.name}: profile {profile}", file=sys.stderr)
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            values[profile] = {track.path: track.values for track in Catalog(catalog).tracks()}
    pairs = [(values["balanced"][path], full) for path, full in values["full"].items()]
    found: dict[str, float] = {}
    for name in EMOTIONS:
        found[name] = statistics.mean(abs(a[name] - b[name]) for a, b in pairs if name in a and name in b)
    tempi = [(a.get("bpm"), b.get("bpm")) for a, b in pairs]
    found["bpm_equal"] = statistics.mean(a == b or bool(a and b and abs(a / b - 1) < NEAR) for a, b in tempi)
    return found


def print_comparison(comparison: Comparison) -> None:
    """One folder's table; times as fast as the reference where that was run."""
    minutes = comparison.duration_s / 60
    print(f"\n{Path(comparison.folder).name}: {comparison.n_files} files, {minutes:.1f} minutes of music")
    print(f"{'':14}{'s a file':>10}{'wall s':>9}{'user+sys s':>12}{'peak MiB':>10}{'wall of ours':>14}")
    ours = comparison.median(OURS)
    for name in comparison.costs:
        cost = comparison.median(name)
        figures = f"{cost.wall_s / comparison.n_files:10.3f}{cost.wall_s:9.1f}{cost.cpu_s:12.1f}"
        print(f"{name:14}{figures}{cost.peak_bytes / 2**20:10.0f}{cost.wall_s / ours.wall_s:13.1f}x")


def main() -> None:
    """Compare over every folder; the truth on the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--models", type=Path, required=True, help="Essentia's networks: ONNX and frozen graphs")
    for name in (REFERENCE, "librosa", "bliss"):
        parser.add_argument(f"--{name}", type=Path, default=Path(f".venv-{name}"), help="its environment")
    parser.add_argument("--workers", type=int, default=2, help="of ours")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", action="append", metavar="PIPELINE", help="besides ours; may be given again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all runs there too")
    options = parser.parse_args()
    chosen = [each for each in pipelines(options) if not options.only or each.name in {OURS, *options.only}]
    with tempfile.TemporaryDirectory() as scratch:
        environment = our_models(options.models, Path(scratch))
        compared = [compare(folder, chosen, environment, options.repeat) for folder in options.folders]
        kept = truth(options.folders[0], environment, options.workers)
    print(f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores; medians of {options.repeat} runs")
    for comparison in compared:
        print_comparison(comparison)
    print(
        f"\nbalanced against full, {options.folders[0].name}: mean difference of arousal {kept['arousal']:.3f},"
        f" of valence {kept['valence']:.3f}; tempo within 4 % on {kept['bpm_equal']:.1%}"
    )
    if options.json:
        document = {"comparisons": [asdict(each) for each in compared], "balanced_against_full": kept}
        options.json.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
