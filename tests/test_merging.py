"""Another machine's work brought home: what is taken over, what is not, and that the other file stays as it is."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command_line import Here
from essentialist.analysis import provenance
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.database import connected, migrate
from essentialist.catalogue.inventory import sound_values
from essentialist.catalogue.merging import Merged, merge
from essentialist.catalogue.patch_store import KeptPatches, PatchStore
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.schema import MIGRATIONS
from essentialist.errors import CatalogError, CatalogTooNew, NotACatalog
from essentialist.library import Library
from essentialist.runs.planning import Wanted, plan
from essentialist.settings import Settings
from made_up import enter_folder, extractors, fingerprint, make_files, networks
from runs import analyze, contents, make_music

if TYPE_CHECKING:
    from pathlib import Path

SOUNDS = {"a.flac": b"one", "b/2.flac": b"second", "b/c/3.flac": b"a third"}
NETWORK = networks()[0]
OLD_TABLES = ("measurement", "probability", "embedding", "computed")
TRACKED = {3: "measurement", 4: "probability", 5: "embedding", 6: "computed"}  # of `contents`, by recording


class Machine:
    """A machine with some music, and the catalogue that it keeps."""

    def __init__(self, folder: Path, sounds: dict[str, bytes]) -> None:
        self.folder = folder
        self.music = make_files(folder / "music", sounds)
        self.catalog = Catalog.create(folder / "catalog.db")

    def analyse(self) -> Machine:
        """Enter all files, and patches of each sound."""
        with Recorder(self.catalog) as recorder:
            recorder.learn(extractors())
            enter_folder(recorder, self.music)
            for path in self.music.rglob("*.flac"):
                recorder.patches.keep(fingerprint(path.read_bytes()), [patches("balanced")])
        return self

    def merge(self, other: Machine, **roots: Path) -> Merged:
        """Bring home what another machine computed."""
        mapped = {str(other.music): roots["music"]} if roots else {}
        return merge(self.catalog, other.catalog.path, mapped)

    def planned(self) -> dict[str, bool]:
        """The files that an analysis would open: path -> whether it takes their fingerprints first."""
        with Recorder(self.catalog) as recorder:
            made = plan(recorder, Wanted((self.music,)), Settings(self.catalog.path, 1))
        return {task.file.path: task.may_be_known for task in made.tasks}

    def change(self, statement: str) -> None:
        """Write to the catalogue as no program does."""
        with closing(sqlite3.connect(self.catalog.path)) as db, db:
            db.execute(statement)

    def close(self) -> bytes:
        """The file alone, with all that was written to it."""
        with closing(sqlite3.connect(self.catalog.path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.catalog.path.read_bytes()


def patches(profile: str) -> KeptPatches:
    embeddings = np.full((2, 200), 2 if profile == "full" else 1, np.float16)
    return KeptPatches(NETWORK, extractor("tags").split()[1], profile, embeddings)  # type: ignore[arg-type]


def extractor(name: str, profile: str = "balanced") -> str:
    """The provenance of an extractor's values."""
    return provenance(next(each for each in extractors() if each.name == name), profile)  # type: ignore[arg-type]


@pytest.fixture
def there(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "there", SOUNDS).analyse()


@pytest.fixture
def here(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "here", SOUNDS)


def values(machine: Machine) -> list[object]:
    """All that is known of recordings, wherever their files are."""
    tables = contents(machine.catalog.path)
    return [tables[place] for place in TRACKED]


def test_what_is_new_waits_for_its_files_and_is_then_not_computed_again(here: Machine, there: Machine) -> None:
    assert here.merge(there) == Merged(found=3, added=3, waiting=3, patches=3, lacking={})
    assert values(here) == values(there)
    assert here.catalog.tracks() == ()
    assert here.catalog.status().waiting == 3
    assert here.planned() == dict.fromkeys(SOUNDS, True)
    with Recorder(here.catalog) as recorder:
        recorder.forget_unheld()
        for path, sound in SOUNDS.items():
            assert sound_values(recorder.db, fingerprint(sound)) == {
                each.name: provenance(each, "balanced") for each in extractors()
            }, path
        enter_folder(recorder, here.music)
        recorder.forget_unheld()
    assert here.planned() == {}
    assert here.catalog.status().waiting == 0
    assert contents(here.catalog.path)[3:7] == contents(there.catalog.path)[3:7]


