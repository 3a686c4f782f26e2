"""Open the studio: explore, hear, build and export in a browser."""

from __future__ import annotations

import importlib

import click

from essentialist.cli._output import note, settings
from essentialist.errors import SettingsError
from essentialist.web.options import Options


@click.command(epilog="\b\nExamples:\n  essentialist web\n  essentialist web --port 8600 --base-path /music")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="The port to listen at.")
@click.option("--base-path", default="/", show_default=True, help="Where a proxy shows the studio.")
@click.option("--read-only", is_flag=True, help="Let visitors look, hear and export, but change nothing.")
def command(host: str, port: int, base_path: str, read_only: bool) -> None:
    """Serve the studio to browsers until Ctrl-C."""
    try:
        serving = importlib.import_module("essentialist.web.serve")
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"The studio needs {error.name}, which is not installed: pip install 'essentialist[web]'."
        ) from error
    note(f"The studio is at http://{host}:{port}{base_path}")
    serving.serve(Options(settings(), host, port, base_path.rstrip("/"), read_only))


COMMAND = command
