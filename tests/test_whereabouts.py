"""Folders that go away: told from files that do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.errors import FolderMissing
from essentialist.files.whereabouts import Whereabouts
from essentialist.runs.planning import Wanted, plan
from essentialist.settings import Settings
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Iterator

N_FOLDERS = 6_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    (folder / "album").mkdir(parents=True)
    (folder / "album" / "1.flac").write_bytes(b"sound")
    return folder


def test_a_folder_that_is_there_is_not_lost_whatever_became_of_the_file(root: Path) -> None:
    whereabouts = Whereabouts([str(root)])
    file = AudioFile(str(root), "album/1.flac", 5, 0)
    assert not whereabouts.is_lost(file)
    file.absolute.unlink()
    assert not whereabouts.is_lost(file)


def test_a_folder_that_was_moved_emptied_or_replaced_by_a_file_is_lost(root: Path) -> None:
    whereabouts = Whereabouts([str(root)])
    file = AudioFile(str(root), "album/1.flac", 5, 0)
    root.rename(root.with_name("moved"))
    assert whereabouts.is_lost(file)
    root.mkdir()
    assert whereabouts.is_lost(file)
    root.rmdir()
    root.touch()
    assert whereabouts.is_lost(file)


@pytest.fixture
def mounted(root: Path) -> Iterator[Path]:
    """A disk at a mount point that is not empty without it."""
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", root], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a disk")
    (root / "on the disk.flac").write_bytes(b"sound")
    yield root
    subprocess.run(["umount", root], check=False, capture_output=True)


def test_a_bare_mount_point_is_lost_for_what_was_on_the_disk(mounted: Path) -> None:
    whereabouts = Whereabouts([str(mounted)])
    file = AudioFile(str(mounted), "on the disk.flac", 5, 0)
    assert not whereabouts.is_lost(file)
    subprocess.run(["umount", mounted], check=True)
    assert whereabouts.is_lost(file)


@pytest.fixture
def often() -> Iterator[None]:
    """Threads take turns so often that none misses what another does for some milliseconds."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="sees in /proc that the walk has begun (Linux)")
def test_a_folder_that_goes_away_while_it_is_walked_is_one_error_and_changes_nothing(root: Path, often: None) -> None:
    for index in range(N_FOLDERS):
        (root / f"{index}").mkdir()
    catalog = Catalog.create(root.with_name("catalog.db"))

    def take_away() -> None:
        while not any(is_inside(link, root) for link in Path("/proc/self/fd").iterdir()):
            pass
        root.rename(root.with_name("away"))

    thief = threading.Thread(target=take_away)
    with Recorder(catalog) as recorder:
        thief.start()
        with pytest.raises(FolderMissing, match="went away while it was read"):
            plan(recorder, Wanted((root,)), Settings(catalog.path, 1))
        thief.join()
    assert catalog.failures() == ()


def is_inside(link: Path, folder: Path) -> bool:
    """Whether an open descriptor is a folder's or of something in it."""
    try:
        return folder in (Path(os.readlink(link)), *Path(os.readlink(link)).parents)
    except OSError:
        return False
