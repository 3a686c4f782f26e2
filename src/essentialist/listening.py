"""What a worker process does with one file: read its tags, decode it, compute what is missing.

A worker only reads the catalogue, to learn what is known of a sound; the process that runs the analysis writes. One on
another machine cannot even read it: it is told what is known of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from essentialist import models
from essentialist.analysis import Analysis, Heard, Sound, analyse, missing
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.patch_store import KeptPatches
from essentialist.descriptors import usable
from essentialist.errors import FileChanged, RecordingError
from essentialist.files.naming import complete
from essentialist.files.tags import read_tags
from essentialist.recording import Recording
from essentialist.sound import audio
from essentialist.tasks import Unheard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from essentialist.descriptors import Extractor
    from essentialist.settings import Profile
    from essentialist.tasks import Task
    from essentialist.track import Tags


def listen(task: Task) -> Heard | Unheard:
    """Listen to one file. What is wrong with the file is an answer, not an error."""
    path = task.there or task.file.absolute
    try:
        tags = complete(read_tags(path), task.file.path)
        if task.may_be_known:
            fingerprint = audio.fingerprint(path)
            if task.catalog is None or not lacking(task, fingerprint):
                return Heard(tags, fingerprint)
        recording = Recording(path, task.profile, task.device)
    except FileChanged as error:
        return Unheard("read", str(error))
    except RecordingError as error:
        return Unheard("decode", str(error))
    return heard(recording, tags, task)


def heard(recording: Recording, tags: Tags, task: Task) -> Heard:
    """Compute what the catalogue lacks of a recording."""
    extractors = lacking(task, recording.fingerprint)
    analysis = analyse(recording, extractors, task.profile) if extractors else None
    return Heard(
        tags,
        recording.fingerprint,
        Sound(recording.duration, recording.waveform.tobytes()),
        analysis,
        tuple(kept_patches(analysis, task.profile)) if analysis else (),
    )


def lacking(task: Task, fingerprint: bytes) -> tuple[Extractor, ...]:
    """What is still to compute of a sound; everything where it is not known."""
    known = Catalog(task.catalog).computed(fingerprint) if task.catalog else task.known
    return missing(usable(task.installed), known or {}, task.profile)


def kept_patches(analysis: Analysis, profile: Profile) -> Iterator[KeptPatches]:
    """What is kept of an analysis for heads to come."""
    for network, embeddings in analysis.embeddings.items():
        yield KeptPatches(network, models.network(network).signature, profile, embeddings.astype(np.float16))
