"""Files that could not be read or measured, and why."""

from __future__ import annotations

from dataclasses import asdict

import click

from essentialist.cli._output import json_option, opened, print_json, print_table


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List the files that failed, with the stage, the reason and how often they were tried."""
    failures = opened().catalog.failures()
    if as_json:
        print_json([{**asdict(failure), "path": str(failure.path)} for failure in failures])
    elif not failures:
        click.echo("Nothing failed.")
    else:
        print_table(
            ("file", "stage", "tries ", "reason"),
            ((str(each.path), each.stage, str(each.attempts), each.reason) for each in failures),
        )


COMMAND = command
