"""What the documentation says is so: links resolve, commands exist, examples run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from command_line import DEADLINE_S, environment
from essentialist import cli, exports
from essentialist.choosing.ordering import ORDERS
from essentialist.descriptors import extractors
from essentialist.measures import measures
from essentialist.playlists import ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Collection

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "essentialist"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
COMMANDS_PAGE = ROOT / "docs" / "command-line.md"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^`src/essentialist/([\w/]+\.py)`.*?^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@cache
def page(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def names_of_commands() -> list[str]:
    return cli.essentialist.list_commands(click.Context(cli.essentialist))


def command_named(name: str) -> click.Command:
    command = cli.essentialist.get_command(click.Context(cli.essentialist), name)
    assert command is not None
    return command


def with_subcommands(command: click.Command) -> Iterator[click.Command]:
    """A command and, of a group, those in it."""
    yield command
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from with_subcommands(each)


def section(name: str) -> str:
    """What the page of commands says of one."""
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", page(COMMANDS_PAGE), re.MULTILINE | re.DOTALL)
    assert found, f"docs/command-line.md has no section {name}"
    return found[1]


def typed_commands() -> Iterator[tuple[Path, str]]:
    """Every line of a console block that calls essentialist."""
    for path in PAGES:
        for kind, block in BLOCK.findall(page(path)):
            if kind == "console":
                yield from ((path, line[2:]) for line in block.splitlines() if line.startswith("$ essentialist"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_inside_resolves(path: Path) -> None:
    for target in LINK.findall(page(path)):
        if "://" not in target and not target.startswith("#"):
            file, _, anchor = target.partition("#")
            assert (path.parent / file).exists(), target
            if anchor:
                headings = re.findall(r"^#+ (.*)$", page(path.parent / file), re.MULTILINE)
                assert anchor in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_the_index_names_every_page() -> None:
    index = page(ROOT / "docs" / "README.md")
    assert [path.name for path in PAGES if path.parent.name == "docs" and f"]({path.name})" not in index] == [
        "README.md"
    ]


@pytest.mark.parametrize("name", names_of_commands())
def test_every_command_and_option_is_documented(name: str) -> None:
    text = section(name) + page(COMMANDS_PAGE).partition("\n## ")[0]
    assert f"$ essentialist {name}" in section(name)
    for command in with_subcommands(command_named(name)):
        if command.name not in {name, "command"}:
            assert f"$ essentialist {name} {command.name}" in section(name)
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                for spelled in (*parameter.opts, *parameter.secondary_opts):
                    assert f"`{spelled}" in text, f"{name} {spelled}"


def test_every_descriptor_is_documented() -> None:
    everything = "".join(map(page, PAGES))
    names = [descriptor.name for extractor in extractors() for descriptor in extractor.outputs]
    assert names
    assert [name for name in names if f"`{name}`" not in everything] == []


def test_every_way_order_and_format_is_documented() -> None:
    playlists, formats = page(ROOT / "docs" / "playlists.md"), page(ROOT / "docs" / "export.md")
    assert [name for name in [*ways(), *ORDERS, *measures()] if f"`{name}`" not in playlists] == []
    suffixes = [each.suffix for each in exports.exporters()] + [each.suffix for each in exports.tables()]
    assert [suffix for suffix in suffixes if f"`{suffix}`" not in formats] == []


@pytest.mark.parametrize(("path", "line"), list(typed_commands()), ids=lambda part: getattr(part, "name", part))
def test_typed_commands_are_commands(path: Path, line: str) -> None:
    _, name, *words = shlex.split(line, comments=True)
    command, parent = command_named(name), click.Context(cli.essentialist)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        parent = click.Context(command, info_name=name, parent=parent)
        name, *words = words
        found = command.get_command(parent, name)
        assert found is not None, f"{path.name}: there is no {name}"
        command = found
    command.make_context(name, words, parent=parent)  # raises click.UsageError for what it does not know


def test_the_program_in_python_runs(collection: Collection, tmp_path: Path) -> None:
    program = max(
        (code for kind, code in BLOCK.findall(page(ROOT / "docs" / "python.md")) if kind == "python"), key=len
    )
    (tmp_path / "program.py").write_text(program)
    shutil.copytree(collection.music / "Beats", tmp_path / "music")
    catalog = tmp_path / "catalog.db"
    done = subprocess.run(
        [sys.executable, "program.py", "music", str(catalog)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(),
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "3 files, 3 analysed, 0 failed"
    assert re.fullmatch(r"Two: \d+ BPM, D major", lines[1])
    assert sum(line.startswith("  like ") for line in lines) == 2
    for title, n_tracks in {"calm": 3, "alike": 2, "path": 3}.items():  # nobody is alike and unlike
        assert f"{title}.m3u8: {n_tracks} tracks" in lines
        assert (tmp_path / f"{title}.m3u8").read_bytes().count(b"#EXTINF") == n_tracks


def test_the_readme_says_the_same_in_python() -> None:
    code = next(code for kind, code in BLOCK.findall(page(ROOT / "README.md")) if kind == "python")
    names = re.search(r"^from essentialist import (.*)$", code, re.MULTILINE)
    assert names
    checked = f"import essentialist as e; [getattr(e, name) for name in {names[1].split(', ')!r}]"
    subprocess.run([sys.executable, "-W", "error", "-c", checked], check=True, timeout=DEADLINE_S)
    compile(code, "README.md", "exec")


@pytest.fixture(scope="module")
def extended(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package that has every example of CONTRIBUTING.md, and music analysed by it."""
    folder = tmp_path_factory.mktemp("extended")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SOURCE, folder / "essentialist", ignore=ignored)
    for path, code in EXAMPLE.findall(page(ROOT / "CONTRIBUTING.md")):
        new = folder / "essentialist" / path
        assert not new.exists(), f"{path} is there already"
        new.write_text(code)
    shutil.copytree(collection.music / "Beats", folder / "music")
    analysed = extended_run(folder, "analyze", "music", "--json")
    assert json.loads(analysed)["analysed"] == 3
    return folder


