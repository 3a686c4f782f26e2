"""A link to one of the studio's own answers, right below any address that a proxy shows it under."""

from __future__ import annotations

from essentialist.web.components import component

_link = component("link")


def link(label: str, path: str, *, key: str) -> None:
    """Place a link that downloads what the studio answers at a path below `api/`."""
    _link(key=key, data={"label": label, "path": path})
