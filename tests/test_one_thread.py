"""Linear algebra keeps to one thread on the command line, unless the environment says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from essentialist.one_thread import VARIABLES

SHOWN = "import os; from essentialist.cli import main\ntry: main(['--version'])\nfinally: print(os.environ[{name!r}])"


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize(("given", "there"), [(None, "1"), ("3", "3")])
def test_one_thread_unless_told_otherwise(name: str, given: str | None, there: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != name} | ({name: given} if given else {})
    shown = subprocess.run(
        [sys.executable, "-c", SHOWN.format(name=name)], env=environment, capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines()[-1] == there
