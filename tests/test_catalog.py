from __future__ import annotations

import multiprocessing
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist.catalogue import schema
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.database import connected, migrate, transaction, version_of
from essentialist.catalogue.recorder import Recorder
from essentialist.choosing.similarity import Embeddings
from essentialist.errors import CatalogError, CatalogTooNew, CatalogUnwritable, NotACatalog, UnknownTrack
from essentialist.query import Clause
from essentialist.track import AudioFile
from made_up import enter_folder, extractors, heard, make_files, networks

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Barrier

SOUNDS = {"b/2.flac": b"two", "a.flac": b"one", "b/copy of a.flac": b"one", "ü/3.flac": b"three"}


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return make_files(tmp_path / "music", SOUNDS)


@pytest.fixture
def catalog(tmp_path: Path, music: Path) -> Catalog:
    catalog = Catalog.create(tmp_path / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        enter_folder(recorder, music)
    return catalog


def columns(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


# The file


def test_a_new_catalogue_is_empty_and_can_be_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "catalog.db"
    assert Catalog.create(path).tracks() == ()
    assert Catalog(path).status().found == 0
    assert Catalog.create(path).tracks() == ()


def test_an_empty_file_becomes_a_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    path.touch()
    assert Catalog(path).tracks() == ()


def test_a_file_that_a_crash_left_without_tables_becomes_a_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    assert path.stat().st_size > 0
    assert Catalog.create(path).tracks() == ()


def test_reading_does_not_make_a_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"There is no catalogue at .* Run `essentialist analyze"):
        Catalog(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("opened", [Catalog, Catalog.create])
def test_what_is_no_catalogue_is_refused_and_left_as_it_is(tmp_path: Path, opened: Callable[[Path], Catalog]) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be one\n" * 100)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE recipe (id INTEGER)")
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(NotACatalog, match="--catalog"):
            opened(path)
        assert path.read_bytes() == before
    with pytest.raises(NotACatalog, match="is a folder"):
        opened(tmp_path)


@pytest.mark.parametrize("opened", [Catalog, Catalog.create])
def test_a_newer_catalogue_is_refused_and_left_as_it_is(
    tmp_path: Path, catalog: Catalog, opened: Callable[[Path], Catalog]
) -> None:
    with closing(sqlite3.connect(catalog.path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = catalog.path.read_bytes()
    with pytest.raises(CatalogTooNew, match=r"version 99.*upgrade"):
        opened(catalog.path)
    assert catalog.path.read_bytes() == before


def test_a_damaged_catalogue_is_told_as_such(catalog: Catalog) -> None:
    content = bytearray(catalog.path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    catalog.path.write_bytes(content)
    with pytest.raises(NotACatalog, match="damaged"):
        catalog.tracks()


def test_a_place_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CatalogUnwritable, match="--catalog"):
        Catalog.create(tmp_path / "file" / "catalog.db")


def use_as_nobody(path: str, action: str, answers: multiprocessing.SimpleQueue[str]) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    try:
        catalog = Catalog(Path(path)) if action == "read" else Catalog.create(Path(path))
        if action == "write":
            with Recorder(catalog) as recorder, recorder.run():
                pass
        answers.put(str(len(catalog.tracks())))
    except CatalogUnwritable as error:
        answers.put(str(error))


def create_at_once(path: Path, start: Barrier, answers: multiprocessing.SimpleQueue[str]) -> None:
    start.wait()
    try:
        Catalog.create(path)
        answers.put("")
    except CatalogUnwritable as error:
        answers.put(str(error))


@pytest.mark.parametrize("attempt", range(12))
def test_several_programs_may_make_one_catalogue_at_the_same_moment(tmp_path: Path, attempt: int) -> None:
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(3), context.SimpleQueue()
    makers = [context.Process(target=create_at_once, args=(tmp_path / "catalog.db", start, answers)) for _ in range(3)]
    for each in makers:
        each.start()
    assert [answers.get() for _ in makers] == [""] * 3
    for each in makers:
        each.join()


def as_nobody(path: Path, action: str) -> str:
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.SimpleQueue[str] = context.SimpleQueue()
    child = context.Process(target=use_as_nobody, args=(str(path), action, answers))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    return str(answers.get())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user, whom permissions stop")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # this process may hold threads of other tests
def test_read_only_files_and_folders(catalog: Catalog, tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o055)
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    path = shared / "catalog.db"
    path.write_bytes(catalog.path.read_bytes())
    path.chmod(0o444)
    assert as_nobody(path, "read") == "3"
    assert "readonly" in as_nobody(path, "write")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o755)
    line = as_nobody(closed / "catalog.db", "write")
    assert "--catalog" in line
    assert "\n" not in line


# Migrations


MADE = ("ALTER TABLE track ADD COLUMN mood TEXT", "CREATE TABLE mixtape (id INTEGER); CREATE INDEX mix ON mixtape (id)")


def test_later_migrations_apply_to_an_older_file_and_keep_what_is_in_it(catalog: Catalog) -> None:
    before = catalog.tracks()
    with connected(catalog.path) as db:
        migrate(db, (*schema.MIGRATIONS, *MADE))
        assert version_of(db) == len(schema.MIGRATIONS) + 2
        db.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS)}")  # so that this release reads it
    assert "mood" in columns(catalog.path, "track")
    assert columns(catalog.path, "mixtape") == ["id"]
    assert catalog.tracks() == before