def test_with_mapped_roots_the_files_come_too(here: Machine, there: Machine) -> None:
    (here.music / "b" / "2.flac").write_bytes(b"another size")
    merged = here.merge(there, music=here.music)
    assert (merged.added, merged.files, merged.waiting) == (3, 2, 1)
    assert here.planned() == {"b/2.flac": False}
    assert [track.title for track in here.catalog.tracks()] == ["a.flac", "b/c/3.flac"]
    assert here.catalog.status().roots == (str(here.music),)
    (here.music / "b" / "2.flac").write_bytes(SOUNDS["b/2.flac"])
    assert here.merge(there, music=here.music).files == 1
    assert here.planned() == {}


def test_a_part_of_a_root_can_be_mapped(here: Machine, there: Machine) -> None:
    merged = merge(here.catalog, there.catalog.path, {str(there.music / "b"): here.music / "b"})
    assert (merged.files, merged.waiting) == (2, 1)
    assert here.catalog.status().roots == (str(here.music / "b"),)
    with pytest.raises(CatalogError, match=f"knows no folder /nowhere: it has {there.music}"):
        merge(here.catalog, there.catalog.path, {"/nowhere": here.music})


def test_a_file_that_is_known_here_stays_as_it_is(here: Machine, there: Machine) -> None:
    here.analyse()
    here.change("UPDATE file SET title = 'my own', mtime_ns = 5")
    merged = here.merge(there, music=here.music)
    assert merged == Merged(found=3, unchanged=3, lacking={})
    assert {track.title for track in here.catalog.tracks()} == {"my own"}


@pytest.mark.parametrize(
    ("ours", "theirs", "is_taken"),
    [
        ("old", "balanced", True),
        ("balanced", "full", True),
        ("balanced", "balanced", False),
        ("full", "balanced", False),
        ("balanced", "old", False),
        ("old", "old", False),
    ],
)
def test_only_what_is_better_is_taken(here: Machine, there: Machine, ours: str, theirs: str, is_taken: bool) -> None:
    here.analyse()
    there.analyse()
    for machine, profile, bpm in ((here, ours, 100), (there, theirs, 150)):
        origin = "0" if profile == "old" else extractor("tempo", profile)
        machine.change(f"UPDATE computed SET provenance = '{origin}' WHERE extractor = 'tempo'")
        machine.change(f"UPDATE measurement SET bpm = {bpm}, loudness = -{bpm / 10}")
    merged = here.merge(there)
    assert (merged.completed, merged.unchanged) == ((3, 0) if is_taken else (0, 3))
    assert {track.number("bpm") for track in here.catalog.tracks()} == {150 if is_taken else 100}
    assert {track.number("loudness") for track in here.catalog.tracks()} == {-10}
    assert merged.lacking == ({"tempo": 3} if (ours, theirs) == ("old", "old") else {})


def test_a_failure_here_gives_way_and_one_there_is_not_taken(here: Machine, there: Machine) -> None:
    here.analyse()
    here.change("UPDATE computed SET failure = 'made up' WHERE extractor = 'key'")
    there.change("UPDATE computed SET failure = 'made up' WHERE extractor = 'tempo'")
    here.change("DELETE FROM computed WHERE extractor = 'tempo'")
    assert here.merge(there).completed == 3
    assert here.catalog.failures() == ()
    assert sorted(here.planned()) == sorted(SOUNDS)  # for the tempo


def test_patches_of_full_listening_replace_spread_ones_and_never_the_other_way(here: Machine, there: Machine) -> None:
    here.analyse()
    known, new = fingerprint(SOUNDS["a.flac"]), fingerprint(SOUNDS["b/2.flac"])
    with PatchStore(there.catalog.path) as store:
        store.keep(known, [patches("full")])
        store.db.execute("UPDATE patches SET weights = 'other' WHERE fingerprint = ?", (new,))
    assert here.merge(there).patches == 1
    assert there.merge(here).patches == 1  # those of the right weights
    for machine in (here, there):
        with PatchStore(machine.catalog.path) as store:
            kept = store.recall(known, NETWORK)
            right = store.recall(new, NETWORK)
        assert kept
        assert right
        assert kept.profile == "full"
        assert (kept.embeddings == 2).all()
        assert right.weights == patches("full").weights


def test_the_other_catalogue_is_never_written_to(here: Machine, there: Machine) -> None:
    there.close()
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in there.folder.glob("catalog*")}
    here.merge(there, music=here.music)
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in there.folder.glob("catalog*")}
    assert after == before


def test_a_catalogue_that_is_being_written_to_is_read_as_it_is(here: Machine, there: Machine) -> None:
    with Recorder(there.catalog) as recorder, recorder.transaction() as db:
        db.execute("UPDATE measurement SET bpm = 1")
        assert here.merge(there).added == 3
    with here.catalog.connected() as db:
        assert 1 not in {row["bpm"] for row in db.execute("SELECT bpm FROM measurement")}


