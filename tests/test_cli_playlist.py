"""Ways of choosing, wishes and mixes as options of the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from command_line import Here
from essentialist import Library
from essentialist.cli._ways import seed
from essentialist.errors import UnknownTrack
from kept import add
from made_up import make_files

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection


def listed(here: Here, path: Path, *arguments: str) -> list[str]:
    """The titles of a playlist that was written as JSON, in order of play."""
    answer = here("playlist", *arguments, "-o", str(path), "--force")
    assert answer.code == 0, answer.err
    return [row["title"] for row in json.loads(path.read_text(encoding="utf-8"))]


def test_on_from_a_track(here: Here, tmp_path: Path) -> None:
    titles = listed(here, tmp_path / "flow.json", "--from", "1", "--drift", "1", "--length", "4")
    assert len(set(titles)) == 4
    assert titles[0] == here("tracks", "--format", "jsonl").out.split('"title": "')[1].partition('"')[0]
    answer = here("playlist", "--from", "1", "--why")
    assert "where the flow begins" in answer.out
    assert "The largest step is " in answer.err


def test_alike_in_something_else(here: Here) -> None:
    answer = here("playlist", "--like", "1=2", "--like", "3", "--alike", "tempo:2, key", "--why")
    assert answer.code == 0
    assert "in tempo and key to" in answer.out
    tempi = [row["bpm"] for row in json.loads(here("similar", "1", "--by", "tempo", "--format", "json").out)]
    own = json.loads(here("tracks", "--format", "json").out)[0]["bpm"]
    assert abs(tempi[0] - own) == min(abs(each - own) for each in tempi)


def test_tracks_and_playlists_can_be_kept_out(here: Here, tmp_path: Path) -> None:
    everything = set(listed(here, tmp_path / "all.json", "--length", "all"))
    yesterday = tmp_path / "yesterday.m3u8"
    assert here("playlist", "--length", "2", "-o", str(yesterday)).code == 0
    out = [line for line in yesterday.read_text(encoding="utf-8").splitlines() if line.startswith("#EXTINF:")]
    rest = set(listed(here, tmp_path / "rest.json", "--length", "all", "--exclude-playlist", str(yesterday)))
    assert len(rest) == len(everything) - 2
    assert all(line.rpartition(" - ")[2].partition(",")[2] not in rest for line in out)
    assert len(listed(here, tmp_path / "less.json", "--length", "all", "--exclude-track", "1")) == len(everything) - 1
    assert here("playlist", *(f"--exclude-track={n}" for n in range(1, 7))).err.startswith("essentialist: There are no")


def test_a_track_outside_the_query_can_be_asked_for(here: Here, tmp_path: Path) -> None:
    titles = listed(here, tmp_path / "list.json", "artist:Metronomes", "--include-track", "1", "--length", "4")
    assert len(titles) == 4
    first = json.loads(here("tracks", "--format", "json").out)[0]["title"]
    assert first in titles
    asked = [f"--include-track={n}" for n in range(1, 5)]
    assert "4 tracks instead of 2: all of them were asked for." in here("playlist", "--length", "2", *asked).err


def test_a_playlist_of_nothing_known_excludes_nothing_and_says_so(here: Here, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.m3u8"
    foreign.write_text("#EXTM3U\n/elsewhere/one.mp3\nhttps://radio.example/live\n")
    answer = here("playlist", "--exclude-playlist", str(foreign), "--diversity", "0.5", "--all-versions")
    assert answer.code == 0
    assert "excludes nothing: none of its files is in the catalogue" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["playlist", "--exclude-playlist", "no-such.m3u8"], "Cannot read the playlist no-such.m3u8", 1),
        (["playlist", "--exclude-playlist", "notes.txt"], "Give one that ends in .jspf, .m3u, .m3u8", 1),
        (["playlist", "--include-track", "999"], "See `essentialist tracks`", 1),
        (["playlist", "--diversity", "2"], "--diversity", 2),
        (["playlist", "--like", "1", "--alike", "sond"], "did you mean 'sound'", 1),
        (["playlist", "--cluster", "9"], "Give a cluster from 1 to 1", 1),
        (["playlist", "--cluster", "0"], "Give a number from 1", 1),
        (["playlist", "--from", "1", "--drift", "2"], "Give a number from 0 to 1", 1),
        (
            ["playlist", "--length", "2 min", "--max-per-artist", "1", "--exclude-track", "1", "--way", "flow"],
            "Name one",
            1,
        ),
        (["playlist", "--length", "0.05 min"], "No track meets the wishes", 1),
        (["playlist", "--way", "sideways"], "flow", 2),
        (["similar", "1", "--by", "vggish"], "a network that was run", 1),
        (["mixes", "-o", "mix.m3u8"], "{name} or {number}", 2),
        (["mixes", "-o", "{name}.doc"], ".m3u8", 1),
        (["mixes", "bpm:..45"], "None of these tracks can be compared", 1),
    ],
)
def test_an_impossible_wish_is_one_line_with_its_remedy(here: Here, arguments: list[str], said: str, code: int) -> None:
    answer = here(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.count("\n") == 1
    assert said in answer.err


def test_what_a_playlist_file_names_is_found_in_the_catalogue(collection: Collection, tmp_path: Path) -> None:
    library = Library.open(collection.catalog)
    path = tmp_path / "list.m3u8"
    files = [*library.tracks()[:2], *library.tracks()[:1]]
    path.write_bytes(b"".join(bytes(track.path) + b"\n" for track in files) + b"/elsewhere.mp3\n")
    assert library.listed(path) == library.tracks()[:2]


def test_a_weight_goes_behind_the_track_and_a_path_may_hold_the_same_sign(collection: Collection) -> None:
    library = Library.open(collection.catalog)
    first = library.tracks()[0]
    assert seed(library, "1=2.5").weight == 2.5
    assert seed(library, f"{first.path}=3").track == first
    assert seed(library, str(first.path)).weight == 1
    with pytest.raises(UnknownTrack):
        seed(library, "no=such=2")


def test_strict_tells_by_the_exit_code_whether_a_track_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(tmp_path / "catalog.db", make_files(tmp_path / "music", {"1.flac": b"1", "two\nlines/2.flac": b"2"}))
    here = Here(tmp_path / "catalog.db", capsys)
    made = ("playlist", "--length", "all", "-o", str(tmp_path / "a.m3u8"))
    assert here(*made, "--strict").code == 0  # one of the two is a URI
    lacking = here(*made, "--strict", "--paths", "relative")
    assert (lacking.code, lacking.out.rpartition(": ")[2]) == (3, "1 track, 0:30\n")
    assert "left out: " in lacking.err
    assert here(*made, "--paths", "relative").code == 0
    assert "name one with -o" in here("playlist", "--strict").err


def test_mixes_are_listed_and_written(here: Here, tmp_path: Path) -> None:
    answer = here("mixes", "--number", "2")
    assert answer.out.count(" track") >= 2
    folder = tmp_path / "mixes"
    pattern = str(folder / "{number} {name}.m3u8")
    written = here("mixes", "--number", "2", "-o", pattern)
    assert written.code == 0, written.err
    files = sorted(folder.iterdir())
    assert [path.name[:2] for path in files] == ["1 ", "2 "]
    assert f"#PLAYLIST:{files[0].stem[2:]}" in files[0].read_text(encoding="utf-8")
    assert sum(path.read_text(encoding="utf-8").count("#EXTINF") for path in files) == 6
    assert here("mixes", "--number", "2", "-o", pattern).out == written.out
