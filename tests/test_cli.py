"""The command line as people and programs meet it."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from command_line import DEADLINE_S, PROGRAM, Here, apart, environment, on_terminal
from essentialist import cli
from essentialist.locations import PATH_STYLES

if TYPE_CHECKING:
    from conftest import Collection

HEAVY = ("numpy", "essentia", "av", "onnxruntime", "rich", "pebble", "soxr", "mutagen", "sqlite3")
HELP_S = 0.3
COUNTS = ["found", "analysed", "unchanged", "duplicates", "failed", "skipped"]
ROW = ["id", "path", "title", "artist", "album", "duration", "bpm", "bpm_confidence", "key", "scale", "camelot"]
ROW += ["loudness", "danceability", "arousal", "valence", "voice", "instrumental", "tags"]


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = "import sys; from essentialist import cli; cli.run(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=DEADLINE_S)
    assert "analyze" in done.stdout
    imported = {name.partition(".")[0] for name in done.stderr.strip("[]\n").replace("'", "").split(", ")}
    assert not imported & set(HEAVY)
    assert min(seconds_of_work("--help") for _ in range(5)) < HELP_S


def test_what_only_reads_the_catalogue_loads_nothing_that_listens(collection: Collection) -> None:
    code = f"import sys; from essentialist import cli; cli.run(['tracks', '--catalog', {str(collection.catalog)!r}])"
    listed = "; print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + listed], capture_output=True, text=True, timeout=DEADLINE_S)
    assert not {"av", "essentia", "onnxruntime", "pebble", "scipy", "sklearn", "soxr"} & set(done.stderr.split())
    assert "numpy" in done.stderr.split()


def seconds_of_work(*arguments: str) -> float:
    """How long a command keeps a core busy, which other work on the machine does not lengthen much."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    apart(*arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_no_arguments_is_a_question_for_help() -> None:
    answer = apart()
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == apart("--help").out


@pytest.mark.parametrize("columns", [80, 120])
def test_tables_fit_the_terminal(collection: Collection, columns: int) -> None:
    for command in (["tracks"], ["similar", "1"], ["status"], ["playlist", "--why"]):
        lines = on_terminal("--catalog", str(collection.catalog), *command, columns=columns, NO_COLOR="1")
        assert len(lines) > 3
        if command != ["status"]:
            assert max(map(len, lines)) <= columns


def test_bold_letters_on_terminals_only_where_nobody_objects(collection: Collection) -> None:
    tracks = ("--catalog", str(collection.catalog), "tracks")
    assert "\x1b[1m" in on_terminal(*tracks)[0]
    assert "\x1b" not in "".join(on_terminal(*tracks, NO_COLOR="1"))
    assert "\x1b" not in "".join(on_terminal(*tracks, TERM="dumb"))


@pytest.mark.parametrize("command", [["tracks"], ["similar", "1"], ["status"], ["playlist", "--why"], ["failures"]])
def test_pipes_get_whole_lines_without_blanks_at_their_ends(here: Here, command: list[str]) -> None:
    answer = here(*command)
    lines = answer.out.splitlines()
    assert lines
    assert [line for line in lines if line != line.rstrip()] == []
    assert "…" not in answer.out
    assert "\x1b" not in answer.out


def test_a_table_shows_what_it_is_sorted_by(here: Here) -> None:
    lines = here("tracks", "--sort", "-Key-Strength").out.splitlines()
    assert lines[0].split()[:3] == ["id", "key_strength", "title"]
    values = [float(line.split()[1]) for line in lines[1:]]
    assert values == sorted(values, reverse=True)


def test_estimates_are_marked(here: Here) -> None:
    heading, first, *_ = here("tracks").out.splitlines()
    assert first[heading.index("valence") :].split()[0].startswith("~")
    assert "~" not in first[: heading.index("arousal") - 2]