def test_one_of_an_older_release_is_read_from_a_copy(here: Machine, there: Machine) -> None:
    old = there.folder / "old.db"
    there.close()
    with connected(old) as db:
        migrate(db, MIGRATIONS[:1])
        db.execute("ATTACH ? AS new", (str(there.catalog.path),))
        for column in measured_columns_of(db, "new"):
            db.execute(f'ALTER TABLE main.measurement ADD COLUMN "{column}"')
        for table in (
            "root",
            "track",
            "file",
            "descriptor",
            "label",
            "measurement",
            "probability",
            "embedding",
            "computed",
        ):
            db.execute(f"INSERT INTO main.{table} SELECT * FROM new.{table}")
    before = old.read_bytes()
    assert merge(here.catalog, old).added == 3
    assert old.read_bytes() == before
    assert values(here) == values(there)


def measured_columns_of(db: sqlite3.Connection, schema: str) -> list[str]:
    """The columns of the measurements in one of the files that are open."""
    rows = db.execute(f"PRAGMA {schema}.table_info(measurement)").fetchall()
    return [row["name"] for row in rows if row["name"] != "track_id"]


def test_what_waits_there_waits_here(here: Machine, there: Machine, tmp_path: Path) -> None:
    between = Machine(tmp_path / "between", {})
    between.merge(there)
    assert here.merge(between).waiting == 3
    assert here.planned() == dict.fromkeys(SOUNDS, True)


# Others' files


def test_what_is_no_catalogue_is_told_in_one_line(here: Machine, there: Machine, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but long enough to be one\n" * 100)
    with closing(sqlite3.connect(tmp_path / "recipes.db")) as db:
        db.execute("CREATE TABLE recipe (id INTEGER)")
    (tmp_path / "empty.db").touch()
    for name in ("text.db", "recipes.db", "empty.db"):
        with pytest.raises(NotACatalog, match=name):
            merge(here.catalog, tmp_path / name)
    with pytest.raises(CatalogError, match="There is no catalogue"):
        merge(here.catalog, tmp_path / "none.db")
    with pytest.raises(CatalogError, match="that is merged into"):
        merge(here.catalog, here.catalog.path)
    there.change("PRAGMA user_version = 99")
    with pytest.raises(CatalogTooNew, match="upgrade"):
        here.merge(there)
    assert here.catalog.status().waiting == 0


def test_a_damaged_catalogue_is_not_taken_for_ours(here: Machine, there: Machine) -> None:
    content = bytearray(there.close())
    content[8192:] = os.urandom(len(content) - 8192)
    there.catalog.path.write_bytes(content)
    with pytest.raises(NotACatalog, match=str(there.catalog.path)):
        here.merge(there)
    assert here.catalog.tracks() == ()


@pytest.mark.parametrize("table", ["file", "computed"])
def test_a_view_in_the_place_of_a_table_is_refused(here: Machine, there: Machine, table: str) -> None:
    there.change(f"ALTER TABLE {table} RENAME TO old")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT old.* FROM n, old"
    there.change(f"CREATE VIEW {table} AS {endless}")
    with pytest.raises(NotACatalog, match="damaged"):
        here.merge(there)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE measurement SET bpm = 1e308, loudness = 'loud', key = 'H', danceability = -1",
        "UPDATE probability SET value = 7",
        "UPDATE embedding SET vector = zeroblob(3)",
        "UPDATE embedding SET vector = x'0000c07f'",  # not a number
        "UPDATE label SET name = name || char(27) || '[31m'",
    ],
)
def test_values_that_cannot_be_are_left_out(here: Machine, there: Machine, statement: str) -> None:
    there.change(statement)
    merged = here.merge(there, music=here.music)
    assert merged.added == 3
    for track in here.catalog.tracks():
        assert (track.number("bpm") or 100) < 1000
        assert (track.number("danceability") or 0) >= 0
        assert track.label("key") != "H"
        assert not isinstance(track.values.get("loudness"), str)
        assert all(0 <= value <= 1 and "\x1b" not in name for name, value in track.distribution("tags").items())
    assert here.catalog.embeddings(NETWORK).vectors.shape[1] in {0, 200}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE track SET fingerprint = id || 'x'", "UPDATE track SET duration = 9e999", "DELETE FROM computed"],
)
def test_recordings_that_cannot_be_are_refused(here: Machine, there: Machine, statement: str) -> None:
    there.change(statement.replace("id || 'x'", "CAST('x' || id AS BLOB)"))
    assert here.merge(there) == Merged(found=3, refused=3, lacking={})
    assert here.catalog.status().waiting == 0


