"""Write all descriptors to a table, one row a track."""

from __future__ import annotations

from pathlib import Path

import click

from essentialist.cli._output import opened, said_of


@click.command(epilog='\b\nExamples:\n  essentialist export music.csv\n  essentialist export piano.parquet "tag:piano"')
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("query", default="")
@click.option("--force", is_flag=True, help="Overwrite a file of another format.")
def command(file: Path, query: str, force: bool) -> None:
    """Write the tracks that QUERY holds for, or all, to FILE: .csv, .json, .jsonl or .parquet.

    One row a track with its path, tags and descriptors; what is not known is left empty.
    """
    report = opened().export_table(file, query, force=force)
    click.echo(said_of(report))


COMMAND = command
