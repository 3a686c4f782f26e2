"""What is wrong with playlist files, for people and for programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from essentialist.cli._output import note, opened, print_json, printable, shown_path
from essentialist.playlist_files import spoken
from essentialist.playlist_files.checking import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from essentialist.playlist_files.checking import Checked, Finding

N_SHOWN = 20  # findings that are printed of one list


def check_files(files: Iterable[Path], *, as_json: bool) -> int:
    """Check playlists and print what is wrong; the exit code, 1 where anything is."""
    checked = opened().check(*files)
    if as_json:
        print_json([as_row(each) for each in checked])
    else:
        for each in checked:
            tell(each)
    return 1 if any(each.wrong for each in checked) else 0


def tell(checked: Checked) -> None:
    """A list in a line, and what is wrong with it."""
    states = Counter(finding.state for finding in checked.findings)
    told = ", ".join(f"{n:,} {state}" for state, n in states.items()) or "empty"
    click.echo(f"{shown_path(checked.file.path)}: {n_entries(len(checked.findings))}: {told}")
    tell_wrong(checked.wrong)


def tell_wrong(wrong: tuple[Finding, ...]) -> None:
    """The first entries that are wrong, and why."""
    for finding in wrong[:N_SHOWN]:
        note(f"  {finding.state}: {printable(spoken(finding.entry))}: {MEANINGS[finding.state]}")
    if len(wrong) > N_SHOWN:
        note(f"  and {len(wrong) - N_SHOWN:,} more; --json lists them all")


def n_entries(n: int) -> str:
    """A number of entries."""
    return f"{n:,} {'entry' if n == 1 else 'entries'}"


def as_row(checked: Checked) -> dict[str, object]:
    """A list for programs."""
    return {
        "path": str(checked.file.path),
        "wrong": len(checked.wrong),
        "entries": [finding_row(finding) for finding in checked.findings],
    }


def finding_row(finding: Finding) -> dict[str, object]:
    """An entry for programs."""
    return {"location": finding.entry.location, "state": finding.state, "path": finding.path}
