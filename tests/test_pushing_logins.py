"""Logging in to servers: passwords that are wrong, missing, typed and kept."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import DEADLINE_S, PROGRAM, environment, read_some
from pushed import ONE
from stands import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from command_line import Answer
    from conftest import Collection
    from stands import Stand


def test_a_wrong_password_is_told_without_it(
    stand: Stand, push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "not the password")
    answer = push(stand.address, "Wrong", [ONE], "--debug")
    assert answer.code == 1
    assert "does not take this" in answer.err
    assert "not the password" not in answer.err + answer.out
    assert b"not the password".hex() not in answer.err


def test_without_a_password_the_variable_is_named(
    stand: Stand, push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    answer = push(stand.address, "Without", [ONE])
    assert answer.code == 1
    assert ("without a password" in answer.err) if stand.name == "mpd" else (VARIABLE in answer.err)


def test_on_a_terminal_the_password_is_asked_for_and_kept(
    running: Callable[[str], Stand], collection: Collection, own_catalog: Path, tmp_path: Path
) -> None:
    stand = running("subsonic")
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"{collection.music / ONE}\n")
    command = [*PROGRAM, "--catalog", str(own_catalog), "push", str(playlist), "--to", stand.address, "--as", "Typed"]
    kept = environment(
        PYTHON_KEYRING_BACKEND="keyring_in_file.Backend",
        KEYRING_FILE=str(tmp_path / "keyring.json"),
        PYTHONPATH=os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]),
        TERM="xterm",
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=kept, start_new_session=True, close_fds=True
    )
    os.close(theirs)
    shown = b""
    for question, reply in ((b"Password for ", stand.password), (b"in the keyring? [y/N]", "y")):
        while question not in shown:
            piece = read_some(ours)
            assert piece, shown
            shown += piece
        os.write(ours, f"{reply}\n".encode())
    shown += b"".join(iter(lambda: read_some(ours), b""))
    os.close(ours)
    assert process.wait(DEADLINE_S) == 0, shown
    assert stand.password.encode() not in shown
    assert b"Typed" in shown
    again = subprocess.run(command, capture_output=True, env=kept, timeout=DEADLINE_S, check=True)
    assert b'"Typed" unchanged' in again.stdout
