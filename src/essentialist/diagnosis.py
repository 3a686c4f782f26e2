"""Is everything here that is needed? One finding a subject, each from trying the thing itself."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Literal

import av
import numpy as np

from essentialist import models
from essentialist.catalogue.catalog import Catalog
from essentialist.errors import EssentialistError
from essentialist.networks import inference
from essentialist.settings import Settings, n_cores
from essentialist.sound import quiet_essentia as es
from essentialist.sound.patches import N_BANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Verdict = Literal["good", "warning", "bad"]

WORKER = 600 << 20  # bytes that a worker may take
LEAST_FREE = 1 << 30  # bytes on the catalogue's disk: 100,000 tracks need a quarter of it
CODECS = ("aac", "alac", "ape", "flac", "mp3float", "opus", "pcm_s16le", "vorbis", "wavpack", "wmav2")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one subject, and the remedy where it is not good."""

    subject: str
    verdict: Verdict
    what: str


def diagnose(settings: Settings) -> Iterator[Finding]:
    """Try everything that an analysis needs."""
    yield Finding("Python", "good", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield Finding("cores", "good", f"{n_cores()}; {settings.workers} workers listen at once")
    yield memory(settings)
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("decoder", decoder),
        ("algorithms", algorithms),
        *(
            (network.name, lambda network=network: network_runs(network, settings))
            for network in models.networks()
            if has(network)
        ),
        ("models", fetched_models),
        ("catalogue", lambda: catalogue(settings)),
        ("disk", lambda: disk(settings)),
    )
    for subject, check in checks:
        try:
            yield check()
        except (EssentialistError, ImportError, OSError, RuntimeError) as error:
            yield Finding(subject, "bad", f"{error}")


def memory(settings: Settings) -> Finding:
    """There is room for the workers, each with the longest of tracks."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    what = f"{total / (1 << 30):.1f} GiB"
    if total >= settings.workers * WORKER:
        return Finding("memory", "good", what)
    n_workers = max(1, total // WORKER)
    return Finding("memory", "warning", f"{what} for {settings.workers} workers: set --workers {n_workers}.")


def decoder() -> Finding:
    """FFmpeg, with the decoders of the formats that people keep."""
    absent = [name for name in CODECS if name not in av.codecs_available]
    version = f"FFmpeg by PyAV {metadata.version('av')}"
    if absent:
        return Finding("decoder", "warning", f"{version} cannot read {', '.join(absent)}: install av from a wheel.")
    return Finding("decoder", "good", version)


def algorithms() -> Finding:
    """Essentia finds the key of three tones."""
    seconds = np.arange(2 * 44_100) / 44_100
    triad = sum(np.sin(2 * np.pi * hz * seconds) for hz in (261.63, 329.63, 392.0))
    key, scale, _ = es.KeyExtractor()(np.asarray(triad, np.float32) / 3)
    if (key, scale) != ("C", "major"):
        return Finding("algorithms", "bad", f"Essentia hears {key} {scale} in C major: install essentia again.")
    return Finding("algorithms", "good", f"Essentia {metadata.version('essentia')}")


def has(network: models.Model) -> bool:
    """Whether a network should be here: it ships with the package, or was fetched."""
    return network.weights.shipped_in is not None or models.available(network.name)


def fetched_models() -> Finding:
    """How many networks and heads were fetched besides what ships; none is needed."""
    fetched = [entry for entry in models.everything() if entry.weights.shipped_in is None]
    n_here = sum(models.available(entry.name) for entry in fetched)
    return Finding(
        "models", "good", f"{n_here} of {len(fetched)} fetched; `essentialist models list` says what they give"
    )


def network_runs(network: models.Model, settings: Settings) -> Finding:
    """A network has the right weights and answers, and where it runs."""
    patch = np.zeros((1, network.patch_frames, N_BANDS), np.float32)
    n_classes = inference.run(network, patch, device=settings.device).activations.shape[1]
    place = inference.place(network, settings.device)
    what = f"{network.title}, {n_classes} classes, {network.licence}; runs on {place}"
    if settings.device == "cuda" and place != "the GPU":
        return Finding(network.name, "warning", f"{what}: for a GPU install onnxruntime-gpu and NVIDIA's driver.")
    return Finding(network.name, "good", what)


def catalogue(settings: Settings) -> Finding:
    """The catalogue is one, or can be made."""
    path = settings.catalog
    if not path.exists():
        parent = next(folder for folder in path.absolute().parents if folder.exists())
        if os.access(parent, os.W_OK):
            return Finding("catalogue", "good", f"{path} will be made by `essentialist analyze FOLDER`")
        return Finding(
            "catalogue", "bad", f"{path} cannot be made: {parent} is read-only; name another with --catalog."
        )
    status = Catalog(path).status()
    if not os.access(path, os.W_OK):
        return Finding("catalogue", "warning", f"{path} can be read but not written: no analysis can be entered.")
    gone = [root for root in status.roots if not os.path.isdir(root)]
    if gone:
        return Finding("catalogue", "warning", f"{path}: {gone[0]} is not there; connect the disk that holds it.")
    return Finding("catalogue", "good", f"{path}, {status.analysed:,} tracks")


def disk(settings: Settings) -> Finding:
    """There is room for the catalogue."""
    parent = next(folder for folder in settings.catalog.absolute().parents if folder.exists())
    free = shutil.disk_usage(parent).free
    verdict: Verdict = "good" if free >= LEAST_FREE else "warning"
    advice = "" if verdict == "good" else "; free some space before a large analysis"
    return Finding("disk", verdict, f"{free / (1 << 30):.1f} GiB free at {parent}{advice}")
