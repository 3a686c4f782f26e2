"""Where the numbers of a track come from, in words: networks, versions, files; no place of this machine is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist import models
from essentialist.catalogue.origins import computed_of, files_of
from essentialist.errors import ModelError
from essentialist.human import counted
from essentialist.web.views.analysis import unplaced
from essentialist.web.views.texts import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.catalogue.catalog import Catalog
    from essentialist.catalogue.origins import Computed, File
    from essentialist.descriptors import Descriptor

_SIGNATURE: Final = re.compile("[0-9a-f]{8}")
PROFILES: Final = {
    "balanced": "patches spread over the track and an excerpt for the tempo (balanced)",
    "full": "the whole track (full)",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What told some values: the descriptors by their titles, the algorithm, what it listened to, and remarks."""

    titles: str
    source: str
    heard: str
    remark: str


@dataclass(frozen=True, slots=True)
class Place:
    """A file of a track: its folder, below the folder of music, its name, its format and size, and whether it plays."""

    folder: str
    name: str
    format: str
    size: str
    plays: bool


def sources(catalog: Catalog, track_id: int, descriptors: Iterable[Descriptor]) -> tuple[Source, ...]:
    """What computed the values of a track."""
    known = {each.name: each for each in descriptors}
    roots = catalog.roots()
    return tuple(_source(each, known, roots) for each in computed_of(catalog, track_id))


def _source(computed: Computed, known: Mapping[str, Descriptor], roots: tuple[str, ...]) -> Source:
    version, *rest = computed.provenance.split(" ")
    networks = [name_of(part) for part in rest if _SIGNATURE.fullmatch(part)]
    heard = next((words for profile, words in PROFILES.items() if profile in rest), "")
    about = [known[name] for name in computed.descriptors if name in known]
    remark = ""
    if computed.failure:
        remark = f"failed: {unplaced(readable(computed.failure), roots)}"
    elif any(each.estimate for each in about):
        remark = "an estimate: a network made for the question would be more exact"
    algorithm = f"{computed.extractor}, version {version}"
    return Source(
        titles=", ".join(each.title for each in about) or computed.extractor,
        source=f"{algorithm}, by {' and '.join(networks)}" if networks else algorithm,
        heard=heard,
        remark=remark,
    )


def name_of(signature: str) -> str:
    """The network or head that a value names by the beginning of its hash."""
    for entry in models.everything():
        try:
            if entry.signature == signature:
                return f"{entry.title} (weights {signature}…)"
        except ModelError:  # its hash is not known here
            continue
    return f"a network that is not here (weights {signature}…)"


def places(catalog: Catalog, track_id: int, seconds: float | None) -> tuple[Place, ...]:
    """The files that hold a track, the one that is played first."""
    return tuple(_place(each, seconds) for each in files_of(catalog, track_id))


def _place(file: File, seconds: float | None) -> Place:
    size = f"{file.size / 1e6:.1f} MB"
    if seconds:
        size += f", {counted(round(file.size * 8 / seconds / 1000), 'kbit')}/s".replace("kbits/", "kbit/")
    return Place(
        folder=readable(str(file.path.parent)) if file.path.parent.name else "",
        name=readable(file.path.name),
        format=readable(file.path.suffix.removeprefix(".").upper()),
        size=size,
        plays=file.plays,
    )
