"""Model files that are not what they should be: one line each, and nothing is half installed."""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import untrained
from command_line import Answer, apart, environment
from essentialist import cli, models
from essentialist.models.voice_instrumental_musicnn import HEAD as VOICE
from sounds import chord, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GRAPH = untrained.head(200, 2)
CARD = untrained.card(["instrumental", "voice"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """The file of a head, carried here with its card; nobody has stated its hash."""
    return untrained.put(tmp_path / "stick", VOICE.name, GRAPH, CARD)


def installed(folder: Path) -> dict[str, bytes]:
    """The files in the folder of models, the lock aside."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


@pytest.fixture
def add(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Add a file to the folder of models, in this process."""

    def adding(file: Path, *options: str) -> Answer:
        capsys.readouterr()
        code = cli.run(["models", "add", str(file), *options])
        printed = capsys.readouterr()
        return Answer(printed.out, printed.err, code)

    return adding


def told(answer: Answer) -> str:
    assert answer.code == 1
    assert answer.err.startswith("essentialist: ")
    assert answer.err.count("\n") == 1
    return answer.err


@pytest.mark.parametrize(
    ("graph", "card", "reason"),
    [
        (GRAPH[:-100], CARD, "is not a network that ONNX Runtime can load"),
        (b"", CARD, "is not a network that ONNX Runtime can load"),
        (untrained.head(1280, 2), CARD, "which reads rows of 200"),
        (untrained.effnet(), CARD, "does not say which"),
        (GRAPH, untrained.card(["non_happy", "happy"]), "it is another card"),
        (GRAPH, untrained.card(["instrumental", "voice", "both"]), "should give 3 numbers"),
        (GRAPH, b"<html>not found</html>", "The card of"),
        (GRAPH, b'{"classes": "voice"}', "The card of"),
    ],
    ids=["cut", "empty", "another head", "a network", "another card", "more classes", "a web page", "no list"],
)
def test_a_file_that_does_not_fit_is_not_installed(
    folder: Path, carried: Path, add: Callable[..., Answer], graph: bytes, card: bytes, reason: str
) -> None:
    carried.write_bytes(graph)
    carried.with_suffix(".json").write_bytes(card)
    assert reason in told(add(carried))
    assert installed(folder) == {}


def test_a_file_without_its_card_is_not_installed(folder: Path, carried: Path, add: Callable[..., Answer]) -> None:
    carried.with_suffix(".json").unlink()
    assert f"has no card: give {VOICE.name}.json too" in told(add(carried))
    assert installed(folder) == {}


def test_what_is_there_stays_when_another_file_does_not_fit(
    folder: Path, carried: Path, add: Callable[..., Answer]
) -> None:
    assert add(carried).code == 0
    before = installed(folder)
    other = untrained.head(200, 2, seed=1)
    carried.write_bytes(other)
    assert f"its SHA-256 is {hashlib.sha256(other).hexdigest()}" in told(add(carried))
    carried.with_suffix(".json").write_bytes(untrained.card(["no", "yes"]))
    assert "another card" in told(add(carried, "--accept", hashlib.sha256(other).hexdigest()))
    assert installed(folder) == before


def test_a_disk_that_is_full_leaves_what_is_there(folder: Path, carried: Path, add: Callable[..., Answer]) -> None:
    """No file may grow larger than the record and the card: the weights are the ones that do not fit."""
    assert add(carried).code == 0
    before = installed(folder)
    other = untrained.head(200, 2, seed=1)
    carried.write_bytes(other)
    accepted = hashlib.sha256(other).hexdigest()
    limit = len(CARD) + 100
    assert limit < len(other)
    done = subprocess.run(
        [sys.executable, "-m", "essentialist", "models", "add", carried, "--accept", accepted],
        env=environment(ESSENTIALIST_MODELS=str(folder), PYTHONDONTWRITEBYTECODE="1"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Cannot write {folder / carried.name}: File too large. Make room" in done.stderr
    assert installed(folder) == before


def test_a_folder_that_cannot_be_made_is_told(
    folder: Path, carried: Path, add: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_bytes(b"")
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(folder / "below a file"))
    assert "Make room or name another folder" in told(add(carried))


@pytest.fixture
def music(tmp_path: Path) -> Path:
    write(tmp_path / "music" / "chord.flac", chord(seconds=8), 44_100)
    return tmp_path / "music"


def analyze(music: Path, folder: Path) -> Answer:
    catalog = music.parent / "catalog.db"
    return apart("--catalog", str(catalog), "analyze", str(music), "--json", ESSENTIALIST_MODELS=str(folder))


def test_weights_that_were_changed_stop_an_analysis_with_one_line(
    folder: Path, carried: Path, music: Path, add: Callable[..., Answer]
) -> None:
    assert add(carried).code == 0
    changed = untrained.head(200, 2, seed=1)
    VOICE.weights.path.write_bytes(changed)
    line = analyze(music, folder).err.splitlines()[-1]
    assert f"its SHA-256 is {hashlib.sha256(changed).hexdigest()}, not {hashlib.sha256(GRAPH).hexdigest()}" in line
    assert f"Run `essentialist models pull {VOICE.name}`" in line
    VOICE.weights.path.unlink()
    assert analyze(music, folder).code == 0


def test_without_its_card_a_head_is_not_used(
    folder: Path, carried: Path, music: Path, add: Callable[..., Answer]
) -> None:
    assert add(carried).code == 0
    VOICE.weights.card.unlink()
    assert VOICE.name not in models.installed()
    assert analyze(music, folder).code == 0


def test_a_card_of_other_classes_stops_an_analysis_with_one_line(
    folder: Path, carried: Path, music: Path, add: Callable[..., Answer]
) -> None:
    assert add(carried).code == 0
    VOICE.weights.card.write_bytes(untrained.card(["no", "yes"]))
    answer = analyze(music, folder)
    assert answer.code == 1
    assert "another card" in answer.err.splitlines()[-1]
