"""Files with their tags before and after, for people and for programs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from essentialist.cli._output import note, print_json, print_table, shown_path
from essentialist.cli._tables import Column
from essentialist.human import counted
from essentialist.tagging import FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.catalogue.tag_journal import TagRun
    from essentialist.tagging import TagField
    from essentialist.tagging.planning import Row, Said
    from essentialist.tagging.writing import Tagged


def print_rows(rows: Sequence[Row], *, undoing: bool) -> None:
    """The files that are or would be written, or were left; one that says all that already is only counted."""
    shown = [row for row in rows if row.fate != "same" or any(said.kept for said in row.said)]
    if not shown:
        return
    if undoing:
        columns = [Column("file", least=20), Column("tags", least=20), Column("fate"), Column("why", least=30)]
        print_table(columns, map(undone_cells, shown))
        return
    fields = [each for each in FIELDS if any(said.field == each for row in shown for said in row.said)]
    columns = [Column("file", least=20), *(Column(each, least=8) for each in fields), Column("note", least=16)]
    cells = []
    for row in shown:
        by_field = {said.field: cell(said) for said in row.said}
        cells.append([shown_path(row.path), *(by_field.get(each, "") for each in fields), row.reason])
    print_table(columns, cells)


def undone_cells(row: Row) -> tuple[str, str, str, str]:
    """One file of an undo, with what its tags were before."""
    fate = {"to write": "would be given back", "written": "given back"}.get(row.fate, "left as it is")
    tags = ", ".join(f"{name}: {'; '.join(values) or 'none'}" for name, values in row.puts.items())
    return shown_path(row.path), tags, fate, row.reason


def cell(said: Said) -> str:
    """A field as "127 → 128", "128" where there was none, or "127 (kept)"."""
    old, new = "; ".join(said.old), "; ".join(said.new)
    if said.kept:
        return f"{old} (kept)"
    return f"{old} → {new}" if old and old != new else new


def summary(done: Tagged, *, undoing: bool) -> str:
    """How many files had which fate."""
    verb = "given back their tags" if undoing else "written"
    parts = []
    if n_written := done.count("written"):
        parts.append(f"{counted(n_written, 'file')} {verb}")
    if n_planned := done.count("to write"):
        parts.append(f"{counted(n_planned, 'file')} would be {verb}")
    if n_same := done.count("same"):
        parts.append(f"{n_same:,} need nothing")
    if n_left := done.count("left"):
        parts.append(f"{n_left:,} left as they are")
    told = ", ".join(parts) or "No file"
    return f"{told}. `essentialist tag --undo {done.run}` takes it back." if n_written and not undoing else f"{told}."


def unsaid(done: Tagged, fields: Sequence[TagField]) -> list[TagField]:
    """The fields that were asked for and that there was nothing to say of."""
    if all(row.fate == "left" for row in done.rows):
        return []  # the reasons are told file by file
    return [field for field in fields if not any(said.field == field for row in done.rows for said in row.said)]


def row_of(row: Row) -> dict[str, Any]:
    """A file for programs."""
    return {
        "id": row.track_id,
        "path": str(row.path),
        "fate": row.fate,
        "fields": {said.field: {"old": list(said.old), "new": list(said.new), "kept": said.kept} for said in row.said},
        "tags": {name: list(values) for name, values in row.puts.items()},
        "reason": row.reason or None,
    }


def print_runs(runs: Sequence[TagRun], *, as_json: bool) -> None:
    """Earlier runs, the latest first."""
    if as_json:
        print_json(
            [
                {
                    "run": run.id,
                    "started": run.started,
                    "wrote": run.said,
                    "files": run.n_files,
                    "given_back": run.n_undone,
                }
                for run in runs
            ]
        )
        return
    if not runs:
        note("No tags were written yet.")
        return
    cells = (
        (
            str(run.id),
            time.strftime("%Y-%m-%d %H:%M", time.localtime(run.started)),
            run.said,
            f"{run.n_files:,}",
            f"{run.n_undone:,}",
        )
        for run in runs
    )
    print_table(["run ", "started", "wrote", "files ", "given back "], cells)
