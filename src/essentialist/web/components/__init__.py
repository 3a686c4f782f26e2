"""What runs in the browser: for each component a JavaScript file, a style sheet, and here how they are put together.

A component is plain JavaScript with one default export, see Streamlit's components v2; `elements.js`, `engine.js` and
`shared.css` stand before each. The engine (`window.essentialist`) is one object a browser tab: it plays, and components
talk to it and through it, without asking the server.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.scripts import loader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

HERE = Path(__file__).parent


def component(name: str, *parts: str) -> Callable[..., Any]:
    """The component whose files are `name`.js and `name`.css; its element has the class `name`.

    `parts` are what it shares with others: files that stand before its own.
    """
    names = (*parts, name)
    mount = st.components.v2.component(
        f"essentialist_{name}",
        html=f'<div class="{name}"></div>\n',
        css=_read("shared.css") + "".join(_read(f"{each}.css") for each in names if (HERE / f"{each}.css").exists()),
        js=loader("elements", "engine", *names),
    )

    def show(*, data: object = None, **others: Any) -> Any:
        return mount(data=[data], **others)  # in a dictionary Streamlit looks for tables, and loads pandas to know one

    return show


def listeners(key: str, on: Mapping[str, Callable[[object], None]]) -> dict[str, Callable[[], None]]:
    """What a component at this key takes so that `on` is told, by their names, of its values before the next run.

    A value that is read from the component's result is lost when a run is broken off before it comes there.
    """

    def told(name: str, listener: Callable[[object], None]) -> Callable[[], None]:
        return lambda: listener(getattr(st.session_state[key], name))

    return {f"on_{name}_change": told(name, listener) for name, listener in on.items()}


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
