"""Where recipes lie: the person's own in a folder, one file each, and the presets that come with the package.

The file's name without ".toml" is the recipe's name. A name that somebody gives is made safe for any file system, so
that no recipe can be read or written outside the folder. One's own recipe stands in for a preset of the same name.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tomli_w

from essentialist.atomic import replacement
from essentialist.errors import ExportError, RecipeError
from essentialist.recipes.lines import line_of
from essentialist.recipes.naming import clean
from essentialist.recipes.reading import document_of
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PRESETS: Final = Path(__file__).parents[1] / "presets"
SUFFIX: Final = ".toml"
LONGEST: Final = 80  # bytes of a name, far below what any file system takes
LARGEST: Final = 1_000_000  # bytes of a recipe; a list of 5,000 seeds has less

_NOT_A_WORD: Final = re.compile(r"[\W_]+")
_RESERVED: Final = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # devices of Windows, whatever their suffix
_SYNTAX: Final = re.compile(r"""[:"(),<>]|^-""")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A recipe as it lies on the shelf. `problem` says why it cannot be read, if so."""

    name: str
    path: Path
    is_preset: bool
    title: str
    about: str = ""
    problem: str | None = None


def slug(text: str) -> str:
    """A name as a file may have it: words in lower case joined by hyphens. Raises RecipeError where none is left."""
    name = _NOT_A_WORD.sub("-", fold(text)).strip("-")
    if not name:
        raise RecipeError(f"{text[:60]!a} is no name for a recipe: give it at least one letter or digit.")
    if len(name.encode()) > LONGEST:
        mark = hashlib.blake2b(text.encode(errors="replace"), digest_size=4).hexdigest()
        name = f"{name.encode()[: LONGEST - 9].decode(errors='ignore').rstrip('-')}-{mark}"
    return f"{name}-recipe" if _RESERVED.fullmatch(name) else name


@dataclass(frozen=True, slots=True)
class Shelf:
    """The recipes of a folder, which need not be there, and the presets."""

    folder: Path

    def paths(self) -> Mapping[str, Path]:
        """Every recipe's file by its name, in alphabetical order."""
        return dict(sorted({**toml_files(PRESETS), **toml_files(self.folder)}.items()))

    def own(self) -> tuple[str, ...]:
        """The names of the person's own recipes."""
        return tuple(sorted(toml_files(self.folder)))

    def listed(self) -> tuple[Shelved, ...]:
        """Every recipe with its title and what it is; one that cannot be read with the reason."""
        return tuple(shelved(name, path) for name, path in self.paths().items())

    def named(self, name: str) -> Path:
        """A recipe's file. Raises RecipeError, with the nearest name, where there is none."""
        paths = self.paths()
        path = self.meant(name)
        if path is None:
            near = nearest(name, paths)
            remedy = f'did you mean "{near}"?' if near else "`essentialist recipes` lists them all."
            raise RecipeError(f"There is no recipe {name[:100]!a}; {remedy}")
        return path

    def meant(self, text: str) -> Path | None:
        """The recipe whose name a text is, as it stands or said in words ("Sunday morning"), if there is one."""
        paths = self.paths()
        if text in paths:
            return paths[text]
        return paths.get(slug(text)) if may_be_name(text) else None

    def save(self, name: str, text: str, *, replace: bool = False) -> Path:
        """Write a recipe. Raises RecipeError where one's own of this name is there already, or it cannot be written."""
        path = self.folder / f"{slug(name)}{SUFFIX}"
        if not replace and os.path.lexists(path):
            raise RecipeError(f'There is a recipe "{path.stem}" already; save it under another name, or add --force.')
        put(path, text)
        return path

    def rename(self, old: str, new: str) -> Path:
        """Give one's own recipe another name and title; the rest of the file stays as it is, comments too."""
        path, target = self._own_path(old), self.folder / f"{slug(new)}{SUFFIX}"
        text = text_at(path)
        if target != path and os.path.lexists(target):
            raise RecipeError(f'There is a recipe "{target.stem}" already; choose another name, or delete it first.')
        put(target, titled(text, new, path))
        if target != path:
            path.unlink()
        return target

    def delete(self, name: str) -> Path:
        """Strike out one's own recipe."""
        path = self._own_path(name)
        try:
            path.unlink()
        except OSError as error:
            raise RecipeError(f"Cannot delete {path}: {error.strerror}. Make its folder writable.") from error
        return path

    def _own_path(self, name: str) -> Path:
        path = self.named(name)
        if path.parent == PRESETS:
            raise RecipeError(
                f'"{path.stem}" is a preset, which stays as it is; save one of your own under this name to replace it.'
            )
        return path


def may_be_name(text: str) -> bool:
    """Whether a text is made of words, without what only a query has."""
    return not _SYNTAX.search(text) and bool(_NOT_A_WORD.sub("", fold(text)))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name, of as many words, that is most like one, if any is."""
    written = "-".join(_NOT_A_WORD.sub(" ", fold(name[:100])).split())
    alike = [each for each in known if each.count("-") == written.count("-")]
    return next(iter(difflib.get_close_matches(written, alike, n=1, cutoff=0.7)), None)


def toml_files(folder: Path) -> dict[str, Path]:
    """The recipes of a folder by name; none where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(SUFFIX) and entry.is_file()]
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise RecipeError(
            f"Cannot read the recipes in {folder}: {error.strerror}. Make the folder readable."
        ) from error
    return {name.removesuffix(SUFFIX): folder / name for name in names if not name.startswith(".")}


def shelved(name: str, path: Path) -> Shelved:
    """A recipe's title and what it is."""
    try:
        document = document_of(text_at(path), path)
    except RecipeError as error:
        return Shelved(name, path, path.parent == PRESETS, name, problem=str(error))
    title, about = (str(document.get(key, "")) for key in ("title", "about"))
    return Shelved(name, path, path.parent == PRESETS, title or name, about)


def text_at(path: Path) -> str:
    """The text of a recipe. Raises RecipeError where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise RecipeError(f"{path} is too large for a recipe; move it out of this folder.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: this is not UTF-8, as TOML has to be; save it in that encoding.") from error
    except OSError as error:
        raise RecipeError(f"Cannot read the recipe {path}: {error.strerror}. Make it readable.") from error


def put(path: Path, text: str) -> None:
    """Write a recipe whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacement(path) as file:
            file.write(text.encode())
    except ExportError as error:
        raise RecipeError(f"The recipe is not saved: {error}.") from error
    except OSError as error:
        raise RecipeError(
            f"The recipe is not saved: cannot make the folder {path.parent}: {error.strerror}; name another with"
            " ESSENTIALIST_RECIPES."
        ) from error


def titled(text: str, title: str, origin: Path) -> str:
    """A recipe's text with another title; where the title has a line of its own, nothing else changes."""
    title = clean(title)
    wished = {**document_of(text, origin), "title": title}
    lines = text.splitlines(keepends=True)
    number = line_of(text, "title")
    place = 0 if number is None else number - 1
    lines[place : place if number is None else number] = [tomli_w.dumps({"title": title})]
    changed = "".join(lines)
    try:
        is_right = document_of(changed, origin) == wished
    except RecipeError:
        is_right = False
    if not is_right:
        raise RecipeError(f"{origin}, line {number}: the title spans several lines; write it in one, then rename.")
    return changed
