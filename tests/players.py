"""Real players, run without a screen or a sound card: which entries of a playlist each one opens."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

VLC = (
    *("vlc", "-I", "dummy", "-vv", "--no-video", "--no-audio", "--no-dbus", "--no-media-library"),
    *("--no-auto-preparse", "--run-time=0.05", "--file-caching=0", "--play-and-exit", "--"),
)
MPV = ("mpv", "--no-config", "--no-video", "--ao=null", "--untimed", "--length=0.1", "--term-playing-msg=PLAYED")
MPLAYER = ("mplayer", "-noconfig", "all", "-ao", "null", "-vo", "null", "-nolirc", "-endpos", "0.05")
MPD_CONF = """
music_directory "{library}"
playlist_directory "{home}/lists"
db_file "{home}/db"
log_file "{home}/log"
bind_to_address "127.0.0.1"
bind_to_address "{home}/socket"
port "{port}"
zeroconf_enabled "no"
auto_update "no"
audio_output {{
  type "null"
  name "none"
  sync "no"
}}
"""
MPD_PASSWORD = """
password "{password}@read,add,control,admin"
default_permissions ""
"""
STARTING_S = 20
PLAYING_S = 60
AT_ONCE = 6  # players mostly wait


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder with music that every user may read, and a home for the players."""

    library: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a player sees: its own home, no display, UTF-8."""
        homes = {name: str(self.home) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        shown = {"LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
        return {"PATH": f"{os.environ['PATH']}:/usr/games", **shown, **homes}

    def told(self, *command: str | Path) -> bytes:
        """What a player says until its end; it does not run as root, which VLC refuses."""
        nobody = os.geteuid() == 0
        return subprocess.run(
            [os.fspath(each) for each in command],
            user="nobody" if nobody else None,
            group="nogroup" if nobody else None,
            extra_groups=() if nobody else None,
            cwd=self.library,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        ).stdout


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage outside pytest's folder, into which VLC's user may not look."""
    with tempfile.TemporaryDirectory() as library, tempfile.TemporaryDirectory() as home:
        Path(library).chmod(0o755)
        Path(home).chmod(0o777)
        yield Stage(Path(library), Path(home))


def mpv(stage: Stage, lists: Sequence[Path]) -> int:
    """How many entries were played."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(lambda each: stage.told(*MPV, "--", each).count(b"PLAYED"), lists))


def mplayer(stage: Stage, lists: Sequence[Path]) -> int:
    """How many entries were played."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = pool.map(lambda each: stage.told(*MPLAYER, "-playlist", each), lists)
        return sum(each.count(b"Starting playback...") for each in told)


def vlc(stage: Stage, lists: Sequence[Path]) -> int:
    """How many different files were opened, among those that exist."""

    def opened(playlist: Path) -> set[bytes]:
        uris = re.findall(rb"main input debug: `file://(.*)' successfully opened", stage.told(*VLC, playlist))
        return set(filter(is_music, map(unquote_to_bytes, uris)))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return len(set().union(*pool.map(opened, lists)))


def audacious(stage: Stage, lists: Sequence[Path]) -> int:
    """How many files are in the playlist, among those that exist."""
    script = """
        audacious -H >/dev/null 2>&1 & player=$!
        for tenth in $(seq 100); do audtool version >/dev/null 2>&1 && break; sleep 0.1; done
        audtool playlist-clear
        for list in "$@"; do audtool playlist-addurl "$list"; done
        before=-1
        for tenth in $(seq 50); do
            sleep 0.3; now=$(audtool playlist-length); [ "$now" = "$before" ] && [ "$now" != 0 ] && break; before=$now
        done
        for number in $(seq "$now"); do audtool playlist-song-filename "$number"; printf '\\0'; done
        audtool shutdown; wait $player
    """
    quiet = 'exec dbus-run-session -- bash -c "$0" bash "$@" 2>/dev/null'
    told = stage.told("bash", "-c", quiet, script, *lists)
    return sum(is_music(name.removesuffix(b"\n")) for name in told.split(b"\0"))


def is_music(path: bytes) -> bool:
    """Whether it is one of the files, and no playlist."""
    return path.rstrip().endswith(b".wav") and os.path.isfile(path)


@dataclass(frozen=True, slots=True)
class Mpd:
    """A server that runs; its stored playlists lie in `home / "lists"`, its socket is `home / "socket"`."""

    port: int
    home: Path
    password: str = ""

    def mpc(self, *command: str) -> bytes:
        """What MPD's own client prints."""
        host = f"{self.password}@127.0.0.1" if self.password else "127.0.0.1"
        asked = ["mpc", "-h", host, "-p", str(self.port), *command]
        return subprocess.run(asked, capture_output=True, timeout=60, check=False).stdout


@contextmanager
def mpd_running(library: Path, home: Path, *, password: str = "") -> Iterator[Mpd]:
    """A server of one's own with a database that is up to date; it can do nothing without the password, if any."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "lists").mkdir()
    conf = home / "mpd.conf"
    text = MPD_CONF.format(library=library, home=home, port=port)
    conf.write_text(text + (MPD_PASSWORD.format(password=password) if password else ""))
    server = subprocess.Popen(["mpd", "--no-daemon", conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    running = Mpd(port, home, password)
    try:
        end = time.monotonic() + STARTING_S
        while not running.mpc("version") and time.monotonic() < end:
            time.sleep(0.05)
        running.mpc("update", "--wait")
        yield running
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def mpd(stage: Stage) -> Iterator[Callable[[Path], int]]:
    """A server of one's own; what is given back loads a list and says how many known files it queues."""
    with mpd_running(stage.library, stage.home) as server:

        def loaded(playlist: Path) -> int:
            server.mpc("clear")
            if playlist.suffix == ".m3u":
                shutil.copy(playlist, stage.home / "lists" / "list.m3u")
                server.mpc("load", "list")
            else:
                server.mpc("load", playlist.name)
            queued = server.mpc("-f", "%file%", "playlist").splitlines()
            return sum(os.path.isfile(os.path.join(os.fsencode(stage.library), line)) for line in queued)

        yield loaded


def mpd_playing(stage: Stage, lists: Sequence[Path]) -> int:
    """How many entries were queued of lists that are played to their end."""
    queued = 0
    home = Path(tempfile.mkdtemp(dir=stage.home))
    with mpd_running(stage.library, home) as server:
        for playlist in lists:
            is_stored = playlist.suffix == ".m3u"
            shutil.copy(playlist, home / "lists" if is_stored else stage.library)
            server.mpc("clear")
            server.mpc("load", playlist.stem if is_stored else playlist.name)
            queued += len(server.mpc("playlist").splitlines())
            server.mpc("play")
            end = time.monotonic() + PLAYING_S
            while b"[playing]" in server.mpc("status") and time.monotonic() < end:
                time.sleep(0.05)
    return queued
