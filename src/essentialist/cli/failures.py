"""List the files that could not be read, and why."""

from __future__ import annotations

from dataclasses import asdict

import click

from essentialist.cli._output import json_option, note, opened, print_json, printable, shown_path
from essentialist.human import counted


@click.command(epilog="\b\nExamples:\n  essentialist failures\n  essentialist failures --json | jq -r '.[].path'")
@json_option
def command(as_json: bool) -> None:
    """List the files that failed, one a line: the path, the reason, the stage and how often they were tried."""
    failures = opened().catalog.failures()
    if as_json:
        print_json([{**asdict(failure), "path": str(failure.path)} for failure in failures])
        return
    for each in failures:
        tries = "1 try" if each.attempts == 1 else f"{each.attempts} tries"
        click.echo(f"{shown_path(each.path)}: {printable(each.reason)} ({each.stage}, {tries})")
    if failures:
        note(f"{counted(len(failures), 'failure')}. `essentialist analyze --retry-failed` tries them again.")
    else:
        note("Nothing failed.")


COMMAND = command
