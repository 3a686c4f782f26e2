"""Write tempo, key, mood and energy into the files' tags, or take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from essentialist.cli._counting import Counting
from essentialist.cli._output import json_option, note, opened, print_json
from essentialist.cli._tagging import print_rows, print_runs, row_of, summary, unsaid
from essentialist.errors import TaggingError
from essentialist.tagging import FIELDS, fields_of
from essentialist.tagging.undoing import tag_runs, undo_tags
from essentialist.tagging.wanting import NOTATIONS, Wanted
from essentialist.tagging.writing import write_tags

if TYPE_CHECKING:
    from essentialist.library import Library
    from essentialist.tagging import TagField
    from essentialist.tagging.writing import Tagged

LAST = "last"
WHY_UNSAID = {
    "bpm": "known of none of these tracks, or not surely enough: see --min-confidence.",
    "key": "known of none of these tracks.",
    "mood": "known of none of these tracks, or likely enough: `essentialist models` tells which heads give moods.",
    "energy": "known of none of these tracks, or only estimated: see --estimates.",
}

EPILOG = """\b
Examples:
  essentialist tag --write bpm,key
  essentialist tag "genre:techno" --write bpm,key --key-as camelot --apply
  essentialist tag --list
  essentialist tag --undo --apply
"""


def which_fields(context: click.Context, parameter: click.Parameter, text: str | None) -> tuple[TagField, ...] | None:
    """The fields after --write."""
    try:
        return None if text is None else fields_of(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}; choose among {','.join(FIELDS)}.") from error


def which_run(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """The run after --undo."""
    if text is None or text == LAST or text.isdecimal():
        return text
    raise click.BadParameter(f"{text!r} is no number of a run; `essentialist tag --list` shows them.")


@click.command(epilog=EPILOG)
@click.argument("query", default="")
@click.option("--write", "fields", metavar="FIELDS", callback=which_fields, help=f"Some of {','.join(FIELDS)}.")
@click.option("--apply", is_flag=True, help="Do it; without this option files are read and none is written.")
@click.option("--replace", is_flag=True, help="Also where a file says something else already.")
@click.option(
    "--key-as", "notation", type=click.Choice(NOTATIONS), default="standard", show_default=True, help="Am, 8A or 1m."
)
@click.option(
    "--bpm-decimals",
    metavar="N",
    type=click.IntRange(0, 2),
    default=0,
    show_default=True,
    help="Digits after the point.",
)
@click.option(
    "--min-confidence",
    metavar="P",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Leave out a tempo that is less likely right.",
)
@click.option("--estimates", is_flag=True, help="Also an energy that is only estimated.")
@click.option("--keep-time", is_flag=True, help="Leave the files' time of change as it is.")
@click.option(
    "--undo",
    "run",
    metavar="[RUN]",
    is_flag=False,
    flag_value=LAST,
    callback=which_run,
    help="Take back what a run wrote, or the last one.",
)
@click.option("--list", "listing", is_flag=True, help="List earlier runs.")
@json_option
def command(
    query: str, run: str | None, listing: bool, apply: bool, as_json: bool, keep_time: bool, **given: Any
) -> int:
    """Write what was measured of the tracks that QUERY holds for into the tags of their files.

    Without --apply it only prints what would be written. Each file is changed in a copy, which has to sound the same
    and say all else as before, and takes the file's place at once. What the tags were is kept: --undo gives it back.
    The exit code is 1 where --apply had to leave a file as it is.
    """
    library = opened()
    if query and (listing or run is not None):
        raise click.UsageError("A QUERY goes with --write only: a run is listed and taken back as a whole.")
    if listing:
        print_runs(tag_runs(library.catalog), as_json=as_json)
        return 0
    fields = given.pop("fields")
    if (fields is None) == (run is None):
        raise click.UsageError("Say what to --write, such as bpm,key, or --undo a run; --list shows them.")
    with Counting("tagging" if apply else "reading tags") as counting:
        if run is not None:
            number = None if run == LAST else int(run)
            done = undo_tags(library.catalog, number, apply=apply, keep_time=keep_time, progress=counting)
        else:
            wanted = Wanted(fields, keep_time=keep_time, **given)
            done = write_tags(library.catalog, chosen(library, query), wanted, apply=apply, progress=counting)
            for field in unsaid(done, fields):
                note(f"{field}: {WHY_UNSAID[field]}")
    tell(done, undoing=run is not None, apply=apply, as_json=as_json)
    if done.stopped_by:
        note("stopped; what was finished is kept")
        return 128 + done.stopped_by
    return 1 if apply and done.count("left") else 0


def chosen(library: Library, query: str) -> Any:
    """The tracks to write to; TaggingError where there are none."""
    tracks = library.tracks(query)
    if not tracks:
        raise TaggingError(f"No track matches `{query}`." if query.strip() else "The catalogue holds no tracks yet.")
    return tracks


def tell(done: Tagged, *, undoing: bool, apply: bool, as_json: bool) -> None:
    """What became of the files, or would."""
    if as_json:
        print_json(
            {
                "applied": apply,
                "run": done.run,
                "files": [row_of(row) for row in done.rows],
            }
        )
        return
    print_rows(done.rows, undoing=undoing)
    note(summary(done, undoing=undoing))
    if not apply and done.count("to write"):
        note("Nothing was written: say --apply to do it.")


COMMAND = command
