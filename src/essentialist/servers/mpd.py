"""MPD, the Music Player Daemon: its stored playlists.

https://mpd.readthedocs.io/en/latest/protocol.html. MPD has no users and no encryption. A list is written under a name
of its own, read back, and takes the place of the old one in one step: whatever goes wrong before, the old one stays.
"""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.errors import LoginRefused, ServerError
from essentialist.servers import MOST_TRACKS, Held, Kept, Login, Server, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from io import BufferedRWPair

    from essentialist.address import Address

PORT: Final = 6600
SILENCE_S: Final = 30.0
ANSWER_S: Final = 300.0
LONGEST_LINE: Final = 1 << 16
MOST_LINES: Final = 2_000_000  # of one answer
BATCH: Final = 200  # commands that are sent together: a list of them may have 2 MB
PERMISSION, PASSWORD, NO_SUCH = 4, 3, 50  # codes of MPD
SEPARATOR: Final = "/"


class Failed(ServerError):
    """What MPD says went wrong, with its code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def quoted(argument: str) -> bytes:
    """An argument as MPD reads it. Raises ServerError for a line break, which would begin another command."""
    if any(character in argument for character in "\n\r\0"):
        raise ServerError(f"MPD knows no name with a line break: {said(argument)}. Rename it.")
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode(errors="surrogateescape")


@dataclass(frozen=True, slots=True)
class Connection:
    """A line to MPD: commands go in, pairs of names and values come back."""

    address: Address
    stream: BufferedRWPair

    def greeted(self) -> None:
        """Read the first line; raises ServerError where it is not MPD's."""
        if not self._line().startswith(b"OK MPD "):
            raise ServerError(f"{self.address} does not greet as MPD does; is this its port?")

    def ask(self, command: str, *arguments: str) -> list[tuple[str, str]]:
        """The pairs that a command brings; raises Failed where MPD says no."""
        self._send([(command, *arguments)])
        return self._answer()

    def do(self, commands: Iterable[tuple[str, ...]]) -> None:
        """Give commands that are done together, the rest not after one that fails."""
        self._send([("command_list_begin",), *commands, ("command_list_end",)])
        self._answer()

    def _send(self, commands: Iterable[tuple[str, ...]]) -> None:
        lines = [b" ".join([name.encode(), *map(quoted, arguments)]) + b"\n" for name, *arguments in commands]
        try:
            self.stream.write(b"".join(lines))
            self.stream.flush()
        except OSError as error:
            raise self._broken(error) from error

    def _answer(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        end = time.monotonic() + ANSWER_S
        while len(pairs) < MOST_LINES and time.monotonic() < end:
            line = self._line().decode(errors="surrogateescape").rstrip("\n")
            if line == "OK":
                return pairs
            if line.startswith("ACK "):
                raise self._refused(line)
            name, _, value = line.partition(": ")
            pairs.append((name.lower(), value))
        raise ServerError(f"The answer of {self.address} does not end; is it MPD?")

    def _line(self) -> bytes:
        try:
            line = self.stream.readline(LONGEST_LINE)
        except OSError as error:
            raise self._broken(error) from error
        if not line.endswith(b"\n"):
            raise ServerError(f"{self.address} went away, or does not speak as MPD does. Try again.")
        return line

    def _refused(self, line: str) -> ServerError:
        """From "ACK [50@0] {playlistadd} No such song"."""
        code, _, rest = line.removeprefix("ACK [").partition("@")
        reason = said(rest.partition("} ")[2] or line)
        number = int(code) if code.isascii() and code.isdecimal() and len(code) < 5 else 0
        if number == PASSWORD:
            return LoginRefused(f"{self.address} does not take this password.")
        if number == PERMISSION:
            return LoginRefused(f"{self.address} does not allow that without a password, or with this one.")
        return Failed(f"{self.address} says: {reason}", number)

    def _broken(self, error: OSError) -> ServerError:
        reason = "no answer in time" if isinstance(error, TimeoutError) else said(error.strerror or error)
        return ServerError(f"{self.address} went away: {reason}. Try again.")


class _Session:
    """MPD's stored playlists and the tracks of its database. Both go by their names."""

    def __init__(self, connection: Connection) -> None:
        self._mpd = connection

    def tracks(self) -> Iterator[Held]:
        """All tracks, folder by folder: MPD hangs up where an answer is longer than its buffer."""
        folders, seen, n_tracks = [""], {""}, 0
        while folders and n_tracks < MOST_TRACKS:
            for kind, tags in grouped(self._mpd.ask("lsinfo", folders.pop())):
                name = tags[kind]
                if kind == "directory" and name not in seen:
                    seen.add(name)
                    folders.append(name)
                elif kind == "file":
                    n_tracks += 1
                    yield held(tags)

    def playlists(self, title: str) -> Sequence[Kept]:
        """The one of this name, whoever made it."""
        wanted = ("playlist", title.replace(SEPARATOR, "-"))
        return (Kept(wanted[1], title),) if wanted in self._mpd.ask("listplaylists") else ()

    def entries(self, playlist: Kept) -> Sequence[str]:
        """The paths of its tracks."""
        return tuple(value for name, value in self._mpd.ask("listplaylist", playlist.id) if name == "file")

    def create(self, title: str, ids: Sequence[str]) -> Kept:
        """Write it beside and give it its name."""
        made = Kept(title.replace(SEPARATOR, "-"), title)
        self._written(made.id, ids, ())
        return made

    def replace(self, playlist: Kept, ids: Sequence[str]) -> None:
        """Write it beside and let it take the place of the old one."""
        self._written(playlist.id, ids, (("rm", playlist.id),))

    def _written(self, name: str, ids: Sequence[str], before: tuple[tuple[str, ...], ...]) -> None:
        beside = Kept(f"{name} (essentialist is writing)", "")
        with suppress(Failed):  # left by a run that was cut off
            self._mpd.ask("rm", beside.id)
        try:
            for start in range(0, len(ids), BATCH):
                self._mpd.do(("playlistadd", beside.id, each) for each in ids[start : start + BATCH])
            if self.entries(beside) != tuple(ids):
                raise ServerError(f"{self._mpd.address} does not keep all of these tracks; the old list stays.")
            self._mpd.do((*before, ("rename", beside.id, name)))
        except ServerError:
            with suppress(ServerError):
                self._mpd.ask("rm", beside.id)
            raise


def grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """The files and folders of an answer, each with its kind and the first value of each of its tags."""
    kind, tags = "", dict[str, str]()
    for name, value in pairs:
        if name in {"file", "directory", "playlist"}:
            if kind:
                yield kind, tags
            kind, tags = name, {}
        tags.setdefault(name, value)
    if kind:
        yield kind, tags


def held(tags: dict[str, str]) -> Held:
    """A track; MPD's id of it is its path below the music folder."""
    try:
        duration: float | None = float(tags.get("duration") or tags.get("time") or "")
    except ValueError:
        duration = None
    path = tags["file"]
    return Held(path, path, tags.get("title", ""), tags.get("artist", ""), tags.get("album", ""), duration)


@contextmanager
def connect(address: Address, login: Login) -> Iterator[_Session]:
    """Connect over TCP or a socket of this machine, with the password if there is one."""
    try:
        if address.host:
            line = socket.create_connection((address.host, address.port or PORT), SILENCE_S)
        else:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(SILENCE_S)
            line.connect(address.path)
    except OSError as error:
        raise ServerError(f"Cannot reach {address}: {error.strerror or error}. Is it running?") from error
    with line, line.makefile("rwb") as stream:
        connection = Connection(address, stream)
        connection.greeted()
        if login.password:
            connection.ask("password", login.bare(is_private=address.is_here))
        yield _Session(connection)


SERVER = Server("mpd", "MPD", connect, has_users=False, is_web=False, has_one_shelf=True)
