"""What the browser fetches before Streamlit's page asks for it.

Streamlit's scripts come in turns: only what the server sends of a page names the parts that draw it, and each part
names those that it needs. On a first visit each turn costs time in which nothing is seen. So the page's head names the
parts that every page of the studio has, with all that they need. They are found among Streamlit's files by what these
import: where another release has other files, there is less to fetch early, and nothing else changes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PARTS: Final = ("BidiComponent", "Button", "ButtonGroup", "Html", "PageLink", "Pagination", "TextInput")
"""What draws components, our style sheet and the usual widgets."""
_IMPORTED: Final = re.compile(r'\b(?:from|import)"\./([\w.-]+\.js)"')


def preloads(static: Path) -> str:
    """The lines of a head that fetch the parts' scripts; none where there are no such files."""
    links = [f'<link rel="modulepreload" crossorigin href="./static/js/{name}">\n' for name in scripts_of(static)]
    return "".join(links)


def scripts_of(static: Path) -> list[str]:
    """The parts' files and all that these import, without those that the page names itself."""
    folder = static / "static" / "js"
    try:
        known = set(re.findall(r"[\w.-]+\.js", (static / "index.html").read_text(encoding="utf-8")))
        found = [path.name for part in PARTS for path in sorted(folder.glob(f"{part}.*.js"))]
        for name in found:  # it grows: what is imported is looked through in its turn
            imported = _IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
            found += [each for each in dict.fromkeys(imported) if each not in known and each not in found]
    except OSError:
        return []
    return [name for name in found if name not in known]
