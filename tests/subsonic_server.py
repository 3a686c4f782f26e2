"""A real Subsonic server on loopback, supysonic, in a process of its own; and how a test looks at what it holds."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USERS = {"me": "a secret, of course", "somebody": "their secret"}
STARTING_S = 60


@dataclass(frozen=True, slots=True)
class Subsonic:
    """A server that runs; `ask` does not go through the code that is tested."""

    port: int

    def address(self, user: str = "me") -> str:
        return f"subsonic+http://{user}@127.0.0.1:{self.port}"

    def ask(self, method: str, user: str = "me", **fields: str | list[str]) -> dict[str, Any]:
        """What the server answers."""
        form = {"u": user, "p": USERS[user], "v": "1.12.0", "c": "test", "f": "json", **fields}
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://127.0.0.1:{self.port}/rest/{method}.view", urlencode(form, doseq=True).encode(), timeout=60
        ) as answer:
            response = json.load(answer)["subsonic-response"]
        assert response["status"] == "ok", response
        return dict(response)

    def playlists(self, user: str = "me") -> list[dict[str, Any]]:
        """The playlists that a user sees, with their entries."""
        listed = self.ask("getPlaylists", user)["playlists"].get("playlist", [])
        return [self.ask("getPlaylist", user, id=each["id"])["playlist"] for each in listed]

    def paths(self, title: str, user: str = "me") -> list[str]:
        """The paths of the tracks of the only playlist with a title."""
        (playlist,) = [each for each in self.playlists(user) if each["name"] == title]
        return [each["path"] for each in playlist.get("entry", [])]

    def track_ids(self) -> dict[str, str]:
        """The ids of all tracks by their paths."""
        found = self.ask("search3", query="", songCount="500", artistCount="0", albumCount="0")
        return {each["path"]: each["id"] for each in found["searchResult3"]["song"]}


@contextmanager
def supysonic(home: Path, music: Path, *, is_old: bool = False) -> Iterator[Subsonic]:
    """Serve a folder; with `is_old`, a search for nothing finds nothing, as Subsonic itself has it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, home, music, "old" if is_old else "new"], stdout=subprocess.PIPE, stderr=log
        )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert told, (home / "log").read_text()
        yield Subsonic(int(told))
    finally:
        process.terminate()
        process.communicate(timeout=STARTING_S)


def serve(home: str, music: str, kind: str) -> None:
    """Be the server: read the folder, print the port, answer until the end."""
    from supysonic.config import DefaultConfig  # noqa: PLC0415 - only this process needs it
    from supysonic.db import close_connection, init_database  # noqa: PLC0415
    from supysonic.managers.folder import FolderManager  # noqa: PLC0415
    from supysonic.managers.user import UserManager  # noqa: PLC0415
    from supysonic.scanner import Scanner  # noqa: PLC0415
    from supysonic.web import create_application  # noqa: PLC0415
    from werkzeug.serving import make_server  # noqa: PLC0415

    config = DefaultConfig()
    config.BASE = {**config.BASE, "database_uri": f"sqlite:///{home}/supysonic.db"}
    config.WEBAPP = {**config.WEBAPP, "cache_dir": f"{home}/cache", "mount_webui": False}
    config.DAEMON = {**config.DAEMON, "socket": f"{home}/daemon.sock"}
    init_database(config.BASE["database_uri"])
    for name, password in USERS.items():
        UserManager.add(name, password)
    FolderManager.add("music", music)
    scanner = Scanner()
    scanner.queue_folder("music")
    scanner.run()
    close_connection()
    application = create_application(config)

    def nothing_for_nothing() -> object:
        from flask import request  # noqa: PLC0415

        if kind == "old" and request.path.endswith("search3.view") and not request.values["query"]:
            return {"subsonic-response": {"status": "ok", "version": "1.16.1", "searchResult3": {}}}
        return None

    application.before_request(nothing_for_nothing)
    server = make_server("127.0.0.1", 0, application)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(*sys.argv[1:])
