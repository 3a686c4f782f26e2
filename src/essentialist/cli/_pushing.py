"""Logging in to a server on the command line: the password is known, or asked for on a terminal, and kept if wished."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from essentialist.cli._counting import Counting
from essentialist.servers import Login, server_of
from essentialist.servers.credentials import can_keep, keep, known_password, lacking
from essentialist.servers.pushing import destination

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from essentialist.address import Address
    from essentialist.library import Library
    from essentialist.locations import PathMapping
    from essentialist.servers.pushing import Destination


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
