"""What `like` and `dislike` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from essentialist.cli._output import opened
from essentialist.recipes.naming import shown

if TYPE_CHECKING:
    from collections.abc import Sequence


def judge(names: Sequence[str], liked: bool | None, verb: str) -> None:
    """Keep a judgement on tracks, all or none of them, and say so."""
    library = opened()
    tracks = [library.track(name) for name in names]
    library.judge(*tracks, liked=liked)
    for track in tracks:
        click.echo(f"{verb} {shown(track)}")
