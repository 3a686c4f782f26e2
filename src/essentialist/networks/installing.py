"""Getting the files of networks and heads into their folder, and keeping them right.

A file gets its name only when all is checked: its SHA-256, that ONNX Runtime loads it, that its nodes and its card fit.
The card comes first and the weights last, so a network is either there or not. One process at a time does this.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from essentialist import models
from essentialist.cards import parse_card
from essentialist.errors import ModelError
from essentialist.networks import inference
from essentialist.networks.downloading import Wanted, download, unwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from essentialist.models import Head, Model
    from essentialist.networks.downloading import Patience

MOST_OF_A_CARD = 1 << 20
MOST_OF_A_GRAPH = 1 << 28


@dataclass(frozen=True, slots=True)
class Offer:
    """Where files come from and what is taken: `accepted` holds hashes that a person vouches for."""

    server: str
    accepted: frozenset[str] = frozenset()
    patience: Patience | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """What was put in place; `remark` says how sure its hash is, "" where several sources state it."""

    entry: Model | Head
    remark: str


def pull(entry: Model | Head, offer: Offer, seen: Callable[[int], None] | None = None) -> Installed:
    """Fetch a network or head and put it in place. Files that are there and right are not fetched again.

    Raises
    ------
    ModelError
        When it cannot be fetched, or is not what it should be; nothing is put in place then.
    """
    address, weights = _address(offer.server, entry), entry.weights
    if problem(entry) is None:
        return Installed(entry, "")
    with _alone():
        graph, card = _part(weights.path), _part(weights.card)
        wanted = _wanted(entry, offer.accepted)
        try:
            download(f"{address}.onnx", graph, wanted, patience=offer.patience, seen=seen)
            download(f"{address}.json", card, Wanted(most=MOST_OF_A_CARD), patience=offer.patience)
            done = _install(entry, graph.read_bytes(), card.read_bytes(), offer.accepted)
            graph.unlink()
        finally:
            card.unlink(missing_ok=True)
            if graph.exists() and (wanted.sha256 is None or not graph.stat().st_size):  # nothing to go on with
                graph.unlink()
    return done


def add(files: Iterable[Path], accepted: frozenset[str] = frozenset()) -> list[Installed]:
    """Put files in place that were carried here: each ONNX file with its card, given too or found beside it.

    A file is recognised by its hash, whatever its name; by its name only where nobody has stated a hash.

    Raises
    ------
    ModelError
        For a file that is not recognised, or has no card, or does not fit it. What came before stays in place.
    """
    given = list(files)
    cards = {file.stem: file for file in given if file.suffix == ".json"}
    graphs = [file for file in given if file.suffix != ".json"]
    if not graphs:
        raise ModelError("There is no network among these files: give the ONNX file, with its card beside it.")
    with _alone():
        return [_add(file, cards, accepted) for file in graphs]


def problem(entry: Model | Head) -> str | None:
    """What is wrong with the files of a network or head in their place; None when all is right."""
    weights = entry.weights
    if not weights.path.exists():
        return f"{entry.name} is not installed. {models.remedy(entry)}"
    try:
        inference.verify(entry)
    except ModelError as error:
        return str(error)
    return None


def _add(file: Path, cards: Mapping[str, Path], accepted: frozenset[str]) -> Installed:
    graph = _read(file)
    found = hashlib.sha256(graph).hexdigest()
    entry = _recognised(file, found, accepted)
    beside = (
        cards.get(file.stem),
        cards.get(entry.name),
        file.with_suffix(".json"),
        file.with_name(f"{entry.name}.json"),
    )
    card = next((path for path in beside if path is not None and path.is_file()), None)
    if card is None:
        raise ModelError(f"{file} has no card: give {entry.name}.json too, from {models.OFFICIAL}{_folder(entry)}.")
    return _install(entry, graph, _read(card), accepted)


def _recognised(file: Path, found: str, accepted: frozenset[str]) -> Model | Head:
    known = models.everything()
    for entry in known:
        if found == entry.weights.expected or found == entry.weights.sha256:
            return _fetched(entry)
    for entry in known:
        if entry.name == file.stem:
            if _fetched(entry).weights.expected is not None and found not in accepted:
                raise _another(entry, str(file), found)
            return entry
    raise ModelError(
        f"{file} is no network or head that is known, by its hash ({found}) or its name."
        " `essentialist models list` names them."
    )


def _install(entry: Model | Head, graph: bytes, card: bytes, accepted: frozenset[str]) -> Installed:
    """Check everything, then put the files in place: the hash and the card first, the weights last."""
    weights = entry.weights
    found, expected = hashlib.sha256(graph).hexdigest(), weights.expected
    if expected is not None and found not in {expected, weights.sha256, *accepted}:
        raise _another(entry, "the file", found)
    try:
        inference.check(entry, graph, parse_card(card))
    except ValueError as error:
        raise ModelError(
            f"The card of {entry.name} is not one: {error}. Give the one from {models.OFFICIAL}."
        ) from error
    record = {} if found == weights.sha256 else {weights.record: f"{found}  {weights.path.name}\n".encode()}
    _replace({**record, weights.card: card, weights.path: graph})
    if not record:
        weights.record.unlink(missing_ok=True)
    return Installed(entry, _remark(entry, found))


def _remark(entry: Model | Head, found: str) -> str:
    if found != entry.weights.sha256:
        known = "another one was" if entry.weights.sha256 else "none was"
        return f"its SHA-256 is now written down ({known} known): {found}"
    return "its SHA-256 is the one that a single public source states" if entry.weights.n_sources == 1 else ""


def _another(entry: Model | Head, what: str, found: str) -> ModelError:
    """An error for a file that does not have its hash."""
    reason = f"its SHA-256 is {found}, not {entry.weights.expected}"
    return ModelError(f"{what} is cut short or not {entry.name}: {reason}. {_advice(entry)}")


def _advice(entry: Model | Head) -> str:
    """What to do about another hash. One that a single source states may itself be wrong."""
    if entry.weights.n_sources > 1:
        return "Get the file again, from the official server or a mirror (--from)."
    return "Get the file again; only one source states that hash, so if you trust the file, name its own with --accept."


def _wanted(entry: Model | Head, accepted: frozenset[str]) -> Wanted:
    weights = entry.weights
    size = None if accepted or weights.record.exists() else weights.size
    return Wanted(weights.expected, size, size or MOST_OF_A_GRAPH, _advice(entry), accepted)


def _address(server: str, entry: Model | Head) -> str:
    """Where the files of an entry lie on a server, without their suffixes."""
    if urlsplit(server).scheme not in {"http", "https"}:
        raise ModelError(f"{server!r} is no server to fetch from: give an address as in https://example.org/models/.")
    return f"{server.rstrip('/')}/{quote(_fetched(entry).weights.address.removesuffix('.onnx'))}"


def _fetched(entry: Model | Head) -> Model | Head:
    """The entry, if it is one that is fetched; ModelError for one that ships."""
    if entry.weights.shipped_in is not None:
        raise ModelError(
            f"{entry.name} ships with essentialist: there is nothing to fetch or add. If it is damaged, install"
            " essentialist again."
        )
    return entry


def _folder(entry: Model | Head) -> str:
    return entry.weights.address.rpartition("/")[0]


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ModelError(f"Cannot read {file}: {error.strerror}. Give the path of a file that is there.") from error


def _replace(contents: Mapping[Path, bytes]) -> None:
    """Put files in their places once all of them are on the disk; what cannot be written leaves all as it was."""
    written: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            written[path] = path.with_name(f"{path.name}.new")
            with written[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, new in written.items():
            new.replace(path)
    except OSError as error:
        for new in written.values():
            new.unlink(missing_ok=True)
        raise unwritable(path, error) from error


@contextmanager
def _alone() -> Iterator[None]:
    """Make the folder, and keep other processes from installing into it; the lock ends with the process."""
    folder = models.folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("ab")
    except OSError as error:
        raise unwritable(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ModelError(f"Another process is installing into {folder}: wait until it is done.") from error
        yield