def test_no_path_leaves_the_folder_that_it_is_mapped_to(here: Machine, there: Machine) -> None:
    make_files(here.folder, {"secret.flac": b"one"})
    there.change("UPDATE file SET path = CAST('../secret.flac' AS BLOB) WHERE path = CAST('a.flac' AS BLOB)")
    merged = here.merge(there, music=here.music)
    assert (merged.files, merged.waiting) == (2, 1)
    assert here.catalog.status().found == 2


def test_titles_are_cleaned(here: Machine, there: Machine) -> None:
    there.change("UPDATE file SET title = 'red' || char(27) || '[31m', genre = CAST(x'ff' AS TEXT)")
    here.merge(there, music=here.music)
    assert {(track.title, track.genre) for track in here.catalog.tracks()} == {("red[31m", "\ufffd")}


# Properties

COLLECTIONS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([b"one", b"two", b"three"]), min_size=1)


@given(ours=COLLECTIONS, theirs=COLLECTIONS, is_mapped=st.booleans())
@settings(max_examples=10)
def test_merging_twice_is_merging_once_and_nothing_is_computed_that_was_there(
    ours: dict[str, bytes], theirs: dict[str, bytes], is_mapped: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    here, there = (
        Machine(folder / name, {f"{file}.flac": sound for file, sound in sounds.items()}).analyse()
        for name, sounds in (("here", ours), ("there", theirs))
    )
    roots = {"music": here.music} if is_mapped else {}
    make_files(here.music, {f"{file}.flac": sound for file, sound in theirs.items() if file not in ours})
    here.merge(there, **roots)
    once = contents(here.catalog.path)
    again = here.merge(there, **roots)
    assert (again.added, again.completed, again.files, again.patches) == (0, 0, 0, 0)
    assert contents(here.catalog.path) == once
    with Recorder(here.catalog) as recorder:
        for sound in {*ours.values(), *theirs.values()}:
            assert sound_values(recorder.db, fingerprint(sound)) == {
                each.name: provenance(each, "balanced") for each in extractors()
            }
    assert all(here.planned().values())  # each is known by its size, so its fingerprint is taken first
    shutil.rmtree(folder)


# The command


def test_a_merge_that_is_interrupted_goes_on(here: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Machine(tmp_path / "many", {f"{n}.flac": b"sound %d" % n for n in range(6)}).analyse()
    monkeypatch.setattr("essentialist.catalogue.foreign.CHUNK", 2)

    def stop(n_done: int, n_all: int) -> None:
        assert n_all == 6
        if n_done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merge(here.catalog, there.catalog.path, progress=stop)
    assert here.catalog.status().waiting == 4
    assert Library(here.catalog).merge(there.catalog.path) == Merged(
        found=6, added=2, unchanged=4, waiting=6, patches=2, lacking={}
    )
    assert values(here) == values(there)


def test_the_command(here: Machine, there: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    run = Here(here.catalog.path, capsys)
    assert "3 recordings without a file here: `essentialist analyze" in run("merge", str(there.catalog.path)).out
    assert "3 merged recordings without a file here" in run("status").err
    assert json.loads(run("status", "--json").out)["waiting"] == 3
    (here.music / "odd=name").symlink_to(here.music)
    mapping = f"{here.music / 'odd=name'}={there.music}"
    answer = run("merge", str(there.catalog.path), "--map-root", mapping, "--json")
    assert json.loads(answer.out)["files"] == 3
    there.change("UPDATE computed SET provenance = '0' WHERE extractor = 'voice'")
    here.change("DELETE FROM computed WHERE extractor = 'voice'")
    assert "voice (3 recordings)" in run("merge", str(there.catalog.path)).err
    turned = f"/nowhere={here.music}"
    for wrong, said in ((turned, "write HERE=THERE"), (f"{here.music}=/nowhere", "knows no folder /nowhere")):
        answer = run("merge", str(there.catalog.path), "--map-root", wrong)
        assert answer.code in {1, 2}
        assert said in answer.err
        assert answer.err.count("\n") == 1


def test_what_was_analysed_elsewhere_is_not_listened_to(tmp_path: Path) -> None:
    """Real sounds, real runs: the files have other names and tags here, and nothing is computed."""
    music = make_music(tmp_path / "there", 3)
    analyze(tmp_path / "there.db", music)
    shutil.copytree(music, tmp_path / "here")
    for path in list((tmp_path / "here").rglob("*.*")):
        path.rename(path.with_stem(f"renamed {path.stem}"))
    library = Library.open(tmp_path / "here.db")
    assert library.merge(tmp_path / "there.db").waiting == 3
    ledger = analyze(tmp_path / "here.db", tmp_path / "here")
    assert (ledger["analysed"], ledger["unchanged"]) == (0, 3)
    assert contents(tmp_path / "here.db")[3:7] == contents(tmp_path / "there.db")[3:7]