def test_a_migration_that_fails_leaves_the_file_at_the_version_before(catalog: Catalog) -> None:
    with pytest.raises(CatalogUnwritable), connected(catalog.path) as db:
        migrate(db, (*schema.MIGRATIONS, MADE[0], "CREATE TABLE extra (id INTEGER); CREATE TABLE track (id INTEGER)"))
    with connected(catalog.path) as db:
        assert version_of(db) == len(schema.MIGRATIONS) + 1
    assert "mood" in columns(catalog.path, "track")
    assert columns(catalog.path, "extra") == []


def make(path: str) -> None:
    Catalog.create(Path(path))


def test_eight_processes_may_make_one_catalogue_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=make, args=(str(tmp_path / "catalog.db"),)) for _ in range(8)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0] * 8
    assert Catalog(tmp_path / "catalog.db").tracks() == ()


# Transactions


def forget_probabilities_and_stop(recorder: Recorder) -> None:
    with transaction(recorder.db):
        recorder.db.execute("DELETE FROM probability")
        raise KeyboardInterrupt


def test_a_transaction_is_all_or_nothing(catalog: Catalog) -> None:
    with Recorder(catalog) as recorder:
        with pytest.raises(KeyboardInterrupt):
            forget_probabilities_and_stop(recorder)
        with recorder.run():
            pass
    assert all(track.distribution("tags") for track in catalog.tracks())


def test_a_reader_sees_one_state_while_a_writer_writes(catalog: Catalog, music: Path) -> None:
    make_files(music, {"new.flac": b"new"})
    with catalog.reading() as db:
        before = db.execute("SELECT count(*) FROM listing").fetchone()[0]
        with Recorder(catalog) as recorder:
            enter_folder(recorder, music)
            assert db.execute("SELECT count(*) FROM listing").fetchone()[0] == before
            assert len(catalog.tracks()) == before + 1


# Reading


def test_a_track_has_its_tags_values_and_the_path_of_its_first_file(catalog: Catalog, music: Path) -> None:
    track = catalog.track(music / "a.flac")
    wanted = heard(b"one")
    assert wanted.analysis
    assert track.path == music / "a.flac"
    assert track.title == "a.flac"
    assert track.duration == 30.0
    assert track.values == wanted.analysis.values
    assert track.id in catalog.ids()


def test_tracks_come_by_id_in_an_order_and_up_to_a_limit(catalog: Catalog) -> None:
    with catalog.connected() as db:
        db.execute("UPDATE measurement SET bpm = NULL WHERE track_id = 1")
        db.execute("UPDATE file SET artist = 'Ümit' WHERE track_id = 2")
        db.execute("UPDATE file SET artist = 'abba' WHERE track_id = 3")
    tempi = {track.id: track.number("bpm") for track in catalog.tracks()}
    assert list(tempi) == [1, 2, 3]
    rising = [track.id for track in catalog.tracks(order_by="bpm")]
    falling = [track.id for track in catalog.tracks(order_by="-bpm")]
    assert rising[-1] == falling[-1] == 1
    assert rising[:2] == falling[1::-1]
    assert [track.id for track in catalog.tracks(order_by="artist")] == [3, 2, 1]
    assert [track.id for track in catalog.tracks(limit=2)] == [1, 2]
    assert catalog.tracks(limit=0) == ()
    assert [track.id for track in catalog.tracks(Clause("id > ?", (1,)), limit=1)] == [2]
    assert catalog.ids(Clause("id > ?", (1,))) == (2, 3)


def test_distributions_can_be_left_out(catalog: Catalog) -> None:
    with_tags, without = catalog.tracks(), catalog.tracks(distributions=False)
    assert all(track.distribution("tags") for track in with_tags)
    assert not any(track.distribution("tags") for track in without)
    assert [track.number("bpm") for track in with_tags] == [track.number("bpm") for track in without]


