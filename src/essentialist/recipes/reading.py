"""A recipe from the text of its file. Whatever is wrong is told with file, line and remedy; nothing is passed over."""

from __future__ import annotations

import difflib
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from essentialist import measures
from essentialist.choosing.wishes import Wishes
from essentialist.errors import EssentialistError, RecipeError
from essentialist.playlists import options, ways
from essentialist.query import parse as parse_query
from essentialist.query import sortable
from essentialist.recipes.kinds import MISSING, Wrong, hints, understood
from essentialist.recipes.lines import line_of
from essentialist.recipes.naming import at_path, with_fingerprints
from essentialist.recipes.recipe import Recipe, Target, Upload
from essentialist.recipes.writing import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from essentialist.catalogue.catalog import Catalog
    from essentialist.playlists import Option, Way
    from essentialist.query import Field
    from essentialist.recipes.naming import NamedTrack
    from essentialist.track import Track

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FINGERPRINT = re.compile("(?:[0-9a-f]{2})+")
WISHES = tuple(each.name for each in fields(Wishes))


@dataclass(frozen=True, slots=True)
class _Tables:
    """Tables of which a recipe has as many as one likes; `needed` is the key that each has, `usual` a value of it."""

    name: str
    kind: type[Any]
    needed: str
    usual: str
    remedy: str


TARGETS = _Tables(
    *("targets", Target, "file", "~"),
    'A target needs a "file": where to write, such as "~/Music/evening.m3u8".',
)
SERVERS = _Tables(
    *("servers", Upload, "address", "mpd://localhost"),
    'A server needs an "address", such as "subsonic://me@music.example.org".',
)


def parse(text: str, origin: Path, catalog: Catalog, known: Mapping[str, Field]) -> Recipe:
    """Read a recipe; `known` are the fields of queries.

    Raises
    ------
    RecipeError
        For what is no TOML, an unknown key, a value of the wrong kind or out of its range; in one line that names the
        file, the line and what to do.
    """
    return _Reader(text, origin, catalog, known).recipe()


