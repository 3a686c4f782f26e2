"""What is written of a file and its recording, with made-up analyses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.track import AudioFile, Tags
from made_up import extractors, heard, make_files

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("track", "measurement", "probability", "embedding", "computed", "file")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog.create(tmp_path / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
    return catalog


def file(folder: Path, name: str) -> AudioFile:
    """A file that exists."""
    status = (make_files(folder / "music", {name: b"x"}) / name).stat()
    return AudioFile(str(folder / "music"), name, status.st_size, status.st_mtime_ns)


def counts(catalog: Catalog) -> dict[str, int]:
    with catalog.connected() as db:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def test_the_same_file_entered_twice_is_one_file_of_one_track(catalog: Catalog, tmp_path: Path) -> None:
    with Recorder(catalog) as recorder:
        first = recorder.enter(file(tmp_path, "a.flac"), heard(b"one"))
        before = counts(catalog)
        assert recorder.enter(file(tmp_path, "a.flac"), heard(b"one")) == first
    assert counts(catalog) == before


def test_a_copy_is_another_file_of_the_same_track(catalog: Catalog, tmp_path: Path) -> None:
    with Recorder(catalog) as recorder:
        first = recorder.enter(file(tmp_path, "a.flac"), heard(b"one"))
        copy = recorder.enter(file(tmp_path, "0.flac"), replace(heard(b"one"), sound=None, analysis=None))
    assert first
    assert copy
    assert (first.track_id, first.is_copy) == (copy.track_id, False)
    assert copy.is_copy
    assert catalog.track(first.track_id).path.name == "a.flac"


def test_a_sound_neither_known_nor_heard_enters_nothing(catalog: Catalog, tmp_path: Path) -> None:
    with Recorder(catalog) as recorder:
        assert recorder.enter(file(tmp_path, "a.flac"), replace(heard(b"one"), sound=None, analysis=None)) is None
    assert not any(counts(catalog).values())


def test_new_tags_change_what_is_listed_and_searched_but_no_value(catalog: Catalog, tmp_path: Path) -> None:
    tags = Tags("Título", "Artist", "Album Artist", "Album", 3, 1999, "Jazz", 120.5, "Am")
    with Recorder(catalog) as recorder:
        entered = recorder.enter(file(tmp_path, "a.flac"), heard(b"one", "before"))
        assert entered
        before = catalog.track(entered.track_id)
        recorder.enter(file(tmp_path, "a.flac"), replace(heard(b"one"), tags=tags, sound=None, analysis=None))
    after = catalog.track(entered.track_id)
    assert (after.title, after.artist, after.album_artist, after.album) == tuple(vars_of(tags))[:4]
    assert (after.track_number, after.year, after.genre) == (3, 1999, "Jazz")
    assert after.values == before.values
    with catalog.connected() as db:
        row = db.execute("SELECT search, tag_bpm, tag_key FROM listing").fetchone()
    assert tuple(row) == ("titulo artist album artist album a.flac", 120.5, "Am")


def vars_of(tags: Tags) -> list[object]:
    return [getattr(tags, name) for name in Tags.__dataclass_fields__]


def test_what_cannot_be_determined_any_more_is_struck_out(catalog: Catalog, tmp_path: Path) -> None:
    known = heard(b"one")
    assert known.analysis
    emptied = replace(known.analysis, values={}, failures={"tempo": "ValueError: no beat"})
    with Recorder(catalog) as recorder:
        recorder.enter(file(tmp_path, "a.flac"), known)
        entered = recorder.enter(file(tmp_path, "a.flac"), replace(known, analysis=emptied))
    assert entered
    assert catalog.track(entered.track_id).values == {}
    assert [failure.reason for failure in catalog.failures()] == ["ValueError: no beat"]


def test_one_extractor_computed_anew_leaves_the_others_as_they_are(catalog: Catalog, tmp_path: Path) -> None:
    known = heard(b"one")
    assert known.analysis
    partial = replace(known.analysis, values={"bpm": 99.0}, embeddings={}, computed={"tempo": "2 balanced"})
    with Recorder(catalog) as recorder:
        recorder.enter(file(tmp_path, "a.flac"), known)
        entered = recorder.enter(file(tmp_path, "a.flac"), replace(known, analysis=partial))
    assert entered
    outputs = {output.name for extractor in extractors() if extractor.name == "tempo" for output in extractor.outputs}
    kept = {name: value for name, value in known.analysis.values.items() if name not in outputs}
    assert catalog.track(entered.track_id).values == {**kept, "bpm": 99.0}
    assert catalog.computed(known.fingerprint) == {**known.analysis.computed, "tempo": "2 balanced"}


def test_recordings_that_no_file_holds_are_struck_out_and_missing_ones_kept(catalog: Catalog, tmp_path: Path) -> None:
    with Recorder(catalog) as recorder:
        replaced, missing = file(tmp_path, "replaced.flac"), file(tmp_path, "missing.flac")
        recorder.enter(replaced, heard(b"one"))
        recorder.enter(missing, heard(b"two"))
        recorder.set_missing([2], missing=True)
        one = counts(catalog)
        recorder.enter(replaced, heard(b"three"))
        assert counts(catalog)["track"] == 3
        recorder.forget_unheld()
    assert counts(catalog) == one
    assert catalog.computed(heard(b"one").fingerprint) is None
    assert catalog.computed(heard(b"two").fingerprint)


def test_files_that_another_run_forgot_can_be_marked(catalog: Catalog, tmp_path: Path) -> None:
    with Recorder(catalog) as recorder:
        recorder.enter(file(tmp_path, "a.flac"), heard(b"one"))
        recorder.set_missing([1, 77], missing=True)
        assert catalog.tracks() == ()
        recorder.set_missing([77, 1], missing=False)
    assert len(catalog.tracks()) == 1


def test_a_run_leaves_its_ledger(catalog: Catalog) -> None:
    with Recorder(catalog) as recorder, recorder.run() as run_id:
        recorder.finish_run(run_id, {"found": 3, "seconds": 1.5})
    with catalog.connected() as db:
        row = db.execute("SELECT ledger, finished >= started FROM run WHERE id = ?", (run_id,)).fetchone()
    assert tuple(row) == ('{"found": 3, "seconds": 1.5}', 1)
