"""The units, the image and the compose file call what exists, in places that exist."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from essentialist import cli
from runs import Command, n_tracks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Collection

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
NIGHTLY = DEPLOY / "nightly.sh"
COMMANDS = cli.essentialist.list_commands(click.Context(cli.essentialist))


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of a Dockerfile: its word, its flags by name, and what follows."""

    word: str
    flags: dict[str, str]
    rest: str

    def listed(self) -> list[str]:
        """The arguments of the form in brackets."""
        found = json.loads(self.rest[self.rest.index("[") :])
        assert isinstance(found, list)
        return found


def instructions() -> list[Instruction]:
    """The instructions of the Dockerfile, in order."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [parsed(line) for line in lines if line.strip() and not line.startswith("#")]


def parsed(line: str) -> Instruction:
    word, rest = line.split(maxsplit=1)
    flags = dict(re.findall(r"--([\w-]+)=(\S+)", rest)) if word in {"COPY", "HEALTHCHECK"} else {}
    for name, value in flags.items():
        rest = rest.replace(f"--{name}={value} ", "")
    return Instruction(word, flags, " ".join(rest.split()))


def all_of(word: str) -> list[Instruction]:
    return [each for each in instructions() if each.word == word]


def unit(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their capitals
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def check_command(words: list[str]) -> None:
    """A command of essentialist exists and takes these arguments; click.UsageError where it does not."""
    command = cli.essentialist.get_command(click.Context(cli.essentialist), words[0])
    assert command is not None, words
    command.make_context(words[0], words[1:])


def typed_commands() -> Iterator[list[str]]:
    """What the units, the image and the script call, as arguments of essentialist."""
    for path in SERVICES:
        program, *words = shlex.split(unit(path)["Service"]["ExecStart"])
        assert program == "%h/.local/bin/essentialist"
        yield words
    assert all_of("ENTRYPOINT")[0].listed() == ["essentialist"]
    yield all_of("CMD")[-1].listed()
    program, *words = all_of("HEALTHCHECK")[0].listed()
    assert program == "essentialist"
    yield words
    for line in re.findall(r"run essentialist (.*?)(?:;| \|\||$)", NIGHTLY.read_text(), re.MULTILINE):
        yield shlex.split(line.replace('"$@"', "/music"))


@pytest.mark.parametrize("words", list(typed_commands()), ids=" ".join)
def test_what_is_called_exists(words: list[str]) -> None:
    check_command(words)


def test_the_timer_starts_a_service_and_services_start_others_that_exist() -> None:
    names = {path.name for path in UNITS}
    for path in UNITS:
        if path.suffix == ".timer":
            assert path.with_suffix(".service").name in names
            assert unit(path)["Install"]["WantedBy"] == "timers.target"
        else:
            assert unit(path)["Unit"].get("OnSuccess", path.name) in names


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_services_may_write_their_data_and_little_else(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["ProtectHome"] == "read-only"
    assert service["NoNewPrivileges"] == "yes"
    assert service["PrivateNetwork"] == "yes"


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_services_ask_for_nothing_that_a_user_s_systemd_may_not_do(path: Path) -> None:
    privileged = {
        "CapabilityBoundingSet",
        "PrivateDevices",
        "ProtectClock",
        "ProtectKernelLogs",
        "ProtectKernelModules",
    }
    assert not privileged & set(unit(path)["Service"])  # else it ends with 218/CAPABILITIES; `verify` does not tell


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here: install systemd")
class TestSystemd:
    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        program = tmp_path / ".local" / "bin" / "essentialist"
        program.parent.mkdir(parents=True)
        program.symlink_to(Path(sys.executable))
        return tmp_path

    def verify(self, home: Path, *paths: Path) -> tuple[int, str]:
        """What systemd says of units for a user whose home this is."""
        environment = os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
        command = ["systemd-analyze", "verify", "--user", "--man=no", *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
        return done.returncode, done.stderr

    def test_systemd_understands_the_units(self, home: Path) -> None:
        assert self.verify(home, *UNITS) == (0, "")

    def test_systemd_would_tell_a_mistake(self, home: Path) -> None:
        for path in UNITS:
            text = path.read_text(encoding="utf-8").replace("ProtectHome", "ProtectHouse")
            (home / path.name).write_text(text, encoding="utf-8")
        assert "ProtectHouse" in self.verify(home, *(home / path.name for path in UNITS))[1]


def test_the_image_copies_what_exists_and_ignores_the_rest() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    copied = [source for each in all_of("COPY") if "from" not in each.flags for source in each.rest.split()[:-1]]
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied)


def test_the_image_has_what_the_package_is_built_from() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    copied = " ".join(each.rest for each in all_of("COPY"))
    for name in (re.search(r'^readme = "(.*)"', text, re.MULTILINE), re.search(r'license-files = \["(.*)"\]', text)):
        assert name is not None
        assert name[1] in copied


def test_the_image_is_of_stages_and_runs_as_nobody_special() -> None:
    words = [each.word for each in instructions()]
    assert words.count("FROM") == 2
    stages = {each.rest.split(" AS ")[1] for each in all_of("FROM") if " AS " in each.rest}
    assert {each.flags["from"] for each in all_of("COPY") if "from" in each.flags} == stages
    assert all_of("USER")[-1].rest.split(":")[0] not in {"0", "root"}
    assert words.index("USER") < words.index("ENTRYPOINT")
    environment = dict(pair.split("=", 1) for pair in all_of("ENV")[-1].rest.split())
    assert environment["ESSENTIALIST_CATALOG"].startswith(all_of("VOLUME")[0].rest + "/")


def test_the_compose_file_mounts_music_read_only_and_the_image_s_volume() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert re.search(r'^      - "\$\{MUSIC:\?.*\}:/music:ro"$', text, re.MULTILINE)
    assert f"- data:{all_of('VOLUME')[0].rest}\n" in text
    entry = re.search(r'^    entrypoint: \["(.*)"\]$', text, re.MULTILINE)
    assert entry
    assert any(each.rest.endswith(f"/{entry[1]}") for each in all_of("COPY"))
    dockerfile = re.search(r"^      dockerfile: (.*)$", text, re.MULTILINE)
    assert dockerfile
    assert (ROOT / dockerfile[1]).exists()


def test_the_night_analyses_and_stops_when_it_is_told(collection: Collection, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.db"
    (tmp_path / "essentialist").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m essentialist "$@"\n')
    (tmp_path / "essentialist").chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "ESSENTIALIST_CATALOG": str(catalog),
        "ESSENTIALIST_WORKERS": "1",
    }
    night = Command(
        subprocess.Popen(
            ["sh", NIGHTLY, collection.music / "Beats"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
    )
    night.until(lambda: n_tracks(catalog) == 3)
    night.process.send_signal(signal.SIGTERM)
    code, _, err = night.end()
    assert code == 0, err


def test_a_night_at_no_time_is_refused_at_once(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "NIGHTLY_AT": "teatime-ish"}
    done = subprocess.run(["sh", NIGHTLY, tmp_path], env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert b"teatime-ish" in done.stderr


@pytest.mark.parametrize(
    "linter", [["hadolint", DEPLOY / "Dockerfile"], ["shellcheck", NIGHTLY]], ids=lambda each: each[0]
)
def test_linters_have_nothing_to_say(linter: list[str | Path]) -> None:
    if shutil.which(str(linter[0])) is None:
        pytest.skip(f"{linter[0]} is not here")
    done = subprocess.run(linter, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")
