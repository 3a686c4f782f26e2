"""Tags read again, of real files, and nothing listened to."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import mutagen
import pytest

from command_line import Here
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.rereading import Reread
from essentialist.errors import CollectionError
from essentialist.library import Library
from essentialist.runs.planning import Wanted, plan
from essentialist.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection


class Copied:
    """A copy of the tests' collection, to be changed; its catalogue knows it where it is."""

    def __init__(self, collection: Collection, folder: Path) -> None:
        self.music = folder / "Music"
        shutil.copytree(collection.music, self.music)
        shutil.copy(collection.catalog, folder / "catalog.db")
        self.catalog = Catalog(folder / "catalog.db")
        self.library = Library(self.catalog)
        self.library.relocate(collection.music, self.music)

    def retitle(self, name: str, title: str) -> None:
        file = mutagen.File(self.music / name, easy=True)
        file["title"] = title
        file.save()

    def title(self, name: str) -> str:
        return self.catalog.track(self.music / name).title

    def to_open(self) -> set[str]:
        with Recorder(self.catalog) as recorder:
            return {task.file.path for task in plan(recorder, Wanted(), Settings(self.catalog.path, 1)).tasks}


@pytest.fixture
def copied(collection: Collection, tmp_path: Path) -> Copied:
    return Copied(collection, tmp_path)


def test_changed_tags_are_listed_and_the_sound_is_left_to_the_next_analysis(copied: Copied) -> None:
    before = copied.catalog.tracks()
    copied.retitle("Beats/01 One.flac", "Uno")
    copied.retitle("Beats/02 Two.mp3", "Due")
    assert copied.library.reread() == Reread(changed=2, same=5, gone=0)
    assert (copied.title("Beats/01 One.flac"), copied.title("Beats/02 Two.mp3")) == ("Uno", "Due")
    assert [track.title for track in copied.library.tracks("uno")] == ["Uno"]
    assert [track.values for track in copied.catalog.tracks()] == [track.values for track in before]
    assert copied.to_open() == {"Beats/01 One.flac", "Beats/02 Two.mp3"}
    assert copied.library.reread() == Reread(changed=0, same=7, gone=0)


def test_all_files_are_read_only_when_that_is_asked(copied: Copied) -> None:
    with copied.catalog.connected() as db:
        db.execute("UPDATE file SET title = 'read by an older release'")
    assert copied.library.reread().changed == 0
    assert copied.library.reread(copied.music / "Beats", everything=True) == Reread(changed=3, same=0, gone=0)
    assert copied.title("Beats/01 One.flac") == "One"
    assert copied.title("untagged.wav") == "read by an older release"


def test_what_is_gone_or_damaged_stays_as_it_is_known(copied: Copied) -> None:
    (copied.music / "Beats" / "01 One.flac").unlink()
    (copied.music / "Beats" / "02 Two.mp3").write_bytes(os.urandom(1000))
    done = copied.library.reread(copied.music / "Beats")
    assert done.gone == 1
    assert copied.title("Beats/01 One.flac") == "One"
    with pytest.raises(CollectionError, match="No file is known in"):
        copied.library.reread(copied.music / "nothing")


def test_the_command(copied: Copied, capsys: pytest.CaptureFixture[str]) -> None:
    run = Here(copied.catalog.path, capsys)
    copied.retitle("Beats/01 One.flac", "Uno")
    assert run("reread").out == "1 file with other tags than before, 6 as they were\n"
    assert json.loads(run("reread", "--all", "--json").out) == {"changed": 0, "same": 7, "gone": 0}
