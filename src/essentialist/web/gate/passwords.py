"""The studio's password: stored hashed, in a file that only its owner reads."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from essentialist.atomic import replacement
from essentialist.errors import SettingsError

SHORTEST = 8
COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
"""Of scrypt (RFC 7914): 32 MiB and about a tenth of a second a guess."""


@dataclass(frozen=True, slots=True)
class Password:
    """A password that cannot be read; `key` signs the tickets of those who knew it, and changes with it."""

    salt: bytes
    hashed: bytes
    key: bytes

    @classmethod
    def of(cls, text: str) -> Password:
        """Hash a password; SettingsError for one that is too short."""
        if len(text) < SHORTEST:
            raise SettingsError(f"The password has {len(text)} characters: give at least {SHORTEST}.")
        salt = secrets.token_bytes(16)
        return cls(salt, _hash(text, salt), secrets.token_bytes(32))

    def matches(self, text: str) -> bool:
        """Whether this is the password; it takes a tenth of a second either way."""
        return hmac.compare_digest(_hash(text, self.salt), self.hashed)


def _hash(text: str, salt: bytes) -> bytes:
    return hashlib.scrypt(text.encode("utf-8", "surrogatepass"), salt=salt, **COST)


def usual_file() -> Path:
    """Where the password is kept."""
    return Path(platformdirs.user_config_dir("essentialist")) / "studio-password.json"


def store(password: Password, file: Path) -> None:
    """Keep a password in place of the one before."""
    document = {name: getattr(password, name).hex() for name in ("salt", "hashed", "key")}
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacement(file) as written:
        os.fchmod(written.fileno(), stat.S_IRUSR | stat.S_IWUSR)
        written.write(json.dumps(document).encode())


def stored(file: Path) -> Password | None:
    """The password that was set, None where none was; SettingsError where the file is not one of ours."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return Password(*(bytes.fromhex(document[name]) for name in ("salt", "hashed", "key")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"Cannot read the password in {file}: set it again with `essentialist web --set-password`."
        ) from error
