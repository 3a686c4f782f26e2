"""Check that everything needed is here and works."""

from __future__ import annotations

import click

from essentialist.cli._output import printable, settings
from essentialist.diagnosis import Finding, diagnose
from essentialist.web.reaching import reach

MARKS = {"good": "ok  ", "warning": "note", "bad": "BAD "}


@click.command(epilog="\b\nExamples:\n  essentialist doctor\n  essentialist doctor --url https://music.example.org/")
@click.option("--url", metavar="URL", help="Check instead whether the studio can be reached at this address.")
def command(url: str | None) -> int:
    """Check the decoder, the algorithms, the network and the catalogue; says what to do about what is wrong."""
    worst = 0
    for finding in diagnose(settings()) if url is None else reach(url):
        click.echo(line(finding))
        worst = max(worst, int(finding.verdict == "bad"))
    return worst


def line(finding: Finding) -> str:
    """A finding in a line."""
    return f"{MARKS[finding.verdict]}  {finding.subject}: {printable(finding.what)}"


COMMAND = command
