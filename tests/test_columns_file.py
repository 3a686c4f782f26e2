"""The columns kept beside the catalogue: true or not used, and no matter if they are gone."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

import numpy as np
import pytest

from command_line import Here
from essentialist import Library
from essentialist.catalogue import columns_file
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.schema import NAMED
from made_up import enter_folder, extractors, make_files
from playing import copied

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Collection
    from essentialist.query import Columns

QUERIES = ("", "bpm:100..130", "title:a", "tag:electronic>0.01", "plays:>0", "liked:yes", "elan", "path:b")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    made = Catalog.create(tmp_path / "catalog.db")
    enter(made, tmp_path, {"a.flac": b"one", "b.flac": b"two"})
    return made


def enter(catalog: Catalog, folder: Path, files: dict[str, bytes]) -> None:
    """Enter these files of a music folder."""
    music = make_files(folder / "music", files)
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        enter_folder(recorder, music)


def kept(catalog: Catalog) -> Path:
    """The file after a program has kept what it holds."""
    library = Library(catalog)
    library.hold()
    library.keep_columns()
    return columns_file.file_of(catalog.path)


def same(one: Columns, other: Columns) -> bool:
    """Whether two collections of columns hold the same."""
    numbers = one.numbers.keys() == other.numbers.keys() and all(
        np.array_equal(one.numbers[name], other.numbers[name], equal_nan=True) for name in one.numbers
    )
    texts = one.texts.keys() == other.texts.keys() and all(
        (mine.folded, mine.codes.tolist(), mine.starts.tolist(), mine.lengths.tolist())
        == (theirs.folded, theirs.codes.tolist(), theirs.starts.tolist(), theirs.lengths.tolist())
        for mine, theirs in ((one.texts[name], other.texts[name]) for name in one.texts)
    )
    distributions = one.distributions.keys() == other.distributions.keys() and all(
        (mine.labels, mine.ends.tolist(), mine.rows.tolist(), mine.probabilities.tolist())
        == (theirs.labels, theirs.ends.tolist(), theirs.rows.tolist(), theirs.probabilities.tolist())
        for mine, theirs in ((one.distributions[name], other.distributions[name]) for name in one.distributions)
    )
    return np.array_equal(one.ids, other.ids) and numbers and texts and distributions


def test_what_is_kept_is_what_the_catalogue_holds(catalog: Catalog) -> None:
    library = Library(catalog)
    library.judge(1, liked=True)
    library.heard(2, 1_600_000_000.0)
    read = library.hold()
    library.keep_columns()
    found = columns_file.kept(catalog.path, catalog.state())
    assert found is not None
    assert {"plays", "played"} & found.numbers.keys() == set()  # what a visitor does is kept in no second place
    assert "liked" not in found.texts
    again = Library(catalog)
    assert same(again.hold(), read)
    by_sql = Library(catalog)
    for query in QUERIES:
        assert again.ids(query) == by_sql.ids(query)


def change_a_tag(catalog: Catalog, _: Path) -> None:
    with catalog.connected() as db:
        db.execute("UPDATE file SET title = 'Another', search = 'another' WHERE id = 1")


def change_a_probability(catalog: Catalog, _: Path) -> None:
    with catalog.connected() as db:
        db.execute("UPDATE probability SET value = 0.99 WHERE track_id = 1")


def change_a_number(catalog: Catalog, _: Path) -> None:
    with catalog.connected() as db:
        db.execute("UPDATE measurement SET bpm = 77 WHERE track_id = 2")


def lose_a_file(catalog: Catalog, _: Path) -> None:
    with catalog.connected() as db:
        db.execute("UPDATE file SET missing = 1 WHERE id = 2")


def hear_another(catalog: Catalog, folder: Path) -> None:
    enter(catalog, folder, {"c.flac": b"three"})


@pytest.mark.parametrize(
    "change",
    [change_a_tag, change_a_probability, change_a_number, lose_a_file, hear_another],
    ids=lambda it: it.__name__,
)
def test_what_is_stale_is_never_used(catalog: Catalog, tmp_path: Path, change: Callable[[Catalog, Path], None]) -> None:
    kept(catalog)
    running = Library(catalog)
    before = running.hold()
    change(catalog, tmp_path)
    assert columns_file.kept(catalog.path, catalog.state()) is None
    now = Library(catalog).hold()
    assert not same(now, before)
    assert same(running.hold(), now)
    kept(catalog)
    assert same(Library(catalog).hold(), now)


@pytest.mark.parametrize("table", NAMED)
def test_every_change_of_what_is_known_is_another_state(catalog: Catalog, table: str) -> None:
    states = [catalog.state()]
    with catalog.connected() as db:
        db.execute("PRAGMA foreign_keys = OFF")
        column = db.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
        db.execute(f"CREATE TEMP TABLE copy AS SELECT * FROM {table}")
        for change in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"INSERT INTO {table} SELECT * FROM copy",
        ):
            db.execute(change)
            states.append(catalog.state())
        db.execute("BEGIN")
        db.execute(f"DELETE FROM {table}")
        db.execute("ROLLBACK")
    assert len(set(states)) == 4
    assert catalog.state() == states[-1]


def test_a_like_and_a_listen_leave_it_true(catalog: Catalog) -> None:
    kept(catalog)
    state = catalog.state()
    library = Library(catalog)
    first = library.hold()
    library.judge(2, liked=False)
    library.heard(1, 1_600_000_000.0)
    assert catalog.state() == state
    for each in (library, Library(catalog)):
        assert each.ids("liked:no") == (2,)
        assert each.hold().numbers["bpm"].tolist() == first.numbers["bpm"].tolist()
        assert each.hold().numbers["plays"].tolist() == [1, 0]
    assert library.hold().distributions is first.distributions  # what takes long was not read again


def test_another_catalogue_in_the_same_place_is_another_state(catalog: Catalog, tmp_path: Path) -> None:
    kept(catalog)
    other = Catalog.create(tmp_path / "other.db")
    enter(other, tmp_path / "elsewhere", {"d.flac": b"four"})
    for leftover in tmp_path.glob("catalog.db-*"):
        leftover.unlink()
    other.path.replace(catalog.path)
    assert len(Library(catalog).hold()) == 1


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-300])


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(len(content) // 3, len(content) // 3 + 200):
        content[place] ^= 0xFF
    file.write_bytes(content)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def replace_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def change_arrays(file: Path) -> None:
    """Leave all as it is, but codes that stand for no text."""
    with np.load(file) as arrays:
        found = dict(arrays)
    found["text/title/codes"] = np.array([5, -3], np.int32)
    with file.open("wb") as output:
        np.savez(output, **found)


@pytest.mark.parametrize(
    "harm", [cut, spoil, empty, replace_by_a_folder, change_arrays], ids=lambda harm: harm.__name__
)
def test_what_is_broken_is_not_used(catalog: Catalog, harm: Callable[[Path], None]) -> None:
    read = Library(catalog).hold()
    harm(kept(catalog))
    assert columns_file.kept(catalog.path, catalog.state()) is None
    assert same(Library(catalog).hold(), read)


def test_only_those_may_read_it_who_may_read_the_catalogue(catalog: Catalog) -> None:
    os.chmod(catalog.path, 0o600)
    assert stat.S_IMODE(kept(catalog).stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_no_trouble(catalog: Catalog) -> None:
    file = columns_file.file_of(catalog.path)
    file.mkdir()  # nothing can take its place, also for who may write everywhere
    (file / "something").touch()
    read = Library(catalog).hold()
    kept(catalog)
    assert file.is_dir()
    assert same(Library(catalog).hold(), read)
    assert list(catalog.path.parent.glob(".~*")) == []


def test_an_empty_catalogue_can_be_kept(tmp_path: Path) -> None:
    catalog = Catalog.create(tmp_path / "catalog.db")
    assert kept(catalog).is_file()
    assert len(Library(catalog).hold()) == 0


def test_what_was_kept_is_kept_anew_where_something_changed(catalog: Catalog, tmp_path: Path) -> None:
    library = Library(catalog)
    library.renew_columns()
    assert not columns_file.file_of(catalog.path).exists()  # nobody asked for it
    file = kept(catalog)
    before = file.stat().st_mtime_ns
    library.renew_columns()
    assert file.stat().st_mtime_ns == before  # it is true as it is
    hear_another(catalog, tmp_path)
    library.renew_columns()
    found = columns_file.kept(catalog.path, catalog.state())
    assert found is not None
    assert len(found) == 3


def an_array(file: Path) -> None:
    with file.open("wb") as output:
        np.save(output, np.zeros(3))


def of_a_newer_zip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 6] = 99  # the release of the format that it takes
    file.write_bytes(content)


def encrypted(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for at in (found.start() for found in re.finditer(b"PK\x01\x02", bytes(content))):
        content[at + 8] |= 1
    file.write_bytes(content)


def nothing_known(file: Path) -> None:
    file.write_bytes(b"no such file")


@pytest.mark.parametrize("damage", [an_array, of_a_newer_zip, encrypted, nothing_known])
def test_another_file_in_its_place_is_kept_anew(catalog: Catalog, damage: Callable[[Path], None]) -> None:
    damage(kept(catalog))
    assert len(Library(catalog).hold()) == 2
    damage(kept(catalog))
    Library(catalog).renew_columns()
    assert columns_file.kept(catalog.path, catalog.state()) is not None


def test_what_is_not_true_any_more_replaces_nothing(catalog: Catalog, tmp_path: Path) -> None:
    earlier = Library(catalog)
    earlier.hold()
    hear_another(catalog, tmp_path)
    kept(catalog)
    earlier.keep_columns()
    assert columns_file.kept(catalog.path, catalog.state()) is not None


def test_analyze_leaves_true_columns(
    collection: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    music = copied(collection, tmp_path)
    catalog = Catalog(music.catalog)
    kept(catalog)
    before = catalog.state()
    (music.folder / "Beats" / "01 One.flac").unlink()
    assert Here(music.catalog, capsys)("analyze").code == 0
    assert catalog.state() != before
    found = columns_file.kept(music.catalog, catalog.state())
    assert found is not None
    assert found.ids.tolist() == list(catalog.ids())
