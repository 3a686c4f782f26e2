"""A keyring that keeps passwords in the file that KEYRING_FILE names, as the tests need one."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.compat import properties


class Backend(KeyringBackend):
    """Everything in one JSON file."""

    @properties.classproperty
    def priority(self) -> float:
        """None where there is no such file: nobody else is to find this keyring."""
        if "KEYRING_FILE" not in os.environ:
            raise RuntimeError("KEYRING_FILE names no file")
        return 9

    def get_password(self, service: str, username: str) -> str | None:
        """What was kept."""
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        Path(os.environ["KEYRING_FILE"]).write_text(json.dumps({**self._kept(), f"{service} {username}": password}))

    def _kept(self) -> dict[str, str]:
        file = Path(os.environ["KEYRING_FILE"])
        return dict(json.loads(file.read_text())) if file.exists() else {}
