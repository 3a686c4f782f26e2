"""The components' scripts: served once under an address that names their content, and kept by the browser for good.

Streamlit sends whatever a component is made of with every change of its data. So what it sends is a line that loads the
script from here, which at 100,000 tracks is a third of what a change of the filter would weigh.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("components")
_NAMES: Final = re.compile(r"[a-z_]+(?:\+[a-z_]+)*")
_LOADER: Final = """\
export default function (component) {
  const script = document.querySelector('script[src*="static/js/"]');
  const root = script ? script.src.split("/static/js/")[0] : location.origin;
  let ended = false, end = null;
  const loading = import(`${root}/api/@ADDRESS@`);
  loading.then((loaded) => { if (!ended) end = loaded.default({ ...component, data: component.data[0] }); });
  return () => { ended = true; end?.(); };
}
"""


@cache
def script(names: str) -> str | None:
    """The script of files that "+" joins; None where one of them is no component's."""
    files = [FOLDER / f"{name}.js" for name in names.split("+")] if _NAMES.fullmatch(names) else []
    if not files or not all(file.is_file() for file in files):
        return None
    return "".join(file.read_text(encoding="utf-8") for file in files)


def seal(text: str) -> str:
    """A name of a text's content."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def loader(*names: str) -> str:
    """What loads the script of these files and then does as it does."""
    joined = "+".join(names)
    return _LOADER.replace("@ADDRESS@", f"script/{seal(script(joined) or '')}/{joined}.js")
