"""What browsers cannot play is converted once, in another process, and kept within bounds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import mutagen
import pytest

import sounds
from essentialist.errors import Busy, Unplayable
from essentialist.hearing.browsers import MP4, kind_of
from essentialist.hearing.transcodes import Bounds, Transcodes
from runs import parent_of, processes, read

if TYPE_CHECKING:
    from collections.abc import Callable

RATE = 44_100
MARK = bytes(16)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """Half a minute that no browser plays."""
    return sounds.write(tmp_path / "a.aiff", sounds.stereo(sounds.noise(30.0, RATE)), RATE, tags={"title": "A"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "transcodes"


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_what_browsers_play_with_its_index_first(original: Path, folder: Path) -> None:
    path = Transcodes(folder).get(original, MARK)
    content = path.read_bytes()
    assert 0 < content.find(b"moov") < content.find(b"mdat")
    with path.open("rb") as file:
        assert kind_of(file) == MP4
    made = mutagen.File(path, easy=True)
    assert made.info.length == pytest.approx(30.0, abs=0.1)
    assert made["title"] == ["A"]
    assert folder.stat().st_mode & 0o077 == 0


def test_many_who_ask_at_once_have_it_made_once(original: Path, folder: Path) -> None:
    transcodes = Transcodes(folder)
    with ThreadPoolExecutor(8) as callers:
        found = list(callers.map(lambda _: transcodes.get(original, MARK), range(8)))
    (path,) = set(found)
    assert kept(folder) == [path.name]
    inode, made_at = path.stat().st_ino, path.stat().st_mtime_ns
    assert Transcodes(folder).get(original, MARK) == path
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (inode, made_at)


def test_a_file_that_changed_is_made_anew(original: Path, folder: Path) -> None:
    transcodes = Transcodes(folder)
    first = transcodes.get(original, MARK)
    os.utime(original, ns=(0, 1))
    second = transcodes.get(original, MARK)
    assert first != second
    assert transcodes.get(original, bytes(15) + b"x") not in {first, second}


def test_what_was_not_heard_for_the_longest_time_goes_first(tmp_path: Path, folder: Path) -> None:
    names = [sounds.write(tmp_path / f"{index}.aiff", sounds.noise(3.0, RATE, index), RATE) for index in range(4)]
    size = Transcodes(folder).get(names[0], MARK).stat().st_size
    transcodes = Transcodes(folder, Bounds(kept_bytes=round(size * 3.5)))
    first, second, third = (transcodes.get(name, MARK) for name in names[:3])
    assert transcodes.get(names[0], MARK) == first  # heard again
    fourth = transcodes.get(names[3], MARK)
    assert kept(folder) == sorted(path.name for path in (first, third, fourth))
    assert not second.exists()


@pytest.mark.parametrize("content", [b"", b"no audio at all", b"fLaC" + bytes(500)], ids=repr)
def test_what_cannot_be_decoded_is_told_and_not_tried_again(tmp_path: Path, folder: Path, content: bytes) -> None:
    path = tmp_path / "a.wma"
    path.write_bytes(content)
    transcodes = Transcodes(folder)
    with pytest.raises(Unplayable) as first:
        transcodes.get(path, MARK)
    assert str(tmp_path) not in str(first.value)
    with pytest.raises(Unplayable, match=r"^It cannot be"):
        transcodes.get(path, MARK)
    assert kept(folder) == []
    with pytest.raises(Unplayable, match="cannot be read"):
        transcodes.get(tmp_path / "gone.wma", MARK)


@pytest.mark.parametrize(
    "bounds", [Bounds(memory_mb=80), Bounds(timeout_s=1), Bounds(kept_bytes=10_000)], ids=["memory", "time", "size"]
)
def test_what_goes_beyond_the_bounds_leaves_nothing_behind(tmp_path: Path, folder: Path, bounds: Bounds) -> None:
    long = sounds.write(tmp_path / "a.aiff", sounds.stereo(sounds.noise(240.0, RATE)), RATE)
    with pytest.raises(Unplayable, match=r"cannot be (?:converted|decoded)"):
        Transcodes(folder, bounds).get(long, MARK)
    assert kept(folder) == []


def test_too_many_are_turned_away(original: Path, folder: Path) -> None:
    transcodes = Transcodes(folder, Bounds(n_at_once=1, n_waiting=1))
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(transcodes.get, original, MARK)
        until(lambda: transcoders() != [])
        with pytest.raises(Busy, match="try again"):
            transcodes.get(original, MARK)
        assert waiting.result().exists()
    assert transcodes.get(original, MARK) == waiting.result()


def test_a_full_or_foreign_folder_is_told(original: Path, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_bytes(b"a file")
    with pytest.raises(Unplayable, match="no room"):
        Transcodes(folder).get(original, MARK)


def test_the_asking_process_never_imports_a_decoder(original: Path, folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from essentialist.hearing import audible, covers, clips, browsers, transcodes\n"
        f"print(transcodes.Transcodes(Path({str(folder)!r})).get(Path({str(original)!r}), bytes(16)).name)\n"
        "print([name for name in ('av', 'essentia', 'onnxruntime', 'soxr', 'pebble') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    name, imported = done.stdout.splitlines()
    assert (folder / name).exists()
    assert imported == "[]"


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def transcoders() -> list[int]:
    """The converting processes of this one."""
    return [
        pid
        for pid in processes()
        if parent_of(pid) == os.getpid() and b"hearing._transcoder" in read(Path(f"/proc/{pid}/cmdline"))
    ]