def test_rows_have_the_keys_of_the_contract(here: Here, collection: Collection) -> None:
    answer = here("tracks", "--format", "json")
    rows = json.loads(answer.out)
    assert answer.err == ""
    assert len(rows) == collection.n_tracks
    assert all(set(ROW) <= row.keys() for row in rows)
    one = next(row for row in rows if row["title"] == "One")
    assert one["path"] == str(collection.music / "Beats" / "01 One.flac")
    assert one["bpm"] == pytest.approx(120, abs=2)
    assert (one["key"], one["scale"], one["camelot"]) == ("A", "minor", "8A")
    untagged = next(row for row in rows if row["title"].startswith("untagged"))
    assert untagged["artist"] is None
    assert untagged["year"] is None


def test_every_format_says_the_same(here: Here) -> None:
    rows = json.loads(here("tracks", "--format", "json").out)
    assert [json.loads(line) for line in here("tracks", "--format", "jsonl").out.splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(here("tracks", "--format", "csv").out)))
    assert [int(row["id"]) for row in table] == [row["id"] for row in rows]
    assert [float(row["bpm"]) for row in table] == [row["bpm"] for row in rows]


def test_similar_in_every_format(here: Here, collection: Collection) -> None:
    rows = json.loads(here("similar", "1", "--format", "json").out)
    found = [row["similarity"] for row in rows]
    assert len(rows) == collection.n_tracks - 1
    assert found == sorted(found, reverse=True)
    assert all(-1 <= value <= 1 for value in found)
    table = list(csv.DictReader(io.StringIO(here("similar", "1", "--format", "csv").out)))
    assert [float(row["similarity"]) for row in table] == found


def test_a_track_is_an_id_or_a_path(here: Here, collection: Collection) -> None:
    path = collection.music / "Beats" / "01 One.flac"
    track_id = next(row["id"] for row in json.loads(here("tracks", "--format", "json").out) if row["title"] == "One")
    assert here("similar", str(path)).out == here("similar", str(track_id)).out


def test_status_counts(here: Here, collection: Collection) -> None:
    status = json.loads(here("status", "--json").out)
    assert list(status)[:6] == COUNTS
    assert {name: status[name] for name in COUNTS} == {
        "found": 8,
        "analysed": 6,
        "unchanged": 0,
        "duplicates": 1,
        "failed": 1,
        "skipped": 0,
    }
    assert status["folders"] == [str(collection.music)]
    assert status["descriptors"]["bpm"] == collection.n_tracks
    text = here("status").out
    assert all(name in text for name in status["descriptors"])


def test_failures_say_why(here: Here, collection: Collection) -> None:
    (failure,) = json.loads(here("failures", "--json").out)
    assert list(failure) == ["path", "stage", "reason", "attempts"]
    assert failure["path"] == str(collection.music / "damaged.flac")
    assert failure["attempts"] == 1
    answer = here("failures")
    assert answer.out.count("\n") == 1
    assert failure["reason"] in answer.out
    assert "--retry-failed" in answer.err


def test_analyze_prints_its_ledger(here: Here, collection: Collection, tmp_path: Path) -> None:
    shutil.copy(collection.music / "untagged.wav", tmp_path / "a.wav")
    music, catalog = str(tmp_path), str(tmp_path / "catalog.db")
    first = apart("analyze", music, "--json", "--catalog", catalog)
    ledger = json.loads(first.out)
    assert list(ledger) == [*COUNTS, "seconds"]
    assert (ledger["found"], ledger["analysed"], first.code) == (1, 1, 0)
    again = apart("analyze", "--catalog", catalog)
    assert again.out.startswith("1 found: 0 analysed, 1 unchanged, 0 duplicates, 0 failed, 0 skipped in ")
    assert again.err == ""


