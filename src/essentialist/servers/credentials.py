"""Passwords of servers: from the environment, then from the system's keyring. They are written nowhere else.

A variable belongs to one host, so that no recipe from elsewhere can send a password to a server of its own choice:
`ESSENTIALIST_PASSWORD_MUSIC_EXAMPLE_ORG` for music.example.org, with `__` for a hyphen.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any, Final

from essentialist.errors import LoginRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.address import Address

PREFIX: Final = "ESSENTIALIST_PASSWORD_"
SERVICE: Final = "essentialist"


def variable(address: Address) -> str:
    """The environment variable that holds the password for a host."""
    host = (address.host or "localhost").replace("-", "__")
    return PREFIX + "".join(each if each.isascii() and each.isalnum() else "_" for each in host).upper()


def known_password(address: Address, environment: Mapping[str, str] = os.environ) -> str | None:
    """The password for a server; None where nobody has said it, or the keyring cannot be asked."""
    if variable(address) in environment:
        return environment[variable(address)]
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, str(address))
    except keyring.errors.KeyringError:
        return None
    return found


def can_keep() -> bool:
    """Whether there is a keyring to keep passwords in."""
    keyring = _keyring()
    return keyring is not None and keyring.get_keyring().priority >= 1


def keep(address: Address, password: str) -> None:
    """Put a password into the keyring; raises LoginRefused where it does not take it."""
    keyring = _keyring()
    if keyring is None:
        raise LoginRefused('To keep passwords takes a keyring; run: pip install "essentialist[keyring]"')
    try:
        keyring.set_password(SERVICE, str(address), password)
    except keyring.errors.KeyringError as error:
        raise LoginRefused(f"The keyring does not keep the password; use {variable(address)}.") from error


def lacking(address: Address) -> LoginRefused:
    """What to say where there is no password."""
    return LoginRefused(
        f"There is no password for {address}: set {variable(address)}, or call this on a terminal to be asked."
    )


def _keyring() -> Any:
    """The keyring's module, the extra `keyring`; None where it is not installed."""
    try:
        importlib.import_module("keyring.errors")
        return importlib.import_module("keyring")
    except ImportError:
        return None
