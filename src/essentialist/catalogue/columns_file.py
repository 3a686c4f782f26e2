"""The columns of all tracks in a file beside the catalogue, which is read in a tenth of the time.

It names the catalogue's state that it was read of and the release that read it: any other makes it worthless, and it is
read from the catalogue again. It holds what the catalogue holds of the tracks, without what was played or is liked, and
only those can read it who can read the catalogue. It may be deleted at any time.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import zlib
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import numpy as np

from essentialist import __version__
from essentialist.atomic import replacement
from essentialist.errors import ExportError
from essentialist.query import Columns, Distribution, Texts
from essentialist.query.columns import ABSENT

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.lib.npyio import NpzFile
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

FORMAT: Final = 1
BROKEN: Final = (OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, BadZipFile, zlib.error)
"""What reading an .npz raises where the file is not what it should be."""


def file_of(catalog: Path) -> Path:
    """Where the columns of a catalogue are kept."""
    return catalog.with_suffix(".columns.npz")


def keep(catalog: Path, state: bytes, columns: Columns) -> None:
    """Keep the columns of this state; where they cannot be kept, they are read the next time."""
    try:
        with replacement(file_of(catalog)) as output:
            os.fchmod(output.fileno(), stat.S_IMODE(os.stat(catalog).st_mode))
            np.savez(output, allow_pickle=False, seal=np.array(_seal(state)), ids=columns.ids, **_arrays(columns))
    except (ExportError, OSError) as error:
        logger.info("the columns are not kept: %s", error)


def kept(catalog: Path, state: bytes) -> Columns | None:
    """The columns of this state; None where there are none, or none that can be used."""
    try:
        with file_of(catalog).open("rb") as content, np.load(content, allow_pickle=False) as arrays:
            return _columns(arrays) if str(arrays["seal"]) == _seal(state) else None
    except BROKEN as error:
        if not isinstance(error, FileNotFoundError):
            logger.info("the kept columns cannot be used: %s", error)
        return None


def is_outdated(catalog: Path, state: bytes) -> bool:
    """Whether columns were kept, but not of this state."""
    try:
        with file_of(catalog).open("rb") as content, np.load(content, allow_pickle=False) as arrays:
            return str(arrays["seal"]) != _seal(state)
    except FileNotFoundError:
        return False
    except BROKEN:
        return True


def _seal(state: bytes) -> str:
    return f"{FORMAT} {__version__} {state.hex()}"


def _arrays(columns: Columns) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {f"number/{name}": values for name, values in columns.numbers.items()}
    for name, texts in columns.texts.items():
        found[f"text/{name}/codes"] = texts.codes
        found[f"text/{name}/lengths"] = texts.lengths
        found[f"text/{name}/folded"] = np.frombuffer(texts.folded, np.uint8)
    for name, each in columns.distributions.items():
        found[f"distribution/{name}/labels"] = np.frombuffer(json.dumps(each.labels).encode(), np.uint8)
        found[f"distribution/{name}/ends"] = each.ends
        found[f"distribution/{name}/rows"] = each.rows
        found[f"distribution/{name}/probabilities"] = each.probabilities
    return found


def _columns(arrays: NpzFile) -> Columns:
    """The columns of these arrays. Raises ValueError or KeyError where they do not fit together."""
    ids = arrays["ids"]
    numbers: dict[str, NDArray[np.float64]] = {}
    texts: dict[str, Texts] = {}
    distributions: dict[str, Distribution] = {}
    for kind, name in dict.fromkeys(tuple(each.split("/")[:2]) for each in arrays.files if "/" in each):
        if kind == "number":
            numbers[name] = _fitting(arrays[f"number/{name}"], len(ids))
        elif kind == "text":
            texts[name] = _texts(arrays, f"text/{name}", len(ids))
        else:
            distributions[name] = _distribution(arrays, f"distribution/{name}", len(ids))
    return Columns(ids, numbers, texts, distributions)


def _texts(arrays: NpzFile, place: str, n_tracks: int) -> Texts:
    lengths, folded = arrays[f"{place}/lengths"], arrays[f"{place}/folded"].tobytes()
    codes = _fitting(arrays[f"{place}/codes"], n_tracks, range(ABSENT, len(lengths)))
    ends = np.cumsum(lengths + 1)
    _fitting(ends[-1:], len(ends[-1:]), range(len(folded), len(folded) + 1))
    return Texts(codes, ends - (lengths + 1), lengths, folded)


def _distribution(arrays: NpzFile, place: str, n_tracks: int) -> Distribution:
    labels = tuple(map(str, json.loads(arrays[f"{place}/labels"].tobytes())))
    probabilities = arrays[f"{place}/probabilities"]
    ends = _fitting(arrays[f"{place}/ends"], len(labels) + 1, range(len(probabilities) + 1))
    rows = _fitting(arrays[f"{place}/rows"], len(probabilities), range(n_tracks))
    return Distribution(labels, ends, rows, probabilities)


def _fitting(values: NDArray[Any], n: int, among: range | None = None) -> NDArray[Any]:
    """The values, if there are so many, all in the range. Raises ValueError otherwise."""
    if values.shape != (n,) or (among is not None and n and (values.min() < among.start or values.max() >= among.stop)):
        raise ValueError("its parts do not fit together")
    return values
