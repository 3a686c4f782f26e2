"""Recordings that were listened to before: what a head needs of them is still there, so no file is opened.

A head that was installed after the analysis reads the patch embeddings that were kept then. What else is missing of a
track, or a track without kept patches, is listened to again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from essentialist import models
from essentialist.analysis import Analysis, analyse, needs_no_audio, provenances
from essentialist.catalogue import inventory
from essentialist.networks import inference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from essentialist.catalogue.patch_store import KeptPatches
    from essentialist.catalogue.recorder import Recorder
    from essentialist.descriptors import Extractor
    from essentialist.recording import Recording
    from essentialist.settings import Profile


@dataclass(frozen=True, slots=True)
class RememberedRecording:
    """The part of a `Recording` that heads read, from kept patches by network."""

    path: Path
    profile: Profile
    patches: Mapping[str, KeptPatches]

    def embeddings(self, network: str) -> NDArray[np.float32]:
        """A network's embedding of each patch, shape (n_patches, n_dims)."""
        return self.patches[network].embeddings.astype(np.float32)

    def head(self, name: str) -> Mapping[str, float]:
        """What a head says, by class: the mean over patches."""
        head = models.head(name)
        return inference.means(head, self.embeddings(head.network))


class Memory:
    """What earlier runs left behind of tracks, asked by the run that `recorder` writes for.

    What does not differ from track to track is found out once: the files beside networks and heads, which say where
    values come from, are not read again for each.
    """

    def __init__(self, recorder: Recorder, extractors: Sequence[Extractor], profile: Profile) -> None:
        self.recorder = recorder
        self.extractors = extractors
        self.profile = profile
        self.current = {each.name: provenances(each, profile) for each in extractors}
        self.signatures = {each.name: each.signature for each in models.networks() if models.available(each.name)}

    def analysis(self, track_id: int, path: Path) -> Analysis | None:
        """Compute what a track lacks from its kept patches; None when they do not suffice.

        They do not where something lacking needs audio, or where patches were kept of another network or profile.
        """
        known = inventory.computed(self.recorder.db, track_id)
        lacking = [each for each in self.extractors if known.get(each.name) not in self.current[each.name]]
        if not all(needs_no_audio(extractor) for extractor in lacking):
            return None
        networks = {name for extractor in lacking for name in extractor.models if is_network(name)}
        fingerprint = inventory.fingerprint(self.recorder.db, track_id)
        kept = {name: self.recorder.patches.recall(fingerprint, name) for name in networks}
        patches = {name: each for name, each in kept.items() if each and self._serves(each)}
        if len(patches) < len(networks):
            return None
        heard_in: Profile = "full" if all(each.profile == "full" for each in patches.values()) else "balanced"
        recording = RememberedRecording(path, heard_in, patches)
        return analyse(cast("Recording", recording), lacking, heard_in)  # heads read nothing else of a recording

    def _serves(self, kept: KeptPatches) -> bool:
        """Whether kept patches are those that listening now would give, or more."""
        return kept.weights == self.signatures.get(kept.network) and kept.profile in {self.profile, "full"}


def is_network(name: str) -> bool:
    """Whether a name is a network's, not a head's."""
    return isinstance(models.named(name), models.Model)
