"""Check that everything needed is here and works."""

from __future__ import annotations

import click

from essentialist.cli._output import settings
from essentialist.diagnosis import Finding, diagnose

MARKS = {"good": "ok  ", "warning": "note", "bad": "BAD "}


@click.command()
def command() -> int:
    """Check the decoder, the algorithms, the network and the catalogue; says what to do about what is wrong."""
    worst = 0
    for finding in diagnose(settings()):
        click.echo(line(finding))
        worst = max(worst, int(finding.verdict == "bad"))
    return worst


def line(finding: Finding) -> str:
    """A finding in a line."""
    return f"{MARKS[finding.verdict]}  {finding.subject}: {finding.what}"


COMMAND = command
