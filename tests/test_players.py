"""Every player that runs without a screen opens every list: the matrix of docs/players.md, cell by cell."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import nasty_names
import players
from essentialist.exports import export
from essentialist.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from essentialist.locations import PathStyle
    from essentialist.playlist import Playlist

PAGE = Path(__file__).resolve().parents[1] / "docs" / "players.md"
STYLES: tuple[PathStyle, ...] = ("auto", "relative", "absolute", "uri")
NEEDED = {
    "VLC": ("vlc",),
    "mpv": ("mpv",),
    "MPD": ("mpd", "mpc"),
    "Audacious": ("audacious", "audtool", "dbus-run-session"),
    "MPlayer": ("mplayer",),
}
QUICK = ((".m3u8", "auto"), (".m3u8", "relative"), (".pls", "auto"), (".xspf", "relative"))
A_FEW = 8  # entries a list: VLC takes minutes over long ones
OPENS_THE_FOLDER = ("hash first", "hash first, folder", "like a comment")  # VLC, given `./#1 Hits`


@dataclass(frozen=True, slots=True)
class Cell:
    """One player, format and path style, and how many of the names it opens at least."""

    player: str
    suffix: str
    style: PathStyle
    found: int

    def __str__(self) -> str:
        return f"{self.player}-{self.suffix}-{self.style}"


def cells() -> Iterator[Cell]:
    """What the documentation promises."""
    for row in re.findall(r"^\| `(\.\w+)` +\| (\w+) +\|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        suffix, style, counts = row
        for player, count in zip(NEEDED, counts.split("|"), strict=True):
            yield Cell(player, suffix, style, int(re.sub(r"\D", "", count) or 0))


CELLS = tuple(cells())


@pytest.fixture(scope="module")
def stage() -> Iterator[players.Stage]:
    with players.staged() as stage:
        yield stage


@pytest.fixture(scope="module")
def made(stage: players.Stage) -> Playlist:
    return nasty_names.playlist_of(nasty_names.make(stage.library))


@pytest.fixture(scope="module")
def load(stage: players.Stage, made: Playlist) -> Iterator[Callable[[str, Sequence[Path]], int]]:
    """Has a player open lists and says how many files it found."""
    with ExitStack() as stack:
        drivers: dict[str, Callable[[Sequence[Path]], int]] = {
            name: partial(driver, stage)
            for name, driver in {
                "VLC": players.vlc,
                "mpv": players.mpv,
                "Audacious": players.audacious,
                "MPlayer": players.mplayer,
            }.items()
        }
        if all(map(shutil.which, NEEDED["MPD"])):
            loaded = stack.enter_context(players.mpd(stage))
            drivers["MPD"] = lambda lists: sum(map(loaded, lists))
        yield lambda player, lists: drivers[player](lists)


def parts(cell: Cell, stage: players.Stage, made: Playlist) -> list[Path]:
    """The lists of a cell, of a few entries each, all in the folder of the music."""
    tracks = made.tracks
    if cell.player == "VLC" and cell.suffix != ".xspf" and cell.style in ("relative", "absolute"):
        folders = {str(stage.library / nasty_names.NAMES[label]) for label in OPENS_THE_FOLDER}
        tracks = tuple(track for track in tracks if str(track.path) not in folders)
    written = []
    for start in range(0, len(tracks), A_FEW):
        path = stage.library / f"{cell}-{start}{cell.suffix}"
        some = replace(made, tracks=tracks[start : start + A_FEW])
        export(some, path, spelling=Spelling(cell.style))
        path.chmod(0o644)
        written.append(path)
    return written


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(cell, id=str(cell), marks=() if (cell.suffix, cell.style) in QUICK else pytest.mark.slow)
        for cell in CELLS
    ],
)
def test_a_player_opens_what_is_promised(
    cell: Cell, stage: players.Stage, made: Playlist, load: Callable[[str, Sequence[Path]], int]
) -> None:
    for program in NEEDED[cell.player]:
        if not any(shutil.which(program, path=path) for path in (None, "/usr/games")):
            pytest.skip(f"{program} is not installed")
    found = load(cell.player, parts(cell, stage, made))
    assert found == cell.found if cell.found == 0 else found >= cell.found - (len(nasty_names.NAMES) - len(made.tracks))


def test_the_page_has_every_cell() -> None:
    promised = {(cell.player, cell.suffix, cell.style) for cell in CELLS}
    assert promised == {
        (player, suffix, style)
        for player in NEEDED
        for suffix in (".m3u8", ".m3u", ".pls", ".xspf")
        for style in STYLES
    }
