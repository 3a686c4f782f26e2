"""Names that FAT, exFAT and Windows take, and so does every other file system."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 150  # bytes; FAT takes 255 characters, others 255 bytes, and some car players far less

_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\ud800-\udfff\ufffe\uffff\u2028\u2029]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def safe(name: str, suffix: str = "") -> str:
    """A name of one folder or file, without what is not allowed; never empty, never longer than is good."""
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip()
    plain = plain.encode()[: LONGEST - len(suffix)].decode(errors="ignore").rstrip(". ") or "_"
    if _RESERVED.fullmatch(plain) or plain.startswith("."):
        plain = f"_{plain}"
    return plain + suffix


class Names:
    """Gives each file a name of its own; FAT does not tell `A` from `a`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, folder: str, stem: str, suffix: str) -> str:
        """A path that nobody has yet; a number in brackets tells apart."""
        number = 1
        while True:
            mark = f" ({number})" if number > 1 else ""
            name = safe(stem, mark + suffix)
            path = f"{folder}/{name}" if folder else name
            if path.casefold() not in self._taken:
                self._taken.add(path.casefold())
                return path
            number += 1
