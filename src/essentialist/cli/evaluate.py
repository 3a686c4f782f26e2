"""Compare what was measured with a ground truth: MusAV, known tempi, known keys, the quality of playlists."""

from __future__ import annotations

import os
from pathlib import Path

import click

from essentialist.cli import shared_options
from essentialist.cli._output import json_option, note, opened, print_json, print_mapping, print_table
from essentialist.evaluation import Cell, Evaluation, Report, Table, evaluations
from essentialist.predictions import CatalogPredictions, read_predictions

EPILOG = """\b
Examples:
  essentialist evaluate musav musav-dataset/data/annotations
  essentialist evaluate musav annotations --predictions other.tsv
  essentialist evaluate tempo tempo.json --json
  essentialist evaluate playlists ~/Music
The figures are explained in docs/evaluation.md.
"""


@click.group(epilog=EPILOG)
def command() -> None:
    """Compare what was measured with a ground truth.

    Predictions are those of the catalogue, by the path of a file, or those of a table with a column of file names.
    """


def command_for(evaluation: Evaluation) -> click.Command:
    """The command that runs an evaluation."""
    default = Path(os.sep) if evaluation.truth.startswith("[") else None

    @click.command(evaluation.name, help=evaluation.summary)
    @click.argument(
        "truth",
        metavar=evaluation.truth,
        type=click.Path(path_type=Path),
        required=default is None,
        default=default,
    )
    @click.option(
        "--predictions",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Evaluate this .tsv, .csv, .json or .jsonl file instead of the catalogue.",
    )
    @json_option
    def run(truth: Path, predictions: Path | None, as_json: bool) -> None:
        chosen = read_predictions(predictions) if predictions else CatalogPredictions(opened())
        report = evaluation.evaluate(truth, chosen)
        if as_json:
            print_json(report.document())
        else:
            print_report(report)

    run.params += shared_options()
    return run


def print_report(report: Report) -> None:
    """Print figures and tables for people; what to know about them goes to stderr."""
    print_mapping({name.replace("_", " "): cell(value) for name, value in report.figures.items()})
    for table in report.tables:
        if table.rows:
            click.echo(f"\n{table.name}")
            print_table(headings(table), ([cell(value) for value in row] for row in table.rows))
    for each in report.notes:
        note(each)


def headings(table: Table) -> list[str]:
    """The headings of a table; those of numbers end in a blank."""
    columns = zip(*table.rows, strict=True)
    return [
        name if any(isinstance(value, str) for value in column) else f"{name} "
        for name, column in zip(table.columns, columns, strict=True)
    ]


def cell(value: Cell) -> str:
    """A value as text: shares and the like with three decimals, nothing for None."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


for each in evaluations().values():
    command.add_command(command_for(each))

COMMAND = command
