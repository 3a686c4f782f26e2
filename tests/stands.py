"""Servers to push to, each with a look at what it holds that does not go through the code that is tested.

supysonic   a real server of the Subsonic API
MPD         the real one
Jellyfin    the contract of its documented API, see `jellyfin_contract`
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

import jellyfin_contract
import subsonic_server
from model_server import serving
from players import Mpd, mpd_running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from subsonic_server import Subsonic

VARIABLE = "ESSENTIALIST_PASSWORD_127_0_0_1"
MPD_PASSWORD = "secret"


class Stand(Protocol):
    """A server with the music of the collection."""

    @property
    def name(self) -> str:
        """What kind it is."""

    @property
    def address(self) -> str:
        """Where it is."""

    @property
    def password(self) -> str:
        """What opens it."""

    def paths(self, title: str) -> list[str]:
        """The paths, below the music folder, of the user's only playlist with this title."""

    def by_hand(self, title: str, paths: Sequence[str]) -> None:
        """Make a playlist without essentialist."""


@dataclass(frozen=True, slots=True)
class OnSubsonic:
    server: Subsonic
    name: str = "subsonic"
    password: str = subsonic_server.USERS["me"]

    @property
    def address(self) -> str:
        return self.server.address()

    def paths(self, title: str) -> list[str]:
        return self.server.paths(title)

    def by_hand(self, title: str, paths: Sequence[str]) -> None:
        ids = self.server.track_ids()
        self.server.ask("createPlaylist", name=title, songId=[ids[path] for path in paths])


@dataclass(frozen=True, slots=True)
class OnMpd:
    server: Mpd
    name: str = "mpd"
    password: str = MPD_PASSWORD

    @property
    def address(self) -> str:
        return f"mpd://127.0.0.1:{self.server.port}"

    def paths(self, title: str) -> list[str]:
        return os.fsdecode((self.server.home / "lists" / f"{title}.m3u").read_bytes()).splitlines()

    def by_hand(self, title: str, paths: Sequence[str]) -> None:
        (self.server.home / "lists" / f"{title}.m3u").write_text("".join(f"{path}\n" for path in paths))


@dataclass(frozen=True, slots=True)
class OnJellyfin:
    server: jellyfin_contract.Server
    name: str = "jellyfin"
    password: str = jellyfin_contract.USERS["me"]

    @property
    def address(self) -> str:
        return f"jellyfin+http://me@127.0.0.1:{self.server.server_port}"

    def paths(self, title: str) -> list[str]:
        (listed,) = [each for each in self.server.jellyfin.lists if (each.name, each.owner) == (title, "me")]
        return [each.removeprefix("track ") for each in listed.ids]

    def by_hand(self, title: str, paths: Sequence[str]) -> None:
        self.server.jellyfin.add(title, [f"track {path}" for path in paths])


@contextmanager
def on_mpd(music: Path, home: Path) -> Iterator[OnMpd]:
    """MPD, with a password."""
    for program in ("mpd", "mpc"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    with mpd_running(music, home, password=MPD_PASSWORD) as server:
        yield OnMpd(server)


@contextmanager
def on_subsonic(music: Path, home: Path) -> Iterator[OnSubsonic]:
    """supysonic."""
    with subsonic_server.supysonic(home, music) as server:
        yield OnSubsonic(server)


@contextmanager
def on_jellyfin(music: Path, home: Path) -> Iterator[OnJellyfin]:
    """The contract of Jellyfin, with the names of files that are UTF-8."""
    files = sorted(os.path.relpath(file, music) for file in music.rglob("*.*"))
    tracks = [
        {"Id": f"track {path}", "Name": unicodedata.normalize("NFC", os.path.basename(path)), "Path": f"/media/{path}"}
        for path in files
        if path.isprintable()
    ]
    server = jellyfin_contract.Server(jellyfin_contract.Jellyfin(tracks))
    with serving(server):
        yield OnJellyfin(server)


STANDS: Mapping[str, Callable[[Path, Path], AbstractContextManager[Stand]]] = {
    "subsonic": on_subsonic,
    "mpd": on_mpd,
    "jellyfin": on_jellyfin,
}
