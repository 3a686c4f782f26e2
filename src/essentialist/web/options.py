"""What whoever starts the studio decides about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Literal

from essentialist.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.settings import Settings
    from essentialist.web.gate.passwords import Password

MOST_MEGABYTES: Final = 4  # of a file that a visitor brings
Previews = Literal["full", "clips", "none"]


@dataclass(frozen=True, slots=True)
class Options:
    """How the studio is served, and what its visitors may do.

    `base_path` is where a proxy shows it, "" or "/music". With `read_only` nothing is changed: no likes, no recipes, no
    analysis. `previews` says what is heard: whole tracks, the 30-s clips, or nothing. Without a `password` the studio
    answers to this machine's own names and to `host_names`, or to any when it `is_public`. `music` are folders that may
    be listened to, besides those that the catalogue knows; `copies` are those that playlists may be copied to.
    """

    settings: Settings
    host: str = "127.0.0.1"
    port: int = 8501
    base_path: str = ""
    read_only: bool = False
    previews: Previews = "full"
    password: Password | None = None
    host_names: tuple[str, ...] = ()
    is_public: bool = False
    music: tuple[Path, ...] = ()
    copies: tuple[Path, ...] = ()

    @property
    def library_name(self) -> str:
        """Under what a browser keeps things: another catalogue at the same address has other ids."""
        return blake2b(os.fsencode(self.settings.catalog), digest_size=6).hexdigest()

    def check_changes(self) -> None:
        """Raise SettingsError where nothing may be changed."""
        if self.read_only:
            raise SettingsError("This studio only shows what is there: it was started with --read-only.")
