"""What turns mel-spectrogram patches into embeddings, and embeddings into answers: one file each, here their contract.

A *network* reads patches and gives activations and an embedding for each. A *head* is a small network that reads those
embeddings and answers one question: who sings, how happy. Each is an ONNX file and its card, a JSON file of the same
name that lists its classes in the order of its outputs; that order differs from head to head, so everything is read by
name. Dropping a file with a `MODEL` or a `HEAD` in this folder adds it.

Files are shipped with the package or fetched once into one folder: `ESSENTIALIST_MODELS`, or `models` among the user's
data. Importing this package reads no file and loads neither ONNX Runtime nor Essentia.
"""

from __future__ import annotations

import difflib
import os
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from essentialist import registry
from essentialist.cards import read_card
from essentialist.errors import ModelError
from essentialist.settings import APP

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = Path(__file__).parent / "weights"
OFFICIAL = "https://essentia.upf.edu/models/"
"""Where the Music Technology Group keeps its models; a mirror has the same folders."""

MTG = "CC BY-NC-SA 4.0"
"""Licence of what is fetched: not for commercial ends, naming the Music Technology Group, under the same terms."""

ALONSO_2020 = "Alonso-Jiménez, Bogdanov, Pons & Serra, 2020, TensorFlow audio models in Essentia, ICASSP"
BOGDANOV_2019 = "Bogdanov, Won, Tovstogan, Porter & Serra, 2019, The MTG-Jamendo dataset for automatic music tagging"
BOGDANOV_2022 = "Bogdanov, Lizarraga-Seijas, Alonso-Jiménez & Serra, 2022, MusAV, ISMIR"
LAURIER_2009 = "Laurier, Meyers, Serrà, Blech & Herrera, 2009, Music mood annotator design and integration, CBMI"


@dataclass(frozen=True, slots=True)
class Weights:
    """An ONNX file.

    `address` is its path on the official server and its mirrors, of a shipped file its name. `sha256` and `size`
    (bytes) are None where nobody has stated them; `n_sources` public sources state the hash.
    """

    address: str
    sha256: str | None
    size: int | None = None
    n_sources: int = 0
    shipped_in: Path | None = None

    @property
    def path(self) -> Path:
        """Where the file is on this machine, or would be."""
        return (self.shipped_in or folder()) / self.address.rpartition("/")[2]

    @property
    def card(self) -> Path:
        """The card beside the file."""
        return self.path.with_suffix(".json")

    @property
    def record(self) -> Path:
        """Where a hash is written down that was not known, or was accepted by hand; `sha256sum -c` reads it."""
        return self.path.with_suffix(".sha256")

    @property
    def expected(self) -> str | None:
        """The SHA-256 that the file must have: as written down here, else as stated; None where neither is known."""
        try:
            return self.record.read_text(encoding="ascii").split()[0]
        except (FileNotFoundError, NotADirectoryError):
            return self.sha256
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise ModelError(f"Cannot read the hash in {self.record} ({error}): remove that file.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What networks and heads have in common.

    `name` is what extractors, embeddings and provenance call it. `gives` names the descriptors that are read from it.
    """

    name: str
    title: str
    gives: tuple[str, ...]
    licence: str
    citation: str
    weights: Weights

    @property
    def classes(self) -> tuple[str, ...]:
        """What the outputs are the probabilities (or values) of, in order, as the card says.

        Raises
        ------
        ModelError
            When the card is missing or is not one.
        """
        return read_card(self.weights.card, remedy(self)).classes

    @property
    def sha256(self) -> str:
        """The SHA-256 of the weights: what values are known to come from. Raises ModelError where it is not known."""
        expected = self.weights.expected
        if expected is None:
            raise ModelError(f"{self.name} is not installed. {remedy(self)}")
        return expected

    @property
    def signature(self) -> str:
        """The beginning of the SHA-256, by which stored values and patches name their origin. Raises ModelError."""
        return self.sha256[:8]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The outputs of a network's graph that are read, by purpose."""

    activations: str
    embeddings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Entry):
    """A network that reads mel-spectrogram patches.

    `input` is the node that takes patches of `patch_frames` frames; `patch_hop` is the hop, in frames, at which
    Essentia takes them from a whole track. `n_dims` is the length of an embedding. `batch` is how many patches at a
    time are fastest on one CPU core, `gpu_batch` how many fit in a share of a GPU.
    """

    input: str
    outputs: Nodes
    patch_frames: int
    patch_hop: int
    n_dims: int
    batch: int = 1
    gpu_batch: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Entry):
    """A small network that reads the embeddings of `network`.

    `meanings` maps the classes that are read to what our descriptors call them; a card without one of them is refused.
    The nodes are found by their roles: the graph's one input, and the output that the card names for predictions.
    """

    network: str
    meanings: Mapping[str, str] = field(hash=False)

    def meant(self, outputs: Mapping[str, float]) -> dict[str, float]:
        """What outputs by class say, in the words of our descriptors; nothing where there are none."""
        return {meaning: outputs[name] for name, meaning in self.meanings.items()} if outputs else {}


@cache
def networks() -> tuple[Model, ...]:
    """Every network of this folder."""
    return tuple(registry.entries(sys.modules[__name__], "MODEL", Model))


@cache
def heads() -> tuple[Head, ...]:
    """Every head of this folder."""
    return tuple(registry.entries(sys.modules[__name__], "HEAD", Head))


def everything() -> tuple[Model | Head, ...]:
    """Every network, then every head."""
    return *networks(), *heads()


def network(name: str) -> Model:
    """Return the network of this name, or raise ModelError."""
    found = named(name)
    if not isinstance(found, Model):
        raise ModelError(f"{name} is a head, not a network: it reads the embeddings of {found.network}.")
    return found


def head(name: str) -> Head:
    """Return the head of this name, or raise ModelError."""
    found = named(name)
    if not isinstance(found, Head):
        raise ModelError(f"{name} is a network, not a head: it reads patches.")
    return found


def named(name: str) -> Model | Head:
    """Return the network or head of this name.

    Raises
    ------
    ModelError
        When there is none; the message names the nearest.
    """
    known = {entry.name: entry for entry in everything()}
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        remedy = f"did you mean {near[0]}?" if near else "`essentialist models list` names them all."
        raise ModelError(f"There is no network or head called {name!r}: {remedy}")
    return known[name]


def available(name: str) -> bool:
    """Whether a network or head is here: its card, and its file in the right size. The hash is checked when it runs."""
    weights = named(name).weights
    try:
        size = weights.path.stat().st_size
    except OSError:
        return False
    fits = size == weights.size if weights.size and not weights.record.exists() else size > 0
    return fits and weights.card.is_file()


def installed() -> frozenset[str]:
    """The names of all networks and heads that are here."""
    return frozenset(entry.name for entry in everything() if available(entry.name))


def labels(name: str) -> tuple[str, ...]:
    """The classes of a network or head where it is here, else none: for what must be said without it."""
    try:
        return named(name).classes if available(name) else ()
    except ModelError:
        return ()


def folder() -> Path:
    """Where fetched files live."""
    chosen = os.environ.get("ESSENTIALIST_MODELS")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir(APP)) / "models"


def server() -> str:
    """Where files are fetched from: `ESSENTIALIST_MIRROR`, or the official server."""
    return os.environ.get("ESSENTIALIST_MIRROR") or OFFICIAL


def remedy(entry: Entry) -> str:
    """Say how to get a file back."""
    if entry.weights.shipped_in == SHIPPED:
        return "Install essentialist again: the file is part of it."
    return f"Run `essentialist models pull {entry.name}`, or `essentialist models add FILE` without a network."
