"""What a browser remembers of its own for the next visit, such as where the music lies on this device."""

from __future__ import annotations

from typing import Any

from essentialist.web.components import component

_memo = component("memo")
LONGEST = 20_000  # characters of what is remembered by one name


def memo(name: str, value: dict[str, str] | None) -> dict[str, str]:
    """Remember a value, or tell what was remembered where there is none; the browser may have given it anything."""
    told: Any = _memo(key=f"memo.{name}", data={"name": name, "value": value}, on_value_change=lambda: None).value
    found = value if value is not None else told
    return {str(key): str(each)[:LONGEST] for key, each in found.items()} if isinstance(found, dict) else {}
