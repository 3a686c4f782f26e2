"""In which line of a TOML text something stands: readers of TOML tell that only of what they cannot read."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*\[\[?\s*(?P<name>[^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*(?:"(?P<quoted>[^"]*)"|'(?P<literal>[^']*)'|(?P<bare>[\w-]+))\s*[=.]""")


def line_of(text: str, key: str, table: str = "") -> int | None:
    """The first line, from 1, that gives `key` in `table` ("" for the top) or begins the table `key`.

    Of a text in several lines that looks like TOML itself it may be a line too early; None where there is none.
    """
    within, dotted = "", f"{table}.{key}" if table else key
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _TABLE.match(line):
            within = head["name"].strip("\"'")
            if within == dotted:
                return number
        elif (found := _KEY.match(line)) and within == table and (found.group("quoted", "literal", "bare").count(key)):
            return number
    return None
