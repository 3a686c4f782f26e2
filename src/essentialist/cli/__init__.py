"""The command line: one command a file, and here what they share.

A module of this folder whose name has no leading underscore is a command: its `COMMAND`, its docstring's first line as
the summary. Commands are imported when they are called, so that `essentialist --help` need not wait for any of them.
`main` is the only place that turns errors into one line and an exit code: 1 for what went wrong, 2 for wrong usage.
"""

from __future__ import annotations

import ast
import difflib
import gc
import importlib
import io
import logging
import os
import pkgutil
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from essentialist import __version__
from essentialist.errors import EssentialistError
from essentialist.one_thread import prefer_one_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARED = ("catalog", "debug")
SIGNALLED = 128  # what shells add to a signal's number
INTERRUPTED = SIGNALLED + signal.SIGINT
STOPPED = "stopped; what was finished is kept"
MADE_BETWEEN = 50_000  # objects, between two looks for garbage; at Python's 700 they take a tenth of a start


def shared_options() -> list[click.Parameter]:
    """The options that go with every command."""
    return [
        click.Option(
            ["--catalog"],
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="The catalogue to use, before ESSENTIALIST_CATALOG and the usual one.",
            expose_value=False,
            callback=remember,
        ),
        click.Option(
            ["--debug"], is_flag=True, help="Show where an error came from.", expose_value=False, callback=remember
        ),
    ]


def remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep a shared option where every command finds it, whether it was given before the command or after."""
    if value and parameter.name:
        context.find_root().ensure_object(dict)[parameter.name] = value


def shared(name: str) -> object | None:
    """The value of a shared option in the command that runs."""
    values = cast("dict[str, object]", click.get_current_context().find_root().ensure_object(dict))
    return values.get(name)


class Commands(click.Group):
    """The commands of this folder, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the modules here."""
        return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command and give it the shared options."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = cast("click.Command", importlib.import_module(f"{__name__}.{cmd_name}").COMMAND)
        if not any(parameter.name in SHARED for parameter in command.params):
            command.params += shared_options()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a wrong one, name the nearest."""
        if args and self.get_command(ctx, args[0]) is None:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            ctx.fail(f'There is no command "{args[0]}".' + (f' Did you mean "{near[0]}"?' if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their summaries, which are read and not run."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(name)) for name in self.list_commands(ctx)])


def summary(command: str) -> str:
    """The first line of a command's docstring."""
    source = Path(__file__).with_name(f"{command}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


EPILOG = """\b
Examples:
  essentialist analyze ~/Music
  essentialist tracks "bpm:120..130 voice:<0.3" --sort -danceability
  essentialist playlist "piano" --length "60 min" -o evening.m3u8
"""


@click.group(
    cls=Commands, params=shared_options(), epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, "-V", "--version", message="essentialist %(version)s")
def essentialist() -> None:
    """Make playlists from the sound of your own music.

    Point `analyze` at a folder; every track is listened to once. Then filter, compare and export playlists that open in
    any player.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a title is no reason to stop
    prefer_one_thread()
    gc.set_threshold(MADE_BETWEEN)
    sys.exit(run(given or ["--help"]))


def run(arguments: list[str]) -> int:
    """Run a command line; its exit code."""
    debug = "--debug" in arguments
    if debug:
        logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
    try:
        code = essentialist.main(arguments, "essentialist", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "essentialist"
        return told(f"{error.format_message()} See `{command} --help`.", debug=debug, code=error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return told(STOPPED, debug=False, code=INTERRUPTED)
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        drop_output()
        return 1
    except EssentialistError as error:
        return told(str(error), debug=debug)
    except OSError as error:
        if error.filename is None:
            drop_output()
        return told(f"Cannot use {error.filename or 'the output'}: {error.strerror or error}.", debug=debug)
    except Exception as error:  # noqa: BLE001 - the last resort: nobody should have to read a traceback
        line = f"{type(error).__name__}: {error}".splitlines()[0]
        return told(f"unexpected error: {line}. Please report it, with what --debug shows.", debug=debug)
    return code if isinstance(code, int) else 0


def drop_output() -> None:
    """Let what could not be written go, or Python would try once more at its end and leave with a code of its own."""
    with suppress(OSError):  # stdout may be no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def stopped(by: signal.Signals) -> int:
    """Tell that a signal ended the command before its end; the exit code."""
    return told(STOPPED, debug=False, code=SIGNALLED + by)


def told(message: str, *, debug: bool, code: int = 1) -> int:
    """Tell an error in one line, with the traceback where it was asked for; the exit code."""
    if debug:
        traceback.print_exc()
    click.echo("essentialist: " + " ".join(message.split("\n")), err=True)
    return code
