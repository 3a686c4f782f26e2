"""Made-up analyses: a file's bytes stand for its sound, so that the catalogue can be tried without listening."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from essentialist.analysis import Analysis, Heard, Sound, provenance
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.descriptors import Descriptor, Extractor, usable
from essentialist.files.collection import walk
from essentialist.models import installed, network
from essentialist.track import AudioFile, Tags

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from essentialist.track import Value


def extractors() -> tuple[Extractor, ...]:
    """What an analysis runs here."""
    return usable(installed())


def networks() -> tuple[str, ...]:
    """The networks whose embeddings it enters."""
    return ("msd-musicnn-1",)


def heard(sound: bytes, title: str = "", *, failures: Iterable[str] = ()) -> Heard:
    """What listening to this sound gives, when nothing of it was known."""
    generator = np.random.default_rng(list(sound[:64]))
    outputs = [descriptor for extractor in extractors() for descriptor in extractor.outputs]
    lengths = {name: network(name).n_dims for name in networks()}
    analysis = Analysis(
        {descriptor.name: value(descriptor, generator) for descriptor in outputs},
        {name: generator.normal(size=(1, n_dims)).astype(np.float32) for name, n_dims in lengths.items()},
        {extractor.name: provenance(extractor, "balanced") for extractor in extractors()},
        dict.fromkeys(failures, "ValueError: made up"),
    )
    return Heard(Tags(title=title or "untitled"), fingerprint(sound), Sound(30.0, bytes(400)), analysis)


def fingerprint(sound: bytes) -> bytes:
    """What a sound is known by."""
    return hashlib.blake2b(sound, digest_size=16).digest()


def value(descriptor: Descriptor, generator: np.random.Generator) -> Value:
    """A value that the descriptor allows."""
    if descriptor.kind == "distribution":
        return {label: 0.5 for label in descriptor.labels[:3]}
    if descriptor.kind == "label":
        return descriptor.labels[0] if descriptor.labels else "C"
    low, high = descriptor.range or (0.0, 1.0)
    return float(generator.uniform(low, high))


def enter(recorder: Recorder, files: Iterable[AudioFile]) -> None:
    """Enter files as if they had been listened to; the title is the file's path."""
    for file in files:
        recorder.enter(file, heard(file.absolute.read_bytes(), file.path))


def enter_folder(recorder: Recorder, folder: Path) -> None:
    """Enter all files of a folder."""
    enter(recorder, [entry for entry in walk(folder) if isinstance(entry, AudioFile)])


def made_up_catalog(folder: Path, n_tracks: int) -> Path:
    """A catalogue of so many tracks, each with a sound of its own, beside their files."""
    chance = np.random.default_rng(3)
    music = make_files(folder / "Music", {f"{number:03}.flac": chance.bytes(64) for number in range(n_tracks)})
    catalog = Catalog.create(folder / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        enter_folder(recorder, music)
    return catalog.path


def make_files(folder: Path, sounds: dict[str, bytes]) -> Path:
    """Write files by path with these bytes; the folder."""
    for name, sound in sounds.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sound)
    return folder