def test_empty_results_say_so_beside_the_output(here: Here, collection: Collection, tmp_path: Path) -> None:
    nothing = here("tracks", "bpm:..45")
    assert (nothing.out, nothing.code) == ("", 0)
    assert nothing.err == "No track matches `bpm:..45`.\n"
    assert here("tracks", "bpm:..45", "--format", "json").out == "[]\n"
    shutil.copy(collection.music / "untagged.wav", tmp_path / "a.wav")
    alone = tmp_path / "catalog.db"
    assert apart("--catalog", str(alone), "analyze", str(tmp_path)).code == 0
    assert apart("--catalog", str(alone), "failures").err == "Nothing failed.\n"
    assert apart("--catalog", str(alone), "similar", "1").err == "There is no other track to compare a with.\n"


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["tracks", "bmp:120"], 'did you mean "bpm"?', 1),
        (["tracks", "bpm:fast"], "write a number of BPM", 1),
        (["tracks", "scale:minr"], 'did you mean "minor"?', 1),
        (["tracks", "--sort", "bmp"], 'did you mean "bpm"?', 1),
        (["tracks", "--sort", "tags"], "sort by a number or a text", 1),
        (["similar", "999"], "See `essentialist tracks`", 1),
        (["similar", "/no/such/file.mp3"], "No track /no/such/file.mp3", 1),
        (["playlist", "--order", "sideways"], "smooth", 1),
        (["playlist", "--length", "soon"], "'90 min'", 1),
        (["playlist", "--by", "bmp"], 'did you mean "bpm"?', 1),
        (["playlist", "bpm:..45"], "Widen the query", 1),
        (["playlist", "-o", "list.doc"], ".m3u8", 1),
        (["playlist", "-o", "/no/such/folder/list.m3u8"], "make it first", 1),
        (["playlist", "--map", "music", "-o", "list.m3u8"], "FROM=TO", 1),
        (["playlist", "--to", "1"], "two different tracks", 1),
        (["playlist", "--from", "1", "--to", "1"], "two different tracks", 1),
        (["export", "music.doc"], ".csv", 1),
        (["export", "music.m3u8"], "not a table", 1),
        (["analyze", "/no/such/folder"], "does not exist", 1),
        (["playlist", "--like", "1", "--from", "2"], "together", 2),
        (["playlist", "--way", "path", "--like", "1"], "path takes no --like", 2),
        (["playlist", "--title", "Mine"], "name one with -o", 2),
        (["trakcs"], 'Did you mean "tracks"?', 2),
        (["tracks", "--srot", "bpm"], "--sort", 2),
        (["tracks", "--limit", "0"], "--limit", 2),
        (["tracks", "--format", "xml"], "jsonl", 2),
        (["tracks", "one", "two"], "See `essentialist tracks --help`", 2),
        (["analyze", "--workers", "none"], "--workers", 2),
        (["similar"], "TRACK", 2),
    ],
)
def test_an_error_is_one_line_with_its_remedy(here: Here, arguments: list[str], said: str, code: int) -> None:
    answer = here(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("essentialist: ")
    assert said in answer.err


def test_a_wrong_folder_or_catalogue_is_one_line(
    here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    text = tmp_path / "notes.txt"
    text.write_text("not a catalogue\n" * 100)
    newer = tmp_path / "newer.db"
    shutil.copy(here.catalog, newer)
    with sqlite3.connect(newer) as db:
        db.execute("PRAGMA user_version = 1000")
    db.close()
    said = {
        (tmp_path / "none.db", "tracks"): "Run `essentialist analyze FOLDER` to make it",
        (text, "tracks"): "not a catalogue",
        (newer, "tracks"): "upgrade this one",
        (Path("/proc/catalog.db"), "analyze"): "name another with --catalog",
        (tmp_path / "new.db", "analyze"): "There is no audio in",
    }
    for (catalog, command), remedy in said.items():
        answer = Here(catalog, capsys)(command, *([str(empty)] if command == "analyze" else []))
        assert answer.code == 1
        assert answer.err.count("\n") == 1
        assert remedy in answer.err
    assert text.read_text() == "not a catalogue\n" * 100


def test_a_read_only_catalogue_is_read_and_not_written(collection: Collection, tmp_path: Path) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir()
    shutil.copy(collection.catalog, folder / "catalog.db")
    (folder / "catalog.db").chmod(0o444)
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("whoever runs this may write everywhere")
    catalog = str(folder / "catalog.db")
    assert apart("--catalog", catalog, "tracks").code == 0
    answer = apart("--catalog", catalog, "analyze", str(collection.music))
    folder.chmod(0o755)
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "make the place writable or name another with --catalog" in answer.err


def test_debug_shows_where_an_error_came_from(here: Here) -> None:
    plain, debug = here("similar", "999"), here("similar", "999", "--debug")
    assert "Traceback" in debug.err
    assert debug.err.endswith(plain.err)
    assert debug.code == 1


def test_the_catalogue_is_named_before_or_after_the_command_or_by_the_environment(
    collection: Collection, tmp_path: Path
) -> None:
    right, wrong = str(collection.catalog), str(tmp_path / "none.db")
    expected = apart("--catalog", right, "tracks").out
    assert expected
    assert apart("tracks", "--catalog", right).out == expected
    assert apart("tracks", ESSENTIALIST_CATALOG=right).out == expected
    assert apart("--catalog", right, "tracks", ESSENTIALIST_CATALOG=wrong).out == expected
    assert apart("--catalog", wrong, "tracks", "--catalog", right).out == expected
    assert apart("tracks", ESSENTIALIST_CATALOG=wrong).code == 1


@pytest.mark.parametrize("command", [["--help"], ["tracks"], ["tracks", "--format", "jsonl"], ["status"]])
def test_a_reader_that_has_seen_enough_is_no_error(collection: Collection, command: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [*PROGRAM, "--catalog", str(collection.catalog), *command]
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            arguments, stdout=pipe, stderr=subprocess.PIPE, env=environment(), timeout=DEADLINE_S, check=False
        )
    assert b"Traceback" not in done.stderr
    assert b"essentialist:" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a file that is never writable")
def test_output_that_cannot_be_written_is_one_line(collection: Collection) -> None:
    with Path("/dev/full").open("wb") as full:
        arguments = [*PROGRAM, "--catalog", str(collection.catalog), "tracks", "--format", "json"]
        done = subprocess.run(
            arguments, stdout=full, stderr=subprocess.PIPE, env=environment(), timeout=DEADLINE_S, check=False
        )
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_a_poor_locale_stops_nothing(collection: Collection, locale: dict[str, str]) -> None:
    for command in (["tracks"], ["tracks", "--format", "json"], ["status"], ["failures"], ["similar", "1"]):
        answer = apart("--catalog", str(collection.catalog), *command, **locale)
        assert answer.code == 0, answer.err
        assert answer.out


def test_a_name_that_is_not_utf_8_is_found_and_told(here: Here, collection: Collection, tmp_path: Path) -> None:
    path = os.fsencode(collection.music) + b"/na\xefve.flac"
    answer = apart("--catalog", str(collection.catalog), "similar", path, "--format", "json")
    assert answer.code == 0, answer.err
    rows = json.loads(here("tracks", "title:Naïve", "--format", "json").out)
    assert os.fsencode(rows[0]["path"]) == path
    listed = here("playlist", "title:Naïve", "-o", str(tmp_path / "one.m3u8"))
    assert listed.code == 0
    assert b"na%EFve.flac" in (tmp_path / "one.m3u8").read_bytes()


def test_ctrl_c_keeps_what_is_done_and_says_so(collection: Collection, tmp_path: Path) -> None:
    music = tmp_path / "music"
    music.mkdir()
    for number in range(40):
        content = (collection.music / "untagged.wav").read_bytes()
        (music / f"{number}.wav").write_bytes(content[: -100 * number or None])
    arguments = [*PROGRAM, "--catalog", str(tmp_path / "catalog.db"), "analyze", "--workers", "1", str(music)]
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), start_new_session=True
    )
    wait_for_tracks(tmp_path / "catalog.db")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "essentialist: stopped; what was finished is kept"
    assert b"Traceback" not in err
    status = json.loads(apart("--catalog", str(tmp_path / "catalog.db"), "status", "--json").out)
    assert 0 < status["analysed"] < 40
    assert f"40 found: {status['analysed']} analysed" in out.decode()


