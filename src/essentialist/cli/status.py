"""What the catalogue holds: counts, folders, descriptors."""

from __future__ import annotations

import click

from essentialist import __version__
from essentialist.cli._output import json_option, minutes, opened, print_json, print_mapping, print_table


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Count what was analysed, and how many tracks have a value of each descriptor.

    The music itself is not looked at: `found` counts what the catalogue knows, `skipped` the files that were gone at
    the latest analysis.
    """
    library = opened()
    status = library.catalog.status()
    descriptors = library.descriptors()
    if as_json:
        print_json(
            {
                "found": status.found,
                "analysed": status.analysed,
                "unchanged": status.unchanged,
                "duplicates": status.duplicates,
                "failed": status.failed,
                "skipped": status.skipped,
                "catalog": str(library.catalog.path),
                "version": __version__,
                "folders": list(status.roots),
                "duration": status.duration,
                "descriptors": status.descriptors,
            }
        )
        return
    print_mapping(
        {
            "catalogue": library.catalog.path,
            "folders": ", ".join(status.roots) or "none yet",
            "tracks": f"{status.analysed:,}, {minutes(status.duration)} of music",
            "files": f"{status.found:,} known: {status.duplicates:,} duplicates, {status.failed:,} failed,"
            f" {status.skipped:,} gone",
        }
    )
    click.echo()
    print_table(
        ("descriptor", "tracks ", "unit", "what it is"),
        (
            (each.name, f"{status.descriptors.get(each.name, 0):,}", each.unit, explained(each.help, each.estimate))
            for each in descriptors
        ),
    )


def explained(help_text: str, is_estimate: bool) -> str:
    """A descriptor's explanation, an estimate named as such."""
    return f"{help_text} (an estimate)" if is_estimate else help_text


COMMAND = command