def extended_run(folder: Path, *arguments: str) -> str:
    """Run a command of the extended package; what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "essentialist", "--catalog", "catalog.db", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(PYTHONPATH=os.fspath(folder)),
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_is_an_example_for_every_kind() -> None:
    added = [path.partition("/")[0] for path, _ in EXAMPLE.findall(page(ROOT / "CONTRIBUTING.md"))]
    assert sorted(added) == ["cli", "descriptors", "exports", "measures", "models", "playlists"]


def test_a_descriptor_is_added_in_one_file(extended: Path) -> None:
    rows = json.loads(extended_run(extended, "tracks", "crest:3..40", "--format", "json"))
    assert len(rows) == 3
    assert "crest" in extended_run(extended, "status")


def test_a_head_is_added_in_one_file(extended: Path) -> None:
    assert "moods_mirex-msd-musicnn-1" in extended_run(extended, "models")


def test_a_way_of_choosing_is_added_in_one_file(extended: Path) -> None:
    assert "--at-least" in extended_run(extended, "playlist", "--help")
    assert "8 s long" in extended_run(extended, "playlist", "--way", "longest", "--why")
    assert "8 s long" in extended_run(extended, "playlist", "--at-least", "5", "--why")


def test_a_measure_is_added_in_one_file(extended: Path) -> None:
    assert len(json.loads(extended_run(extended, "similar", "1", "--by", "length", "--format", "json"))) == 2
    assert "closest in sound and length to" in extended_run(
        extended, "playlist", "--like", "1", "--alike", "sound,length", "--why"
    )


def test_an_export_format_is_added_in_one_file(extended: Path) -> None:
    extended_run(extended, "playlist", "--length", "2", "-o", "two.lst")
    lines = (extended / "two.lst").read_text().splitlines()
    assert len(lines) == 2
    assert [line for line in lines if not line.startswith(("music/0", "file:///"))] == []


def test_a_command_is_added_in_one_file(extended: Path) -> None:
    assert extended_run(extended, "count", "artist:Metronomes") == "3\n"
    assert "Count the tracks that a query finds." in extended_run(extended, "--help")
