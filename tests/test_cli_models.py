from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import untrained
from command_line import Answer
from essentialist import cli, models
from model_server import Behaviour, Server, serving, without_proxies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model_server import Fault

SHARED = Path(__file__).resolve().parents[2] / "shared" / "models"
EMOMUSIC = models.head("emomusic-msd-musicnn-2")
VOICE = models.head("voice_instrumental-msd-musicnn-1")
HAPPY = models.head("mood_happy-discogs-effnet-1")
needs_official = pytest.mark.skipif(
    not (SHARED / f"{EMOMUSIC.name}.onnx").exists(), reason="the official emomusic head is not in ../shared"
)

VOICE_GRAPH = untrained.head(200, 2)
VOICE_HASH = hashlib.sha256(VOICE_GRAPH).hexdigest()
HAPPY_GRAPH = untrained.head(1280, 2)
HAPPY_HASH = hashlib.sha256(HAPPY_GRAPH).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True)
class Here:
    """A folder for models, a server of untrained heads (and the official one at hand), and the command."""

    folder: Path
    server: Server
    capture: pytest.CaptureFixture[str]
    environment: pytest.MonkeyPatch

    def run(self, *arguments: str) -> Answer:
        """Run the command in this process."""
        self.capture.readouterr()
        code = cli.run(["models", *arguments])
        printed = self.capture.readouterr()
        return Answer(printed.out, printed.err, code)

    def faults(self, *faults: Fault) -> None:
        self.server.behaviour.faults[:] = faults

    def installed(self) -> set[str]:
        """The files in the folder, the lock aside."""
        return {path.name for path in self.folder.iterdir()} - {".lock"} if self.folder.exists() else set()


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    root = tmp_path / "server"
    for head, graph, classes in (
        (VOICE, VOICE_GRAPH, ["instrumental", "voice"]),
        (HAPPY, HAPPY_GRAPH, ["happy", "non_happy"]),
    ):
        untrained.put((root / head.weights.address).parent, head.name, graph, untrained.card(classes))
    official = SHARED / f"{EMOMUSIC.name}.onnx"
    if official.exists():
        place = root / EMOMUSIC.weights.address
        place.parent.mkdir(parents=True)
        for suffix in (".onnx", ".json"):
            shutil.copy(official.with_suffix(suffix), place.with_suffix(suffix))
    server = Server(Behaviour(root))
    for name in os.environ.keys() - without_proxies().keys():
        monkeypatch.delenv(name)
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("ESSENTIALIST_MIRROR", server.url)
    with serving(server):
        yield Here(tmp_path / "models", server, capsys, monkeypatch)


def one_line(text: str) -> str:
    assert text.count("\n") == 1, text
    assert text.startswith("essentialist: ")
    return text


def test_list_names_everything_with_size_and_licence(here: Here) -> None:
    table = here.run().out
    assert table == here.run("list").out
    for entry in models.everything():
        (line,) = [line for line in table.splitlines() if line.startswith(f"{entry.name} ")]
        assert entry.licence in line
    assert str(here.folder) in table


def test_list_as_json_says_all_that_is_known(here: Here) -> None:
    rows = {row["name"]: row for row in json.loads(here.run("list", "--json").out)}
    assert list(rows) == [entry.name for entry in models.everything()]
    assert rows["msd-musicnn-1"]["available"] is True
    assert rows[EMOMUSIC.name] == {
        "name": EMOMUSIC.name,
        "title": EMOMUSIC.title,
        "kind": "head",
        "reads": "msd-musicnn-1",
        "gives": ["arousal", "valence"],
        "available": False,
        "path": str(here.folder / f"{EMOMUSIC.name}.onnx"),
        "address": models.OFFICIAL + "classification-heads/emomusic/emomusic-msd-musicnn-2.onnx",
        "sha256": EMOMUSIC.weights.sha256,
        "hash_sources": 1,
        "size": 82_040,
        "licence": "CC BY-NC-SA 4.0",
        "citation": EMOMUSIC.citation,
    }


@needs_official
@pytest.mark.parametrize("faults", [("none",), ("redirect", "break", "none"), ("break", "no ranges"), ("503", "none")])
def test_pull_fetches_what_gives_a_descriptor(here: Here, faults: tuple[Fault, ...]) -> None:
    here.faults(*faults)
    done = here.run("pull", "arousal", "--yes")
    assert done.code == 0, done.err
    assert "CC BY-NC-SA 4.0" in done.err
    assert f"{EMOMUSIC.name} is here; note: its SHA-256 is the one that a single public source states" in done.out
    assert here.installed() == {f"{EMOMUSIC.name}.onnx", f"{EMOMUSIC.name}.json"}
    assert here.run("verify").out == f"ok    msd-musicnn-1\nok    {EMOMUSIC.name}\n"
    assert here.run("pull", "arousal").out == "All of it is here.\n"


