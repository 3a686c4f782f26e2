"""The shape of the code: who imports whom, how long things are, and that names say what they hold."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import essentialist

PACKAGE = "essentialist"
SOURCE = Path(essentialist.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
FOLDERS = ("src", "tests", "docs", "scripts", "benchmarks")

MAX_FILE = 300  # lines
MAX_FUNCTION = 60
MAX_ARGUMENTS = 6

ALLOWED = {  # which modules may import a library, also for its types
    "sqlite3": {"catalogue"},
    "av": {"sound", "copying.transcoding", "hearing.clipping", "demo.encoding", "diagnosis"},
    "essentia": {"sound.quiet_essentia"},
    "essentialist.sound.quiet_essentia": {"sound", "descriptors", "diagnosis", "evaluation"},
    "onnxruntime": {"networks.inference"},
    "soxr": {"sound.audio"},
    "mutagen": {"files", "tagging", "demo.encoding"},
    "pebble": {"workers"},
    "psutil": {"workers"},
    "distributed": {"crews.dask", "crews._on_dask_worker"},
    "click": {"cli"},
    "xml": {"exports._xml"},
    "rich": {"cli"},
    "streamlit": {"web.app", "web.serve", "web.telling", "web.visiting", "web.drafts", "web.pages", "web.components"},
    "starlette": {"web.serve", "web.addresses", "web.assets", "web.front_page", "web.gate", "web.routes"},
    "essentialist.cli": {"cli", "__main__"},
}
LAYERS = (  # the folders in CONTRIBUTING.md
    *("sound", "files", "networks", "choosing", "query", "words", "catalogue", "runs"),
    *("recipes", "playlist_files", "copying", "tagging", "servers", "hearing", "web"),
)
PURE = ("playlists", "measures", "choosing", "query", "words", "versions", "sorting", "camelot")
IMPURE = ("catalogue", "library", "runs", "settings", "sound")
"""What chooses and orders gets tracks and gives tracks; it asks no catalogue, reads no setting and opens no file."""


@dataclass(frozen=True, slots=True)
class Imports:
    """What a module imports when it runs, and what it imports only for types."""

    at_run_time: frozenset[str]
    for_types: frozenset[str]


def name_of(path: Path) -> str:
    """The module's name below the package: "cli._output", "cli" for its `__init__`, "" for the package's own."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def imports_of(path: Path) -> Imports:
    typed = {
        id(node)
        for branch in ast.walk(tree_of(path))
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for node in ast.walk(tree_of(path)):
        found[id(node) in typed].update(imported(node))
    return Imports(frozenset(found[False]), frozenset(found[True]))


def imported(node: ast.AST) -> set[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        below = {f"{node.module}.{alias.name}" for alias in node.names}
        return {each for each in below if is_module(each)} or {node.module}
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        return {each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return set()


def is_module(name: str) -> bool:
    """Whether a dotted name is a module of this package."""
    if not name.startswith(f"{PACKAGE}."):
        return False
    path = SOURCE.joinpath(*name.split(".")[1:])
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def is_in(name: str, place: str) -> bool:
    """Whether a module is another one or lies in it."""
    return name == place or name.startswith(f"{place}.")


@pytest.mark.parametrize("library", ALLOWED)
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    users = {
        name_of(path)
        for path in FILES
        for each in imports_of(path).at_run_time | imports_of(path).for_types
        if is_in(each, library)
    }
    assert users
    assert {user for user in users if not any(is_in(user, place) for place in ALLOWED[library])} == set()


def test_what_chooses_is_pure() -> None:
    wrong = {
        (name_of(path), each)
        for path in FILES
        if any(is_in(name_of(path), pure) for pure in PURE)
        for each in imports_of(path).at_run_time
        if any(is_in(each, f"{PACKAGE}.{impure}") for impure in IMPURE)
    }
    assert wrong == set()


def test_descriptors_know_recordings_and_nothing_above() -> None:
    above = ("catalogue", "runs", "analysis", "library", "playlists", "exports", "settings")
    wrong = {
        (name_of(path), each)
        for path in FILES
        if is_in(name_of(path), "descriptors")
        for each in imports_of(path).at_run_time
        if any(is_in(each, f"{PACKAGE}.{one}") for one in above)
    }
    assert wrong == set()


def imports_within(depth: int) -> dict[str, set[str]]:
    """Who imports whom when it runs, by the first parts of the names below the package."""

    def cut(name: str) -> str:
        return ".".join(name.split(".")[:depth])

    graph: dict[str, set[str]] = {}
    for path in FILES:
        inside = (each for each in imports_of(path).at_run_time if is_in(each, PACKAGE))
        others = {cut(each.removeprefix(PACKAGE).removeprefix(".")) for each in inside}
        graph.setdefault(cut(name_of(path)), set()).update(others - {cut(name_of(path))})
    return graph


@pytest.mark.parametrize("depth", [1, 2], ids=["folders", "files"])
def test_no_circle_of_imports(depth: int) -> None:
    try:
        TopologicalSorter(imports_within(depth)).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_a_folder_imports_only_what_stands_before_it() -> None:
    graph = imports_within(1)
    assert {
        (upper, lower) for place, upper in enumerate(LAYERS) for lower in graph[upper] if lower in LAYERS[place:]
    } == set()


def test_folders_are_two_deep_at_most_and_those_of_the_studio_three() -> None:
    deep = [path.relative_to(SOURCE).parts for path in FILES if len(path.relative_to(SOURCE).parts) > 2]
    assert [parts for parts in deep if parts[0] != "web" or len(parts) > 3] == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE
    assert ast.get_docstring(tree_of(path))
    assert not re.search(r"(?<![\w.])print\(", text)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_functions_are_short_and_take_few_arguments(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION, node.name
        if is_command(node):
            continue  # its arguments are the options that a person may give, each by name
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        assert len([each for each in arguments if each.arg not in {"self", "cls"}]) <= MAX_ARGUMENTS, node.name


def is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether click calls the function."""
    return any("command" in ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_all_is_true(path: Path) -> None:
    module = importlib.import_module(f"{PACKAGE}.{name_of(path)}".rstrip("."))
    names = getattr(module, "__all__", ())
    assert [name for name in names if not hasattr(module, name)] == []
    assert list(names) == sorted(set(names))


def test_the_api_is_what_the_types_say() -> None:
    typed = {alias.name for node in ast.walk(tree_of(SOURCE / "__init__.py")) for alias in imported_names(node)}
    assert set(essentialist.__all__) == typed
    assert set(essentialist.__all__) <= set(dir(essentialist))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        essentialist.nothing  # noqa: B018 - the access is the test


def imported_names(node: ast.AST) -> list[ast.alias]:
    """The names that a statement imports from this package."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
        return node.names
    return []


def test_files_name_no_machine() -> None:
    root = SOURCE.parents[1]
    machine = re.compile(r"(?<![\w.~])/(?:work|home/\w+|Users/\w+|root)/")
    texts = [
        path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in {".py", ".md", ".toml"}
    ]
    texts += [*root.glob("*.md"), root / "pyproject.toml", root / "Makefile"]
    assert [path for path in texts if machine.search(path.read_text(encoding="utf-8"))] == []
