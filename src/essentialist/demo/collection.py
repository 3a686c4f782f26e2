"""The demo collection on disk: Artist/Album/NN Title.ext, and the truth about it in `pieces.json`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from essentialist.demo import Piece, RenderedPiece, encoding
from essentialist.demo.pieces import PIECES
from essentialist.demo.rendering import render
from essentialist.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TRUTH = "pieces.json"
PART = ".part"  # the suffix of a file that is not finished


def write_collection(folder: Path, *, on_piece: Callable[[Piece], None] | None = None) -> tuple[RenderedPiece, ...]:
    """Render the demo collection into `folder` and say what lies where.

    A file that is there is complete, and is kept: an interrupted call goes on where it stopped. `on_piece` hears of
    every piece whose file is there. `pieces.json` lists file (below `folder`), bpm, source, key and scale.

    Raises
    ------
    CollectionError
        When the folder cannot be written to.
    """
    rendered = tuple(RenderedPiece(piece, folder / location(piece)) for piece in PIECES)
    try:
        for entry in rendered:
            if not entry.path.exists():
                write_piece(entry)
            if on_piece:
                on_piece(entry.piece)
        write_truth(folder, rendered)
    except OSError as error:
        reason = error.strerror or error
        raise CollectionError(f"Cannot write to {folder}: {reason}. Choose another folder or make room.") from error
    return rendered


def location(piece: Piece) -> str:
    """Where the file of a piece lies below the collection's folder."""
    return f"{piece.artist}/{piece.album}/{piece.track_number:02d} {piece.title}{piece.suffix}"


def write_piece(entry: RenderedPiece) -> None:
    """Render one piece; its file appears under its name only when it is complete."""
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = entry.path.with_name(entry.path.name + PART)
    try:
        encoding.write(unfinished, render(entry.piece), entry.piece)
        os.replace(unfinished, entry.path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_truth(folder: Path, rendered: tuple[RenderedPiece, ...]) -> None:
    """Write the tempo and key of every file."""
    rows = [
        {
            "file": entry.path.relative_to(folder).as_posix(),
            "bpm": entry.piece.bpm,
            "source": f"essentialist demo: {entry.piece.style}",
            "key": entry.piece.key,
            "scale": entry.piece.scale,
        }
        for entry in rendered
    ]
    unfinished = folder / (TRUTH + PART)
    unfinished.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(unfinished, folder / TRUTH)
