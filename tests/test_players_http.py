"""Players fetch what a list of addresses names, from a web server that gives parts of files."""

from __future__ import annotations

import os
import re
import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import pytest

import nasty_names
import players
from essentialist.exports import export
from essentialist.locations import PathMapping
from essentialist.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

A_FEW = 8  # entries a list: VLC takes minutes over long ones
PLAYERS: dict[str, Callable[[players.Stage, Sequence[Path]], int]] = {
    "vlc": players.vlc,
    "mpv": players.mpv,
    "mplayer": players.mplayer,
    "mpd": players.mpd_playing,
}
OF_XML = {"vlc", "mpd"}
"""Those that read XSPF."""


class Server(ThreadingHTTPServer):
    """Serves a folder, and remembers which of its files were fetched."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Files)
        self.folder = folder
        self.fetched: set[bytes] = set()


class Files(BaseHTTPRequestHandler):
    """A file, whole or from a byte on."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        name = unquote_to_bytes(self.path.lstrip("/"))
        try:
            content = Path(self.server.folder, os.fsdecode(name)).read_bytes()
        except OSError:
            self.send_error(404)
            return
        self.server.fetched.add(name)
        asked = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = min(int(asked[1]), len(content) - 1) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(content) - first))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        self.wfile.write(content[first:])

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A web server of one's own."""
    with Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def stage() -> Iterator[players.Stage]:
    with players.staged() as stage:
        yield stage


@pytest.mark.slow
@pytest.mark.parametrize(
    ("player", "suffix"),
    [
        (player, suffix)
        for player in PLAYERS
        for suffix in (".m3u8", ".m3u", ".pls", ".xspf")
        if player in OF_XML or suffix != ".xspf"
    ],
)
def test_every_name_is_fetched(stage: players.Stage, player: str, suffix: str) -> None:
    if not any(shutil.which(player, path=path) for path in (None, "/usr/games")):
        pytest.skip(f"{player} is not installed")
    made = nasty_names.playlist_of(nasty_names.make(stage.library))
    with serving(stage.library) as server:
        served = PathMapping(str(stage.library), f"http://127.0.0.1:{server.server_port}")
        lists = []
        for start in range(0, len(made.tracks), A_FEW):
            path = stage.home / f"{player}-{start}{suffix}"
            some = replace(made, tracks=made.tracks[start : start + A_FEW])
            assert export(some, path, spelling=Spelling("http", mappings=[served])).skipped == ()
            path.chmod(0o644)
            lists.append(path)
        PLAYERS[player](stage, lists)
        assert len(server.fetched) == len(made.tracks)
