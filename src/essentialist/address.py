"""Where a server is, in one line: `subsonic://me@music.example.org`, `jellyfin+http://me@nas:8096`, `mpd://nas`.

    KIND[+http]://[USER@]HOST[:PORT][/PATH]

KIND is a file of `servers`. Servers of the web are spoken to over HTTPS; with `+http` without encryption. Without a
host the path is a socket of this machine: `mpd:///run/mpd/socket`. An address never holds a password.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from essentialist.errors import ServerError

FORM: Final = "KIND://USER@HOST, such as subsonic://me@music.example.org or mpd://localhost"
_SCHEME: Final = re.compile(r"([a-z][a-z0-9]*)(\+https?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """A server: what it is, where it is and as whom to speak to it. `port` None is the usual one."""

    kind: str
    host: str
    user: str = ""
    port: int | None = None
    path: str = ""
    encrypted: bool = True

    def __str__(self) -> str:
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        return f"{self.kind}{'' if self.encrypted else '+http'}://{user}{self.place}{self.path}"

    @property
    def place(self) -> str:
        """Host and port as an address of the web has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address of the web, without a slash at its end."""
        return f"http{'s' if self.encrypted else ''}://{self.place}{self.path}"

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine: nobody is on the way."""
        if self.host in {"", "localhost"}:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_address(text: str) -> Address:
    """Read an address.

    Raises
    ------
    ServerError
        For what is none, and for one with a password; the message does not repeat it.
    """
    if not text.isprintable() or " " in text:
        raise ServerError(f"An address of a server has no blanks; write {FORM}.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ServerError(f"This is no address of a server; write {FORM}.") from error
    if parts.password is not None:
        raise ServerError(
            "A password does not belong into an address, where others see it. Leave it out: it is taken from the"
            " environment or the keyring, or asked for; see docs/servers.md."
        )
    scheme = _SCHEME.fullmatch(parts.scheme)
    path = parts.path.rstrip("/")
    if scheme is None or not (parts.hostname or path) or parts.query or parts.fragment:
        raise ServerError(f'"{text[:100]}" is no address of a server; write {FORM}.')
    return Address(
        scheme[1].lower(),
        parts.hostname or "",
        unquote(parts.username or ""),
        port,
        path,
        encrypted=(scheme[2] or "").lower() != "+http",
    )