def test_a_track_is_found_by_id_or_by_the_path_of_any_file(
    catalog: Catalog, music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = catalog.track(music / "a.flac")
    monkeypatch.chdir(music / "b")
    (tmp_path / "link").symlink_to(music)
    for way in (one.id, str(one.id), music / "b" / "copy of a.flac", "copy of a.flac", "../a.flac"):
        assert catalog.track(way) == one
    assert catalog.track(tmp_path / "link" / "a.flac") == one
    assert catalog.track(music / "ü" / "3.flac").title == "ü/3.flac"


@pytest.mark.parametrize("unknown", [99, -1, 10**30, "99", "nowhere.flac", "", "/", "a\0b", "\udcff.flac", "٣٤"])
def test_an_unknown_track_is_told_with_the_remedy(catalog: Catalog, unknown: int | str) -> None:
    with pytest.raises(UnknownTrack, match="See `essentialist tracks`"):
        catalog.track(unknown)


def test_many_tracks_by_id(catalog: Catalog) -> None:
    assert list(catalog.with_ids([3, 1, 77])) == [1, 3]
    assert len(catalog.with_ids(range(100_000))) == 3


def test_embeddings_are_those_that_were_entered(catalog: Catalog) -> None:
    analyses = [heard(sound).analysis for sound in (b"one", b"two", b"three")]
    for network in networks():
        vectors = np.concatenate([analysis.embeddings[network] for analysis in analyses if analysis])
        wanted, found = Embeddings.of([1, 2, 3], vectors), catalog.embeddings(network)
        assert found.ids.tolist() == [1, 2, 3]
        np.testing.assert_array_equal(found.vectors, wanted.vectors)
    assert len(catalog.embeddings("no such network").ids) == 0


def test_failures_of_files_and_of_extractors(catalog: Catalog, music: Path) -> None:
    with Recorder(catalog) as recorder:
        recorder.fail(AudioFile(str(music), "bad.flac", 1, 2), "decode", "not audio")
        recorder.fail(AudioFile(str(music), "bad.flac", 1, 2), "decode", "not audio at all")
        recorder.enter(AudioFile(str(music), "odd.flac", 1, 2), heard(b"odd", failures=["tempo"]))
    file, extractor = catalog.failures()
    assert (file.path, file.stage, file.reason, file.attempts) == (music / "bad.flac", "decode", "not audio at all", 2)
    assert (extractor.path, extractor.stage, extractor.reason) == (music / "odd.flac", "tempo", "ValueError: made up")


def test_status_counts_every_place_once(catalog: Catalog, music: Path) -> None:
    with Recorder(catalog) as recorder:
        make_files(music, {"gone.flac": b"gone", "worse.flac": b"worse", "slow.flac": b"slow"})
        enter_folder(recorder, music)
        with catalog.connected() as db:
            ids = dict(db.execute("SELECT CAST(path AS TEXT), id FROM file").fetchall())
        recorder.set_missing([ids["gone.flac"]], missing=True)
        slow = (music / "slow.flac").stat()
        recorder.fail(AudioFile(str(music), "worse.flac", 1, 1), "decode", "was good once")
        recorder.fail(AudioFile(str(music), "slow.flac", slow.st_size, slow.st_mtime_ns), "time-out", "stale, too slow")
        recorder.fail(AudioFile(str(music), "bad.flac", 1, 1), "decode", "never was good")
    status = catalog.status()
    assert (status.analysed, status.duplicates, status.failed, status.skipped) == (4, 1, 2, 1)
    assert status.found == 8
    assert status.duration == 120.0
    assert status.roots == (str(music),)
    assert set(status.descriptors.values()) == {4}
    assert len(catalog.failures()) == 3


def test_the_catalogue_says_what_its_descriptors_mean(catalog: Catalog) -> None:
    described = {each.name: each for each in catalog.descriptors()}
    for extractor in extractors():
        for descriptor in extractor.outputs:
            told = described.pop(descriptor.name)
            assert (told.title, told.kind, told.unit, told.range) == (
                descriptor.title,
                descriptor.kind,
                descriptor.unit,
                descriptor.range,
            )
            assert (told.help, told.labels, told.estimate) == (descriptor.help, descriptor.labels, descriptor.estimate)
    assert not described


def test_learning_the_same_again_writes_nothing(catalog: Catalog) -> None:
    with Recorder(catalog) as recorder:
        before = recorder.db.total_changes
        recorder.learn(extractors())
        assert recorder.db.total_changes == before


def test_the_outline_of_a_track(catalog: Catalog) -> None:
    assert catalog.waveform(1) == bytes(400)
    assert catalog.waveform(99) == b""


def test_names_that_are_not_utf_8_keep_their_bytes(catalog: Catalog, music: Path) -> None:
    name = os.fsdecode(b"caf\xe9.flac")
    make_files(music, {name: b"latin"})
    with Recorder(catalog) as recorder:
        status = (music / name).stat()
        file = AudioFile(str(music), name, status.st_size, status.st_mtime_ns)
        recorder.enter(file, heard(b"latin", "café"))
        recorder.fail(AudioFile(str(music), name + ".flac", 1, 1), "decode", f"{name} cannot be opened")
    assert catalog.track(music / name).path == music / name
    assert os.fsencode(catalog.failures()[0].path).endswith(b"caf\xe9.flac.flac")
    assert catalog.failures()[0].reason == "caf\\udce9.flac cannot be opened"