def test_a_hash_that_nobody_states_is_written_down(here: Here) -> None:
    done = here.run("pull", VOICE.name, "--yes")
    assert f"now written down (none was known): {VOICE_HASH}" in done.out
    assert here.installed() == {f"{VOICE.name}.{suffix}" for suffix in ("onnx", "json", "sha256")}
    assert (here.folder / f"{VOICE.name}.sha256").read_text() == f"{VOICE_HASH}  {VOICE.name}.onnx\n"
    (here.folder / f"{VOICE.name}.onnx").write_bytes(VOICE_GRAPH + b"\0")
    changed = here.run("verify")
    assert changed.code == 1
    assert re.search(rf"^BAD .*its SHA-256 is [0-9a-f]{{64}}, not {VOICE_HASH}", changed.out, re.MULTILINE)


def test_a_file_with_another_hash_is_refused_unless_it_is_accepted(here: Here) -> None:
    network = models.network(HAPPY.network)
    graph = untrained.effnet()
    place = (here.server.behaviour.folder / network.weights.address).parent
    untrained.put(place, network.name, graph, untrained.card([f"Style {n}" for n in range(400)]))
    found = hashlib.sha256(graph).hexdigest()
    refused = here.run("pull", HAPPY.name, "--yes")
    assert refused.code == 1
    assert f"its SHA-256 is {found}, not {network.weights.sha256}" in refused.err.splitlines()[-1]
    assert not {name for name in here.installed() if name.endswith((".onnx", ".json"))}
    accepted = here.run("pull", HAPPY.name, "--yes", "--accept", HAPPY_HASH, "--accept", found)
    assert accepted.code == 0, accepted.err
    assert f"written down (another one was known): {HAPPY_HASH}" in accepted.out
    assert models.available(network.name)
    assert models.available(HAPPY.name)


def test_add_takes_an_accepted_hash(here: Here) -> None:
    file = here.server.behaviour.folder / HAPPY.weights.address
    assert "--accept" in one_line(here.run("add", str(file)).err)
    assert here.run("add", str(file), "--accept", HAPPY_HASH).code == 0
    assert f"ok    {HAPPY.name}\n" in here.run("verify").out


@pytest.mark.parametrize(
    ("fault", "told"),
    [("404", "404 Not Found"), ("garbage", "is not a network that ONNX Runtime can load"), ("break", "broke off")],
)
def test_what_cannot_be_fetched_is_told_and_leaves_nothing(here: Here, fault: Fault, told: str) -> None:
    here.faults(fault)
    done = here.run("pull", VOICE.name, "--yes")
    assert done.code == 1
    assert told in done.err.splitlines()[-1]
    assert not {name for name in here.installed() if name.endswith((".onnx", ".json", ".sha256"))}


@pytest.mark.parametrize("card", [b"<html>", b'{"classes": ["one"]}', b'{"classes": ["instrumental", "voice", "c"]}'])
def test_a_card_that_does_not_fit_is_refused(here: Here, card: bytes) -> None:
    (here.server.behaviour.folder / VOICE.weights.address).with_suffix(".json").write_bytes(card)
    done = here.run("pull", VOICE.name, "--yes")
    assert done.code == 1
    assert VOICE.name in done.err.splitlines()[-1]
    assert here.installed() == set()


def test_without_a_network_one_line_names_what_else_can_be_done(here: Here) -> None:
    here.environment.setenv("ESSENTIALIST_MIRROR", "http://127.0.0.1:9/models/")
    done = here.run("pull", VOICE.name, "--yes")
    assert done.code == 1
    assert re.search(r"^essentialist: Cannot fetch .*mirror with --from.*models add FILE", done.err, re.MULTILINE)
    assert here.run("pull", EMOMUSIC.name, "--yes").code == 1
    assert here.installed() == set()
    wrong = here.run("pull", VOICE.name, "--yes", "--from", "ftp://example.org/")
    assert "is no server to fetch from" in wrong.err.splitlines()[-1]


def test_nobody_is_asked_where_nobody_can_answer(here: Here) -> None:
    done = here.run("pull", VOICE.name)
    assert done.code == 2
    assert "add --yes" in done.err
    assert here.server.behaviour.asked == []


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 130)])
def test_a_person_is_asked_once(here: Here, answer: bytes, code: int) -> None:
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "essentialist", "models", "pull", VOICE.name]
    child = subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    os.write(ours, answer)
    shown = b""
    try:
        while chunk := os.read(ours, 65_536):
            shown += chunk
    except OSError:  # how Linux reports that the other end of a terminal is closed
        pass
    os.close(ours)
    assert child.wait(30) == code
    assert shown.count(b"Fetch them under this licence?") == 1
    assert (here.folder / f"{VOICE.name}.onnx").exists() == (code == 0)