def document_of(text: str, origin: Path) -> dict[str, Any]:
    """The TOML of a recipe, unchecked."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RecipeError(f"{origin}: this is no TOML: {error}. Mend that line, or see docs/recipes.md.") from error


@dataclass
class _Reader:
    """Reads one file, and remembers which of its tracks are not there; `there` are others, by fingerprint."""

    text: str
    origin: Path
    catalog: Catalog
    known: Mapping[str, Field]
    lost: list[str] = field(default_factory=list)
    there: Mapping[str, Track] = field(default_factory=dict)

    def recipe(self) -> Recipe:
        document = document_of(self.text, self.origin)
        self.there = with_fingerprints(self.catalog, fingerprints_in(document))
        way = self._way(document)
        self._only(document, (*PLAIN, *WISHES, way.name, TARGETS.name, SERVERS.name))
        plain = {name: document[name] for name in PLAIN if name in document}
        plain.setdefault("title", self.origin.stem)
        read = self._each(Recipe, plain, "", lambda name, value: Recipe(**{name: value}))
        if "query" in plain:
            with self._telling("query"):
                parse_query(plain["query"], self.known)
        wished = {name: document[name] for name in WISHES if name in document}
        wishes = self._each(Wishes, wished, "", lambda name, value: Wishes(**{name: value}))
        parameters = self._parameters(way, document.get(way.name, {}))
        return Recipe(
            **read,
            wishes=Wishes(**wishes),
            choose=parameters,
            targets=self._tables(document, TARGETS),
            servers=self._tables(document, SERVERS),
            lost=tuple(self.lost),
        )

    def _way(self, document: Mapping[str, object]) -> Way:
        """The way whose table the file has; by query where it has none."""
        named = [name for name in document if name in ways()]
        if len(named) > 1:
            raise self._wrong(f"[{named[0]}] and [{named[1]}] are two ways of choosing; keep one.", named[1])
        return ways()[named[0] if named else "filter"]

    def _only(self, given: Mapping[str, object], names: Collection[str], table: str = "") -> None:
        """Refuse a key that nobody reads, with the nearest that somebody would."""
        for key in given:
            if key not in names:
                candidates = [*names, *(() if table else ways())]
                near = difflib.get_close_matches(key, candidates, n=1, cutoff=0.5)
                remedy = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(sorted(candidates))}."
                place = f" in [{table}]" if table else ""
                raise self._wrong(f'There is no "{key}"{place}; {remedy}', key, table)

    def _each(
        self, kind: type[Any], given: Mapping[str, object], table: str, check: Callable[[str, Any], object]
    ) -> dict[str, Any]:
        """Values as a dataclass has them; each is checked alone, so that an error can name its line."""
        expected, read = hints(kind), {}
        for name, value in given.items():
            with self._telling(name, table):
                known = understood(expected[name], value, self._track)
                if known is not MISSING:
                    check(name, known)
                    read[name] = known
        return read

    def _parameters(self, way: Way, given: object) -> object:
        if not isinstance(given, dict):
            raise self._wrong(f"{way.name} is a way of choosing; write it as the table [{way.name}].", way.name)
        offered = {option.name: option for option in options(way)}
        self._only(given, tuple(offered), way.name)
        read = self._each(way.parameters, given, way.name, lambda name, value: check_range(offered[name], value))
        for name, value in read.items():
            with self._telling(name, way.name):
                if offered[name].kind == "field" and value:
                    read[name] = sortable(self.known, value)
                elif offered[name].kind == "measure":
                    measures.parse(value)
        return way.parameters(**read)

    def _tables(self, document: Mapping[str, Any], which: _Tables) -> tuple[Any, ...]:
        """The tables of a name, each as its dataclass has them."""
        given = document.get(which.name, [])
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            one = which.name.removesuffix("s")
            raise self._wrong(f"Write each {one} as a table of its own, under [[{which.name}]].", which.name)
        return tuple(self._table(each, which) for each in given)

    def _table(self, given: dict[str, Any], which: _Tables) -> Any:
        self._only(given, tuple(each.name for each in fields(which.kind)), which.name)
        if which.needed not in given:
            raise self._wrong(which.remedy, which.name)
        usual = {which.needed: which.usual}
        return which.kind(
            **self._each(which.kind, given, which.name, lambda name, value: which.kind(**{**usual, name: value}))
        )

    def _track(self, name: NamedTrack) -> Track | None:
        track = self.there.get(name.fingerprint) or at_path(self.catalog, name)
        if track is None:
            self.lost.append(str(name))
        return track

    @contextmanager
    def _telling(self, key: str, table: str = "") -> Iterator[None]:
        """Say of an error in which line it is."""
        try:
            yield
        except Wrong as error:
            raise self._wrong(f"{key} {error}", key, table) from error
        except EssentialistError as error:
            raise self._wrong(str(error), key, table) from error

    def _wrong(self, message: str, key: str = "", table: str = "") -> RecipeError:
        line = line_of(self.text, key, table)
        return RecipeError(f"{self.origin}{f', line {line}' if line else ''}: {message}")


def fingerprints_in(value: object) -> Iterator[str]:
    """What can be a fingerprint in a document, wherever it stands: a list may name thousands of tracks."""
    if isinstance(value, dict):
        mark = value.get("fingerprint")
        if isinstance(mark, str) and FINGERPRINT.fullmatch(mark):
            yield mark
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from fingerprints_in(each)


def check_range(option: Option, value: object) -> None:
    """Raise Wrong for a number out of the range of its parameter."""
    low, high = option.minimum, option.maximum
    if isinstance(value, int | float) and not ((low is None or value >= low) and (high is None or value <= high)):
        least = "" if low is None else f" at least {low:g}"
        most = "" if high is None else f" at most {high:g}"
        raise Wrong(f"is {value}; give a number of{least}{' and' if least and most else ''}{most}.")
