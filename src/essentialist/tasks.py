"""What travels between a run and whoever works for it: a file to listen to, and what came of a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from essentialist import models

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.settings import Device, Profile
    from essentialist.track import AudioFile

T = TypeVar("T")
R = TypeVar("R")


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


@dataclass(frozen=True, slots=True)
class Returned(Generic[T, R]):
    """What came of a task; None where it was lost with its worker and no file can be blamed: it is to be sent again."""

    task: T
    result: R | Unheard | None


@dataclass(frozen=True, slots=True)
class Report(Generic[T, R]):
    """What has happened since the last one: which tasks a worker began with, and which came back."""

    begun: tuple[T, ...]
    returned: tuple[Returned[T, R], ...]