def wait_for_tracks(catalog: Path) -> None:
    """Return when the first track is entered."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if catalog.exists():
            answer = apart("--catalog", str(catalog), "status", "--json")
            if answer.code == 0 and json.loads(answer.out)["analysed"]:
                return
        time.sleep(0.1)
    pytest.fail("nothing was analysed in time")


def test_a_playlist_says_what_it_wrote_and_why(here: Here, collection: Collection, tmp_path: Path) -> None:
    path = tmp_path / "mine.m3u8"
    answer = here("playlist", "--like", "1", "--length", "4", "--why", "-o", str(path))
    assert answer.out.splitlines()[-1].endswith("mine.m3u8: 4 tracks, 0:32")
    assert "what the others should be like" in answer.out
    assert answer.out.count("in sound to") == 3
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:mine"]
    assert sum(line.startswith("#EXTINF:") for line in lines) == 4
    notes = here("playlist", "--length", "20", "-o", str(path)).err
    assert f"{collection.n_tracks} tracks instead of 20" in notes


def test_a_playlist_is_the_same_with_the_same_seed(here: Here) -> None:
    first = here("playlist", "--length", "4", "--seed", "1").out
    assert here("playlist", "--length", "4", "--seed", "1").out == first
    others = {here("playlist", "--length", "4", "--seed", str(seed)).out for seed in range(2, 6)}
    assert others != {first}


def test_a_file_of_another_kind_is_not_overwritten(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "list.m3u8"
    path.write_text("my notes")
    refused = here("playlist", "-o", str(path))
    assert refused.code == 1
    assert path.read_text() == "my notes"
    assert here("playlist", "-o", str(path), "--force").code == 0
    assert path.read_bytes().startswith(b"#EXTM3U")


def test_export_writes_a_row_a_track(here: Here, collection: Collection, tmp_path: Path) -> None:
    path = tmp_path / "music.csv"
    answer = here("export", str(path))
    assert answer.out.endswith(f"music.csv: {collection.n_tracks} tracks\n")
    with path.open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == collection.n_tracks
    assert here("export", str(tmp_path / "some.json"), "title:One").out.endswith("some.json: 1 track\n")


@pytest.mark.skipif(shutil.which("mpv") is None, reason="mpv is not installed")
@pytest.mark.parametrize("style", [each for each in PATH_STYLES if each != "http"])
def test_mpv_finds_every_track(here: Here, collection: Collection, tmp_path: Path, style: str) -> None:
    path = tmp_path / "list.m3u8"
    made = here("playlist", "--length", "all", "--paths", style, "-o", str(path))
    assert made.code == 0, made.err
    n_written = sum(line.startswith(b"#EXTINF:") for line in path.read_bytes().splitlines())
    command = ["mpv", "--no-config", "--ao=null", "--vo=null", "--end=0.05", "--term-playing-msg=plays ${path}"]
    done = subprocess.run([*command, str(path)], capture_output=True, timeout=DEADLINE_S, check=False)
    assert b"Failed" not in done.stdout + done.stderr
    assert done.returncode == 0
    assert done.stdout.count(b"plays ") == n_written
    left_out = 1 if style in {"relative", "absolute"} else 0  # the name that is not UTF-8 fits no plain line
    assert n_written == collection.n_tracks - left_out
    assert made.err.count("left out") == left_out


def test_doctor_finds_nothing_wrong_here(here: Here) -> None:
    answer = here("doctor")
    assert answer.code == 0, answer.out
    assert "BAD" not in answer.out
    assert str(here.catalog) in answer.out


def test_doctor_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a catalogue\n" * 100)
    answer = Here(other, capsys)("doctor")
    assert answer.code == 1
    assert "BAD   catalogue" in answer.out


def names_of_commands() -> list[str]:
    return cli.essentialist.list_commands(click.Context(cli.essentialist))


@pytest.mark.parametrize("name", names_of_commands())
def test_every_command_explains_itself(here: Here, name: str) -> None:
    answer = here(name, "--help")
    assert answer.code == 0
    assert cli.summary(name)
    assert "--catalog" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 100
    command = cli.essentialist.get_command(click.Context(cli.essentialist), name)
    assert command is not None
    assert command.help
    own = [each for each in command.params if each.name not in cli.SHARED]
    assert isinstance(command, click.Group) or not own or f"essentialist {name}" in (command.epilog or "")
