"""Texts of tags and files, hostile as they are, for places where Streamlit reads Markdown."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!$:|~<>^&])")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def readable(text: str) -> str:
    """The text in a line; bytes of a file name that are not UTF-8 become "?"."""
    return _CONTROLS.sub(" ", text).encode(errors="replace").decode()


def shortened(text: str, most: int) -> str:
    """The text, or its beginning with "…" where it has more characters than `most`."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def plain(text: str) -> str:
    """The text so that Markdown shows it as it is: no format, no link, no formula, no colour, no icon."""
    return _MARKS.sub(r"\\\1", readable(text))
