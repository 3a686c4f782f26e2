"""Rows and tables, read back by the standard library and by pyarrow."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from essentialist.descriptors import Descriptor
from essentialist.exports import (
    Table,
    export_table,
    table_for,
    tables,
)
from essentialist.rows import columns, row
from essentialist.track import Track

BPM = Descriptor("bpm", "Tempo", "number", "BPM", (30, 300), "Beats per minute")
KEY = Descriptor("key", "Key", "label", "", None, "Tonic of the key")
TAGS = Descriptor("tags", "Tags", "distribution", "probability", (0, 1), "What listeners would call it")
DESCRIPTORS = (BPM, KEY, TAGS)

TRACKS = (
    Track(
        1,
        Path("/lib/caf\udce9/one.mp3"),
        'One, "two"\n\u2028three',
        "Ärtist",
        album="Album",
        track_number=3,
        year=1999,
        genre="Jazz",
        duration=318.25,
        values={"bpm": 120.123456789, "key": "C#", "tags": {"calm": 0.25, "piano": 0.750000001, "solo": 0.25}},
    ),
    Track(2, Path("/lib/two.mp3"), "=cmd|' /C calc'!A0", values={"bpm": math.nan, "tags": {}}),
)


texts = st.text(st.characters())  # unpaired surrogates, too: a title can be made of a file name


def test_a_row() -> None:
    assert tuple(row(TRACKS[0], DESCRIPTORS)) == columns(DESCRIPTORS)
    assert row(TRACKS[0], DESCRIPTORS) == {
        "id": 1,
        "path": "/lib/caf\udce9/one.mp3",
        "title": 'One, "two"\n\u2028three',
        "artist": "Ärtist",
        "album": "Album",
        "album_artist": None,
        "track_number": 3,
        "year": 1999,
        "genre": "Jazz",
        "duration": 318.25,
        "bpm": 120.123,
        "key": "C#",
        "tags": {"piano": 0.75, "calm": 0.25, "solo": 0.25},
    }
    assert list(row(TRACKS[0], DESCRIPTORS)["tags"] or ()) == ["piano", "calm", "solo"]  # type: ignore[arg-type]
    assert row(TRACKS[1], DESCRIPTORS)["bpm"] is None
    assert row(TRACKS[1], DESCRIPTORS)["key"] is None
    assert row(TRACKS[1], DESCRIPTORS)["tags"] == {}


def table_bytes(name: str, tracks: tuple[Track, ...] = TRACKS) -> bytes:
    return b"".join(table_for(name).chunks(iter(tracks), DESCRIPTORS))


@pytest.mark.parametrize("table", tables(), ids=lambda each: each.suffix)
def test_every_table_knows_its_own_files(table: Table) -> None:
    if table.suffix == ".parquet":
        pytest.importorskip("pyarrow")
    for tracks in (TRACKS, ()):
        content = b"".join(table.chunks(iter(tracks), DESCRIPTORS))
        assert not content or table.signature.match(content)


def test_json_gives_back_every_name() -> None:
    rows = [row(track, DESCRIPTORS) for track in TRACKS]
    assert json.loads(table_bytes("json")) == rows
    assert json.loads(table_bytes("json", ())) == []
    assert b"caf\\udce9" in table_bytes("json")


def test_json_lines_are_lines_to_everybody() -> None:
    lines = table_bytes("jsonl").decode().splitlines()
    assert [json.loads(line) for line in lines] == [row(track, DESCRIPTORS) for track in TRACKS]


def test_csv_reads_back() -> None:
    content = table_bytes("csv").decode("utf-8")
    header, first, second = csv.reader(io.StringIO(content, newline=""))
    assert tuple(header) == columns(DESCRIPTORS)
    assert first == [
        "1",
        "/lib/caf\\udce9/one.mp3",
        'One, "two"\n\u2028three',
        "Ärtist",
        "Album",
        "",
        "3",
        "1999",
        "Jazz",
        "318.25",
        "120.123",
        "C#",
        '{"piano": 0.75, "calm": 0.25, "solo": 0.25}',
    ]
    assert second[2] == "'=cmd|' /C calc'!A0"
    assert second[9:] == ["", "", "", "{}"]


@given(title=texts, artist=texts)
@example(title="\udce9", artist="")
def test_csv_keeps_its_cells_apart_and_runs_nothing(title: str, artist: str) -> None:
    content = table_bytes("csv", (replace(TRACKS[1], title=title, artist=artist),)).decode()
    _, cells = csv.reader(io.StringIO(content, newline=""))
    assert len(cells) == len(columns(DESCRIPTORS))
    for cell, words in ((cells[2], title), (cells[3], artist)):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        written = words.replace("\0", "\ufffd").encode(errors="backslashreplace").decode()
        assert cell.removeprefix("'") == written.removeprefix("'")


def test_parquet_has_types(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    report = export_table(iter(TRACKS), tmp_path / "x.parquet", DESCRIPTORS)
    assert report.written == 2
    table = parquet.read_table(tmp_path / "x.parquet")
    assert table.schema.field("bpm").type == pyarrow.float64()
    assert table.schema.field("bpm").metadata[b"unit"] == b"BPM"
    first, second = table.to_pylist()
    assert first["path"] == "/lib/caf\\udce9/one.mp3"
    assert first["year"] == 1999
    assert first["tags"] == [
        {"label": "piano", "probability": 0.75},
        {"label": "calm", "probability": 0.25},
        {"label": "solo", "probability": 0.25},
    ]
    assert second["title"] == TRACKS[1].title
    assert (second["bpm"], second["key"], second["tags"]) == (None, None, [])


WITHOUT_PYARROW = """
import sys
sys.modules["pyarrow"] = None
from essentialist.errors import ExportError
from essentialist.exports import table_for
try:
    next(table_for("parquet").chunks(iter(()), ()))
except ExportError as error:
    sys.exit(str(error))
"""


def test_parquet_without_pyarrow_names_the_extra() -> None:
    run = subprocess.run([sys.executable, "-c", WITHOUT_PYARROW], capture_output=True, text=True, timeout=60)
    assert run.stderr.strip() == 'Parquet needs pyarrow; run: pip install "essentialist[parquet]"'


def test_reading_a_playlist_format_needs_no_pyarrow() -> None:
    code = (
        "import sys; from essentialist.exports import exporters, tables; tables(); sys.exit('pyarrow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