@needs_official
def test_add_recognises_a_file_by_its_hash_whatever_its_name(here: Here, tmp_path: Path) -> None:
    renamed = tmp_path / "from a stick" / "emomusic-musicnn-msd-2.onnx"
    renamed.parent.mkdir()
    shutil.copy(SHARED / f"{EMOMUSIC.name}.onnx", renamed)
    assert f"has no card: give {EMOMUSIC.name}.json too" in one_line(here.run("add", str(renamed)).err)
    assert here.installed() == set()
    shutil.copy(SHARED / f"{EMOMUSIC.name}.json", renamed.with_suffix(".json"))
    assert here.run("add", str(renamed)).code == 0
    assert here.installed() == {f"{EMOMUSIC.name}.onnx", f"{EMOMUSIC.name}.json"}


@needs_official
def test_add_takes_a_card_that_is_given_too(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "head.onnx"
    shutil.copy(SHARED / f"{EMOMUSIC.name}.onnx", file)
    assert here.run("add", str(file), str(SHARED / f"{EMOMUSIC.name}.json")).code == 0


def test_add_recognises_by_name_only_what_has_no_known_hash(here: Here) -> None:
    file = here.server.behaviour.folder / VOICE.weights.address
    done = here.run("add", str(file))
    assert f"note: its SHA-256 is now written down (none was known): {VOICE_HASH}" in done.out


@needs_official
def test_a_file_cut_short_is_not_added(here: Here, tmp_path: Path) -> None:
    cut = tmp_path / f"{EMOMUSIC.name}.onnx"
    cut.write_bytes((SHARED / f"{EMOMUSIC.name}.onnx").read_bytes()[:-1])
    shutil.copy(SHARED / f"{EMOMUSIC.name}.json", tmp_path)
    told = one_line(here.run("add", str(cut)).err)
    assert f"not {EMOMUSIC.weights.sha256}" in told
    assert here.installed() == set()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("pull", "style"), "did you mean styles?"),
        (("add", "gone.onnx"), "Cannot read gone.onnx: No such file"),
        (("add", "card.json"), "no network among these files"),
        (("pull", "msd-musicnn-1"), "All of it is here"),
    ],
)
def test_what_is_not_there_is_told(here: Here, arguments: tuple[str, ...], told: str) -> None:
    done = here.run(*arguments)
    assert told in (one_line(done.err) if done.code else done.out)


def test_a_file_that_nobody_knows_is_told(here: Here, tmp_path: Path) -> None:
    (tmp_path / "mystery.onnx").write_bytes(b"what")
    assert "no network or head that is known" in one_line(here.run("add", str(tmp_path / "mystery.onnx")).err)


@pytest.mark.parametrize("name", ["msd-musicnn-1.onnx", "renamed.onnx"])
def test_what_ships_need_not_be_added(here: Here, tmp_path: Path, name: str) -> None:
    shipped = models.network("msd-musicnn-1").weights.path
    file = tmp_path / name
    file.write_bytes(shipped.read_bytes() if name == "renamed.onnx" else b"another file of that name")
    assert "msd-musicnn-1 ships with essentialist: there is nothing to fetch or add" in one_line(
        here.run("add", str(file)).err
    )
    assert here.installed() == set()


def test_a_folder_that_cannot_be_written_is_told(here: Here, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    here.environment.setenv("ESSENTIALIST_MODELS", str(tmp_path / "file" / "models"))
    done = here.run("pull", VOICE.name, "--yes")
    assert done.code == 1
    assert re.search("Cannot write .*ESSENTIALIST_MODELS", done.err.splitlines()[-1])


def test_a_killed_pull_leaves_nothing_half_done_and_can_be_run_again(here: Here) -> None:
    here.faults("stall", "none")
    program = [sys.executable, "-m", "essentialist", "models", "pull", VOICE.name, "--yes"]
    child = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not here.server.behaviour.asked:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    busy = here.run("pull", VOICE.name, "--yes")
    assert "Another process is installing" in busy.err.splitlines()[-1]
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    assert not {name for name in here.installed() if name.endswith((".onnx", ".json", ".sha256"))}
    assert here.run("pull", VOICE.name, "--yes").code == 0
    assert here.installed() == {f"{VOICE.name}.{suffix}" for suffix in ("onnx", "json", "sha256")}
