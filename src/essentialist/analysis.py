"""From a recording to what is said of it: pure, one recording in, one analysis out.

What went wrong in one extractor is told in the analysis and stops nothing else.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist import models
from essentialist.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from essentialist.catalogue.patch_store import KeptPatches
    from essentialist.descriptors import Descriptor, Extractor
    from essentialist.recording import Recording
    from essentialist.settings import Profile
    from essentialist.track import Tags, Value

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was computed of a recording.

    `values` by descriptor; what could not be determined is not there. `embeddings`: those of each patch, shape
    (n_patches, n_dims), by network. `computed`: the provenance by extractor. `failures`: the reason by extractor.
    """

    values: Mapping[str, Value]
    embeddings: Mapping[str, NDArray[np.float32]]
    computed: Mapping[str, str]
    failures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as such: its length in s and its outline (400 peaks, 0 to 255)."""

    duration: float
    waveform: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening to a file gave. `sound` is None where it was known, `analysis` where nothing was missing.

    `patches` are kept for heads to come.
    """

    tags: Tags
    fingerprint: bytes
    sound: Sound | None = None
    analysis: Analysis | None = None
    patches: tuple[KeptPatches, ...] = ()


def provenance(extractor: Extractor, profile: Profile) -> str:
    """What a value is known to come from: the extractor's version, its profile and the weights it read."""
    parts = [str(extractor.version), *(models.named(name).signature for name in extractor.models)]
    return " ".join([*parts, profile] if extractor.profiled else parts)


def provenances(extractor: Extractor, profile: Profile) -> frozenset[str]:
    """What a stored value may come from to be current. A value of the `full` profile serves `balanced` too."""
    return frozenset({provenance(extractor, profile), provenance(extractor, "full")})


def is_current(extractor: Extractor, stored: str | None, profile: Profile) -> bool:
    """Whether a stored value need not be computed again."""
    return stored in provenances(extractor, profile)


def missing(extractors: Iterable[Extractor], stored: Mapping[str, str], profile: Profile) -> tuple[Extractor, ...]:
    """The extractors whose values a track lacks, or has from another version, profile or network."""
    return tuple(each for each in extractors if not is_current(each, stored.get(each.name), profile))


def analyse(recording: Recording, extractors: Iterable[Extractor], profile: Profile) -> Analysis:
    """Run the extractors on a recording."""
    values: dict[str, Value] = {}
    computed: dict[str, str] = {}
    failures: dict[str, str] = {}
    networks: set[str] = set()
    for extractor in extractors:
        computed[extractor.name] = provenance(extractor, profile)
        try:
            found = kept(extractor.compute(recording), extractor.outputs)
            networks.update(name for name in extractor.models if isinstance(models.named(name), models.Model))
        except ModelError:
            raise  # every track would meet it: the run has to stop and say so
        except Exception as error:
            logger.debug("%s on %s", extractor.name, recording.path, exc_info=True)
            failures[extractor.name] = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            continue
        values.update(found)
    return Analysis(values, patch_embeddings(recording, networks), computed, failures)


def kept(found: Mapping[str, Value], outputs: Iterable[Descriptor]) -> dict[str, Value]:
    """The values that their descriptors allow: a number outside its range is not a measurement."""
    checked = {descriptor.name: allowed(found.get(descriptor.name), descriptor) for descriptor in outputs}
    return {name: value for name, value in checked.items() if value is not None}


def allowed(value: Value | None, descriptor: Descriptor) -> Value | None:
    """A value as its descriptor allows it; None for one of another kind, outside its range or with an unknown label."""
    if value is None:
        return None
    match descriptor.kind:
        case "label":
            known = isinstance(value, str) and (not descriptor.labels or value in descriptor.labels)
            return value if known else None
        case "distribution":
            return probabilities(value, descriptor) if isinstance(value, Mapping) else None
        case "number":
            return float(value) if not isinstance(value, str | Mapping) and in_range(value, descriptor) else None


def probabilities(value: Mapping[str, float], descriptor: Descriptor) -> Mapping[str, float] | None:
    """A distribution without what its descriptor does not allow or keep; None when nothing is left."""
    labels = frozenset(descriptor.labels or value)
    kept = {
        label: float(probability)
        for label, probability in value.items()
        if label in labels and in_range(probability, descriptor) and probability >= descriptor.floor
    }
    return kept or None


def in_range(number: float, descriptor: Descriptor) -> bool:
    """Whether a number is one and lies in the descriptor's range."""
    low, high = descriptor.range or (-math.inf, math.inf)
    return math.isfinite(number) and low <= number <= high


def patch_embeddings(recording: Recording, networks: Iterable[str]) -> dict[str, NDArray[np.float32]]:
    """Each network's embeddings of the recording's patches; none where it has no patch."""
    patches = {network: recording.embeddings(network) for network in sorted(networks)}
    return {network: each for network, each in patches.items() if len(each)}


def needs_no_audio(extractor: Extractor) -> bool:
    """Whether the embeddings of the patches are all that an extractor reads."""
    return any(isinstance(models.named(name), models.Head) for name in extractor.models)
