"""List, show, rename and delete recipes and presets."""

from __future__ import annotations

from dataclasses import asdict

import click

from essentialist.cli import shared_options
from essentialist.cli._output import json_option, note, opened, print_json, settings, shown_path, write
from essentialist.cli._recipes import print_recipes, shelf
from essentialist.recipes.remembered import forget, renamed
from essentialist.recipes.shelf import text_at

EPILOG = """\b
Examples:
  essentialist recipes
  essentialist recipes show focus
  essentialist recipes rename run "Sunday run"
"""


@click.group(invoke_without_command=True, epilog=EPILOG)
@click.pass_context
def command(context: click.Context) -> None:
    """List recipes and presets, show one, rename or delete one of your own.

    A recipe is a small TOML file that says how a playlist is made; presets come with essentialist. Copy what `show`
    prints, or save one with `essentialist playlist ... --save NAME`, and change it as you like.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_recipes)


@command.command("list")
@json_option
def list_recipes(as_json: bool) -> None:
    """List your recipes and the presets, with a line on what each is."""
    if as_json:
        print_json([{**asdict(each), "path": str(each.path)} for each in shelf().listed()])
        return
    print_recipes()
    note(f"Yours lie in {shown_path(shelf().folder)}. `essentialist recipes show NAME` prints one.")


@command.command("show")
@click.argument("name")
def show_recipe(name: str) -> None:
    """Print the TOML of a recipe or preset, to read, copy and change."""
    write(text_at(shelf().named(name)).encode())


@command.command("rename")
@click.argument("old")
@click.argument("new")
def rename_recipe(old: str, new: str) -> None:
    """Give a recipe of yours another name and title; the rest of its file stays as it is."""
    before = shelf().named(old).stem
    path = shelf().rename(old, new)
    if settings().catalog.is_file():
        renamed(opened().catalog, before, path.stem)
    click.echo(f"{before} is {path.stem} now: {shown_path(path)}")


@command.command("delete")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def delete_recipes(names: tuple[str, ...]) -> None:
    """Delete recipes of yours; the playlists that they wrote stay."""
    for name in names:
        path = shelf().delete(name)
        if settings().catalog.is_file():
            forget(opened().catalog, path.stem)
        click.echo(f"{shown_path(path)} is deleted")


for each in command.commands.values():
    each.params += shared_options()

COMMAND = command
