"""Servers and players that keep playlists of their own: one file a kind, and here the contract that they keep.

    Playlist --finding--> which of the server's tracks are meant --pushing--> a playlist there, made or replaced

A module with a `SERVER` adds a kind of address. What comes from a server is somebody else's text: it is read up to a
size and a time, its words are shown without control characters, and it never names a file that would be opened.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from essentialist import registry
from essentialist.errors import LoginRefused, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from essentialist.address import Address

MARK: Final = "Made by essentialist"
"""What stands in the comment of a playlist that we made, where a server keeps comments."""
MOST_TRACKS: Final = 5_000_000  # of one server; more is a server that never ends


@dataclass(frozen=True, slots=True)
class Login:
    """As whom to speak to a server. `may_be_overheard`: the password may go to another machine unencrypted."""

    user: str = ""
    password: str = field(default="", repr=False)
    may_be_overheard: bool = False

    def bare(self, *, is_private: bool) -> str:
        """The password as it is; raises LoginRefused where others could read it on its way and nobody allowed that."""
        if is_private or self.may_be_overheard:
            return self.password
        raise LoginRefused(
            "The password would go over the network as it is, for others to read. Use an encrypted address, or add"
            " --plain-password where the network is your own."
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A track as a server has it; a text that it does not tell is "", a `duration` in s that it does not None."""

    id: str
    path: str
    title: str = ""
    artist: str = ""
    album: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A playlist of a server. `is_mine`: of the user who logged in; `is_marked`: it says that we made it."""

    id: str
    title: str
    is_mine: bool = True
    is_marked: bool = False


class Session(Protocol):
    """A server that is logged in to. Every method raises ServerError where the server fails."""

    def tracks(self) -> Iterator[Held]:
        """All tracks that it has."""

    def playlists(self, title: str) -> Sequence[Kept]:
        """The playlists of this title that the user sees, other people's too."""

    def entries(self, playlist: Kept) -> Sequence[str]:
        """The ids of the tracks of a playlist."""

    def create(self, title: str, ids: Sequence[str]) -> Kept:
        """Make a playlist of the user's."""

    def replace(self, playlist: Kept, ids: Sequence[str]) -> None:
        """Give a playlist other tracks."""


@dataclass(frozen=True, slots=True)
class Server:
    """A kind of server. `has_users`: it wants a user and a password; `is_web`: it is spoken to over HTTP.

    With `has_one_shelf` no two playlists have one title, whoever made them. `connect` logs in, and out at the end.
    """

    name: str
    title: str
    connect: Callable[[Address, Login], AbstractContextManager[Session]]
    has_users: bool = True
    is_web: bool = True
    has_one_shelf: bool = False


@cache
def servers() -> tuple[Server, ...]:
    """Every kind of this folder."""
    return tuple(registry.entries(sys.modules[__name__], "SERVER", Server))


def server_of(address: Address) -> Server:
    """The kind of an address; raises ServerError where there is none, or where it needs what the address lacks."""
    known = {server.name: server for server in servers()}
    server = known.get(address.kind)
    if server is None:
        raise ServerError(f'There is no kind of server "{address.kind}"; use one of {", ".join(known)}.')
    if server.is_web and not address.host:
        raise ServerError(f"{address} names no host; write {address.kind}://USER@HOST.")
    if not server.is_web and not address.encrypted:
        raise ServerError(f"{server.title} does not speak HTTP; write {address.kind}://{address.place}.")
    if server.has_users != bool(address.user):
        wanted = f"{address.kind}://USER@{address.place}" if server.has_users else f"{address.kind}://{address.place}"
        raise ServerError(f"{server.title} {'wants a' if server.has_users else 'knows no'} user; write {wanted}.")
    return server


def said(text: object) -> str:
    """What a server says, for people: short, and without what plays tricks on a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in str(text)[:200])
