"""What tests of pushing share: servers that run, a catalogue to write to, and a list that is pushed."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING

import keyring.backends.fail
import keyring.core
import pytest

from command_line import Here
from stands import STANDS, VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from command_line import Answer
    from conftest import Collection
    from stands import Stand

ONE, TWO, THREE = "Beats/01 One.flac", "Beats/02 Two.mp3", "Beats/03 Three #3.ogg"


@pytest.fixture(scope="session")
def running(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Stand]]:
    """Starts each server when it is first asked for; they have the music but the untagged, in another folder."""
    music = tmp_path_factory.mktemp("there") / "Music"
    shutil.copytree(collection.music, music, ignore=shutil.ignore_patterns("untagged*", "damaged*"))
    with ExitStack() as stack:
        started: dict[str, Stand] = {}

        def start(name: str) -> Stand:
            if name not in started:
                started[name] = stack.enter_context(STANDS[name](music, tmp_path_factory.mktemp(name)))
            return started[name]

        yield start


@pytest.fixture(params=list(STANDS))
def stand(request: pytest.FixtureRequest, running: Callable[[str], Stand], monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Every server in turn, with its password in the environment."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = running(request.param)
    monkeypatch.setenv(VARIABLE, server.password)
    return server


@pytest.fixture
def own_catalog(collection: Collection, tmp_path: Path) -> Path:
    """A catalogue of the collection to write to."""
    for file in collection.catalog.parent.glob(f"{collection.catalog.name}*"):
        shutil.copy(file, tmp_path)
    return tmp_path / collection.catalog.name


@pytest.fixture
def push(
    own_catalog: Path,
    collection: Collection,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Answer]:
    """Pushes a playlist file of these paths under a title; no keyring is asked."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.backends.fail.Keyring())
    here = Here(own_catalog, capsys)

    def run(address: str, title: str, paths: list[str], *options: str) -> Answer:
        file = tmp_path / "list.m3u8"
        file.write_bytes(b"".join(os.fsencode(collection.music / path) + b"\n" for path in paths))
        return here("push", str(file), "--to", address, "--as", title, *options)

    return run
