"""Logging in to a server on the command line: the password is known, or asked for on a terminal, and kept if wished."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from essentialist.address import parse_address
from essentialist.cli._counting import Counting
from essentialist.cli._output import printable
from essentialist.errors import EssentialistError
from essentialist.human import counted
from essentialist.locations import path_mapping
from essentialist.recipes.naming import shown
from essentialist.servers import Login, server_of
from essentialist.servers.credentials import can_keep, keep, known_password, lacking
from essentialist.servers.pushing import destination

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from essentialist.address import Address
    from essentialist.library import Library
    from essentialist.locations import PathMapping
    from essentialist.playlist import Playlist
    from essentialist.recipes.recipe import Upload
    from essentialist.servers.pushing import Destination, Pushed


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A playlist of a recipe that is to go to a server."""

    name: str
    playlist: Playlist
    upload: Upload


def push_all(library: Library, outgoing: Iterable[Outgoing]) -> Iterator[tuple[Outgoing, Pushed | EssentialistError]]:
    """Push playlists, those of one server together; what became of each, or why nothing."""
    together: dict[tuple[object, ...], list[Outgoing]] = {}
    for each in outgoing:
        together.setdefault((each.upload.address, each.upload.map, each.upload.plain_password), []).append(each)
    for group in together.values():
        upload, waiting = group[0].upload, iter(group)
        try:
            address, folders = parse_address(upload.address), tuple(path_mapping(each) for each in upload.map)
            with reached(library, address, folders, may_be_overheard=upload.plain_password) as server:
                for each in waiting:
                    yield each, pushed(server, each)
        except EssentialistError as error:
            yield from ((each, error) for each in waiting)


def pushed(server: Destination, each: Outgoing) -> Pushed | EssentialistError:
    """What became of one, or why nothing."""
    try:
        return server.push(each.playlist, each.upload.title or "")
    except EssentialistError as error:
        return error


@contextmanager
def reached(
    library: Library, address: Address, mappings: Sequence[PathMapping], *, may_be_overheard: bool
) -> Iterator[Destination]:
    """A server that is logged in to, and its tracks read while a bar moves; a password that it took may be kept."""
    password = known_password(address)
    is_asked = password is None and server_of(address).has_users
    if is_asked:
        password = asked(address)
    login = Login(address.user, password or "", may_be_overheard)
    with ExitStack() as stack:
        with Counting("reading the server's tracks") as bar:
            opening = destination(library.catalog, address, login, mappings, lambda n_read: bar(n_read, None))
            server = stack.enter_context(opening)
        if is_asked and can_keep() and click.confirm("Keep the password in the keyring?", err=True):
            keep(address, login.password)
        yield server


def asked(address: Address) -> str:
    """The password as a person types it; raises LoginRefused where nobody can."""
    if not sys.stdin.isatty():
        raise lacking(address)
    return str(click.prompt(f"Password for {address}", hide_input=True, err=True))


def summary(done: Pushed, *, dry_run: bool = False) -> str:
    """What became of a playlist, in a line."""
    ways = [each.by for each in done.found if each.by]
    told = ", ".join(f"{ways.count(by):,} by {by}" for by in dict.fromkeys(ways))
    would = "would be " if dry_run and done.state != "unchanged" else ""
    missing = f", {len(done.missing):,} not there" if done.missing else ""
    tracks = counted(done.n_tracks, "track")
    return f'{done.server}: "{printable(done.title)}" {would}{done.state}, {tracks} ({told}){missing}'


def as_row(done: Pushed) -> dict[str, object]:
    """What became of a playlist, for programs."""
    return {
        "server": done.server,
        "title": done.title,
        "state": done.state,
        "written": done.n_tracks,
        "tracks": [
            {
                "id": each.track.id,
                "title": shown(each.track),
                "path": str(each.track.path),
                "by": each.by,
                "there": None if each.held is None else each.held.id,
            }
            for each in done.found
        ],
        "error": None,
    }
