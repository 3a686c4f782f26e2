"""Open the studio: explore, hear, build and export in a browser."""

from __future__ import annotations

import importlib
import ipaddress
import os
import re
import socket
import sys
from pathlib import Path
from typing import Any

import click

from essentialist.cli._output import note, settings
from essentialist.errors import SettingsError
from essentialist.web.gate.passwords import Password, store, stored, usual_file
from essentialist.web.options import Options, Previews

EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for by --lan, and then behind a password
NAME = re.compile(r"[\w.~-]+", re.ASCII)
EXAMPLES = """\b
Examples:
  essentialist web
  essentialist web --set-password
  essentialist web --lan
  essentialist web --base-path /music --password
  essentialist web --lan --read-only --public"""


@click.command(epilog=EXAMPLES)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="The port to listen at.")
@click.option("--lan", is_flag=True, help="Listen to the whole network; needs a password.")
@click.option("--base-path", default="/", show_default=True, help="Where a proxy shows the studio.")
@click.option(
    "--host-name", "host_names", multiple=True, help="A name that a proxy shows it under, without a password."
)
@click.option("--read-only", is_flag=True, help="Let visitors look, hear and export, but change nothing.")
@click.option("--public", is_flag=True, help="Let everybody in without a password; only with --read-only.")
@click.option("--password", "asks", is_flag=True, help="Ask visitors for the password on this machine too.")
@click.option("--set-password", is_flag=True, help="Set the password, asked for or from a pipe, and end.")
@click.option(
    "--music",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder that visitors may have listened to; may be repeated.",
)
@click.option(
    "--copy-to",
    "copies",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder that visitors may copy playlists with their files to; may be repeated.",
)
@click.option("--previews", type=click.Choice(["full", "clips", "none"]), default="full", help="What can be heard.")
def command(
    host: str,
    port: int,
    lan: bool,
    base_path: str,
    host_names: tuple[str, ...],
    read_only: bool,
    public: bool,
    asks: bool,
    set_password: bool,
    previews: Previews,
    music: tuple[Path, ...],
    copies: tuple[Path, ...],
) -> None:
    """Serve the studio to browsers until Ctrl-C."""
    if set_password:
        store(Password.of(asked_for()), usual_file())
        note("The password is set. Browsers that knew the one before have to log in again.")
        return
    host = EVERYWHERE if lan else host
    if public and not read_only:
        raise SettingsError("A public studio has to be --read-only: without a password everybody could change things.")
    password = None if public else needed_password(host, asks=asks)
    base = checked_path(base_path)
    options = Options(settings(), host, port, base, read_only, previews, password, host_names, public, music, copies)
    check_port(host, port)
    note(f"The studio is at http://{'localhost' if is_here(host) else host}:{port}{base}/ (Ctrl-C ends it)")
    serving().serve(options)


def asked_for() -> str:
    """A new password, twice where a person types it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("New password of the studio", hide_input=True, confirmation_prompt=True, err=True))


def needed_password(host: str, *, asks: bool) -> Password | None:
    """The password that was set, where one is needed; SettingsError where none was."""
    if is_here(host) and not asks:
        return None
    password = stored(usual_file())
    if password is None:
        raise SettingsError("The studio needs a password here: set one with `essentialist web --set-password`.")
    return password


def checked_path(path: str) -> str:
    """The base path as addresses begin with it, "" for the root; SettingsError for what is no plain path."""
    names = path.strip("/").split("/") if path.strip("/") else []
    if not all(NAME.fullmatch(name) and name.strip(".") for name in names):
        raise SettingsError(f"{path!r} is no base path: give one of letters, digits, - _ . ~, such as /music.")
    return "".join(f"/{name}" for name in names)


def check_port(host: str, port: int) -> None:
    """SettingsError where nobody may listen at this port, before it is said that somebody does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)  # Python's own names the address once more
        raise SettingsError(f"Cannot listen at {host}, port {port} ({reason}): try another --port.") from error


def is_here(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise SettingsError(f'"{host}" is no address: give one of this machine, such as 127.0.0.1.') from None


def serving() -> Any:
    """The module that serves, which needs the extra `web`."""
    try:
        return importlib.import_module("essentialist.web.serve")
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"The studio needs {error.name}, which is not installed: pip install 'essentialist[web]'."
        ) from error


COMMAND = command
