"""A file to listen to, as it travels from a run to whoever listens, and the answer when nothing was heard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from essentialist import models

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.settings import Device, Profile
    from essentialist.track import AudioFile


@dataclass(frozen=True, slots=True)
class Task:
    """A file to listen to.

    `may_be_known`: its name or size is, so its fingerprint is taken before anything else. `waits`: it may be a copy of
    a file before it, and is listened to when those are entered. `installed`: the networks and heads of the run; what
    is fetched meanwhile waits for the next.

    `catalog` is None where the worker cannot see it. Then `known` is what is computed of the file's sound (extractor ->
    provenance), and of a file that `may_be_known` only the fingerprint is taken, for the run to look up. `there` is
    where the worker finds the file, if that is not where it is here.
    """

    file: AudioFile
    catalog: Path | None
    profile: Profile
    may_be_known: bool = False
    waits: bool = False
    device: Device = "cpu"
    installed: frozenset[str] = field(default_factory=models.installed)
    known: Mapping[str, str] = field(default_factory=dict)
    there: Path | None = None


@dataclass(frozen=True, slots=True)
class Unheard:
    """Why nothing was heard."""

    stage: str
    reason: str
