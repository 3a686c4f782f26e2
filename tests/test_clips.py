"""Clips: cut where they should be, kept beside the catalogue, made once, and gone with their tracks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

import sounds
from command_line import Here
from essentialist import cli
from essentialist.catalogue import sources
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.errors import NoSamples
from essentialist.hearing import clipping
from essentialist.hearing.clips import LEFT_BEHIND_S, Clips, length_s
from essentialist.hearing.passages import Passage
from made_up import enter_folder, extractors
from runs import Command

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from conftest import Collection

RATE = 44_100
N_SECONDS = 20
N_MANY = 24  # tracks, so that a run can be cut off
FORMATS = [
    *(
        (".flac", None),
        (".wav", None),
        (".mp3", None),
        (".ogg", None),
        (".opus", None),
        (".m4a", None),
        (".webm", None),
    ),
    *((".m4a", "alac"), (".aiff", None), (".wma", None), (".wv", None), (".mka", None), (".aac", None), (".tta", None)),
]


def staircase() -> NDArray[np.float32]:
    """Twenty seconds, each with a higher tone: what is heard says when it was."""
    return np.concatenate([sounds.sine(hz(second), 1.0, RATE) for second in range(N_SECONDS)])


def hz(second: int) -> float:
    return 300.0 + 100.0 * second


def tone_of(samples: NDArray[np.float32]) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * clipping.RATE_HZ / len(samples))


@pytest.mark.parametrize(("suffix", "codec"), FORMATS)
def test_a_passage_is_where_it_should_be(tmp_path: Path, suffix: str, codec: str | None) -> None:
    path = sounds.write(tmp_path / f"a{suffix}", sounds.stereo(staircase()), RATE, codec=codec)
    samples = clipping.cut(path, Passage(11.0, 4.0))
    assert samples.shape == (2, 4 * clipping.RATE_HZ)
    for second in range(4):
        middle = samples[0, round((second + 0.1) * clipping.RATE_HZ) : round((second + 0.9) * clipping.RATE_HZ)]
        assert tone_of(middle) == pytest.approx(hz(11 + second), abs=3)


def test_what_is_cut_is_faded_and_what_is_not_is_not(tmp_path: Path) -> None:
    path = sounds.write(tmp_path / "a.flac", sounds.chord(seconds=8.0), RATE)
    n_faded = round(clipping.FADE_S * clipping.RATE_HZ)
    whole = clipping.cut(path, Passage(0.0, 8.0))
    assert whole.shape == (1, 8 * clipping.RATE_HZ)
    middle = clipping.cut(path, Passage(2.0, 4.0))
    uncut = whole[:, 2 * clipping.RATE_HZ : 6 * clipping.RATE_HZ]
    inner = slice(n_faded, -n_faded)
    np.testing.assert_allclose(middle[:, inner], uncut[:, inner], atol=1e-3)
    np.testing.assert_array_equal(middle[:, [0, -1]], 0)
    for edge, before in ((middle[0, :n_faded], uncut[0, :n_faded]), (middle[0, -n_faded:], uncut[0, -n_faded:])):
        assert np.square(edge).sum() < 0.5 * np.square(before).sum()


def test_a_clip_is_opus_of_its_length(tmp_path: Path) -> None:
    source = sounds.write(tmp_path / "a.mp3", sounds.stereo(staircase()), RATE, tags={"title": "Secret"})
    clip = tmp_path / "a.opus"
    with clip.open("w+b") as file:
        clipping.write(source, file, Passage(3.0, 10.0))
    with av.open(str(clip)) as container:
        (stream,) = container.streams.audio
        assert (stream.codec_context.name, stream.channels, stream.rate) == ("opus", 2, 48_000)
        assert "title" not in {**container.metadata, **stream.metadata}
    assert length_s(clip) == pytest.approx(10.0, abs=1e-3)
    assert clip.stat().st_size < 10 * 64_000 / 8 * 2  # pure tones take more than music


def test_a_file_that_ends_before_its_passage_is_told(tmp_path: Path) -> None:
    path = sounds.write(tmp_path / "a.flac", sounds.chord(seconds=2.0), RATE)
    with pytest.raises(NoSamples, match="ends before the passage"):
        clipping.cut(path, Passage(60.0, 30.0))


@pytest.mark.parametrize("content", [b"", b"OggS", b"OpusHead", b"OggS" + bytes(20) + b"OpusHead"], ids=repr)
def test_what_is_no_clip_has_no_length(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.opus"
    path.write_bytes(content)
    assert length_s(path) in {None, 0.0}


@pytest.fixture
def own(collection: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Here:
    """Commands on a copy of the collection."""
    shutil.copytree(collection.music, tmp_path / "Music", symlinks=True)
    catalog = tmp_path / "catalog.db"
    shutil.copy(collection.catalog, catalog)
    shutil.copy(collection.catalog.with_suffix(".patches.db"), catalog.with_suffix(".patches.db"))
    here = Here(catalog, capsys)
    assert here("relocate", str(collection.music), str(tmp_path / "Music")).code == 0
    return here


def clips_of(here: Here) -> dict[str, bytes]:
    folder = here.catalog.with_suffix(".clips")
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.opus")}


def test_every_track_gets_a_clip_once(own: Here, collection: Collection) -> None:
    first = own("clips", "--seconds", "5", "--json", "--workers", "2")
    assert first.code == 0, first.err
    row = json.loads(first.out)
    made = clips_of(own)
    assert (row["made"], row["there"], row["failed"]) == (collection.n_tracks, 0, [])
    assert row["bytes"] == sum(map(len, made.values()))
    known = sources.all_fingerprints(Catalog(own.catalog))
    assert {name.partition("/")[2] for name in made} == {f"{each.hex()}.opus" for each in known}
    assert all(length_s(Clips(own.catalog).path(each)) == pytest.approx(5.0, abs=1e-3) for each in known)
    again = json.loads(own("clips", "--json").out)
    assert (again["made"], again["there"]) == (0, collection.n_tracks)
    assert clips_of(own) == made
    told = own("clips", "title:one", "--again", "--where", "energetic", "--seconds", "5")
    assert told.out.startswith("1 clip made")


def test_a_file_that_is_not_as_it_was_is_told_and_the_rest_is_made(own: Here, tmp_path: Path) -> None:
    (tmp_path / "Music/Beats/01 One.flac").unlink()
    (tmp_path / "Music/Beats/02 Two.mp3").write_bytes(b"another one")
    answer = own("clips")
    assert answer.code == 1
    assert "4 clips made" in answer.out
    assert answer.err.count("it is gone, or not as it was") == 2
    assert "Traceback" not in answer.err


def test_clips_go_with_their_tracks_and_nothing_else_goes(own: Here, tmp_path: Path) -> None:
    assert own("clips").code == 0
    folder = own.catalog.with_suffix(".clips")
    (folder / "00").mkdir(exist_ok=True)
    ours = [folder / "00" / f"{'0' * 32}.opus", folder / "00" / ".~left.tmp"]
    theirs = [folder / "00" / "notes.txt", folder / "mine" / f"{'1' * 32}.opus"]
    theirs[1].parent.mkdir()
    for path in (*ours, *theirs):
        path.write_bytes(b"x")
    old = time.time() - LEFT_BEHIND_S - 1
    os.utime(ours[1], (old, old))
    (tmp_path / "Music/Beats/02 Two.mp3").unlink()
    assert own("analyze").code == 0
    assert own("analyze").code == 0
    answer = json.loads(own("clips", "--json").out)
    assert answer["removed"] >= 1
    assert [path.exists() for path in (*ours, *theirs)] == [False, False, True, True]


def test_clips_among_the_music_are_no_music(own: Here, tmp_path: Path) -> None:
    among = tmp_path / "Music/catalog.db"
    for suffix in (".db", ".patches.db"):
        shutil.copy(own.catalog.with_suffix(suffix), among.with_suffix(suffix))
    catalog = ["--catalog", str(among)]
    assert cli.run([*catalog, "clips"]) == 0
    n_files = len(list((tmp_path / "Music").rglob("*.opus")))
    assert n_files == len(Catalog(among).tracks())
    assert cli.run([*catalog, "analyze", "--json"]) == 0
    assert len(Catalog(among).tracks()) == n_files


def test_a_place_that_cannot_be_written_is_one_line(own: Here) -> None:
    own.catalog.with_suffix(".clips").write_bytes(b"a file")
    answer = own("clips")
    assert answer.code == 1
    assert answer.err.count("\n") == 1


def test_analysis_makes_clips_when_asked(own: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sounds.write(tmp_path / "Music/new.flac", sounds.stereo(sounds.chord((50, 54), 6.0)), RATE)
    row = json.loads(own("analyze", "--clips", "--json").out)
    assert row["analysed"] == 1
    assert row["clips"]["made"] == row["clips"]["made"] + row["clips"]["there"] == 7
    monkeypatch.setenv("ESSENTIALIST_CLIPS", "yes")
    assert "0 clips made, 7 there already" in own("analyze").out
    assert "clips" not in json.loads(own("analyze", "--no-clips", "--json").out)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_cut_off_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str], number: signal.Signals) -> None:
    own = Here(tmp_path / "catalog.db", capsys)
    for index in range(N_MANY):
        sounds.write(tmp_path / f"music/{index}.flac", sounds.stereo(sounds.noise(8.0, RATE, index)), RATE)
    with Recorder(Catalog.create(own.catalog)) as recorder:
        recorder.learn(extractors())
        recorder.place(str(tmp_path / "music"))
        enter_folder(recorder, tmp_path / "music")
    folder = own.catalog.with_suffix(".clips")
    command = Command.start("clips", "--workers", "1", "--catalog", own.catalog)
    command.until(lambda: len(list(folder.glob("*/*.opus"))) >= 2)
    os.kill(command.process.pid, number)
    code, out, err = command.end()
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 128 + number), (out, err)
    before = list(folder.glob("*/*.opus"))
    assert 2 <= len(before) < N_MANY
    assert [length_s(clip) for clip in before] == pytest.approx([8.0] * len(before), abs=1e-3)
    answer = json.loads(own("clips", "--json").out)
    assert (answer["there"] + answer["made"], answer["failed"]) == (N_MANY, [])
    assert answer["there"] >= len(before)
