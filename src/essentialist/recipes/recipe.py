"""What a playlist is made of: which tracks may come, how they are chosen, wishes, order, and where it is written."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from essentialist.address import parse_address
from essentialist.choosing.wishes import Wishes
from essentialist.errors import RecipeError
from essentialist.locations import PathStyle, is_address, path_mapping
from essentialist.playlists.filter import Filter
from essentialist.profiles import profile
from essentialist.query import Tree, field_named, parse
from essentialist.query.tree import And, Bound, NumberIn, Or, Range
from essentialist.spelling import ENCODINGS, Encoding, Spelling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.query import Field

TEMPO_TOLERANCE: Final = 0.05  # of the wished tempo; what a player can pull without being heard
AGE: Final = re.compile(r"\d{1,5}[hdwmy]")
OCTAVES: Final = (0.5, 1.0, 2.0)  # one walks, runs or dances to half and double tempo as well


@dataclass(frozen=True, slots=True)
class Target:
    """A file that a recipe is written to, and how; what is None is as the player has it.

    `player` is a profile, `paths` how tracks are named, `map` folders as the player sees them, `base` the folder that
    relative paths start from instead of the file's, or with paths "http" the address of the music folder, `encoding`
    that of M3U and PLS.
    """

    file: str = ""
    paths: PathStyle | None = None
    map: tuple[str, ...] = ()
    player: str = "generic"
    base: str | None = None
    encoding: Encoding | None = None

    def __post_init__(self) -> None:
        if self.paths is not None and self.paths not in get_args(PathStyle):
            raise RecipeError(f'There is no path style "{self.paths}"; use one of {", ".join(get_args(PathStyle))}.')
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise RecipeError(f'There is no encoding "{self.encoding}"; use one of {", ".join(ENCODINGS)}.')
        if self.base and is_address(self.base) != (self.paths == "http"):
            raise RecipeError(f'"{self.base}" is no base of these paths: "http" takes an address, the others a folder.')
        profile(self.player)

    @property
    def spelling(self) -> Spelling:
        """How the file is written; ExportError for a mapping that is none."""
        usual = profile(self.player).spelling
        folder = self.base if self.base and self.paths != "http" else None
        return replace(
            usual,
            style=self.paths or usual.style,
            mappings=tuple(path_mapping(each) for each in self.map),
            base=Path(os.path.abspath(os.path.expanduser(folder))) if folder else None,
            address=(self.base or "") if self.paths == "http" else "",
            encoding=self.encoding or usual.encoding,
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A server that a recipe is pushed to; `title` None is the recipe's own, `map` what the server calls our folders.

    With `plain_password` the password may go over the network unencrypted; it never stands here.
    """

    address: str = ""
    title: str | None = None
    map: tuple[str, ...] = ()
    plain_password: bool = False

    def __post_init__(self) -> None:
        parse_address(self.address)
        for each in self.map:
            path_mapping(each)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A playlist that can be made, and made again.

    `choose` holds the parameters of a way, see `playlists`. `tempo` in BPM lets through what is within 5 % of it, its
    half or its double. `not_recently_played` is an age such as "30d". `lost` names tracks that a recipe read from a
    file speaks of and the collection does not have.
    """

    title: str = "Playlist"
    about: str = ""
    query: str = ""
    tempo: float | None = None
    not_recently_played: str | None = None
    choose: object = field(default_factory=Filter)
    wishes: Wishes = field(default_factory=Wishes)
    order: str | None = None
    targets: tuple[Target, ...] = ()
    servers: tuple[Upload, ...] = ()
    lost: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.tempo is not None and not 20 <= self.tempo <= 400:
            raise RecipeError(f"No music has a tempo of {self.tempo:g}; give beats per minute from 20 to 400.")
        if self.not_recently_played is not None and not AGE.fullmatch(self.not_recently_played):
            raise RecipeError(f'"{self.not_recently_played}" is no age; write one such as 12h, 30d, 6w, 3m or 1y.')

    def tree(self, fields: Mapping[str, Field]) -> Tree:
        """What lets a track through; QueryError where the query is not understood."""
        asked = parse(self.query, fields)
        terms: list[Tree] = [*asked.terms] if isinstance(asked, And) else [asked]
        if self.tempo is not None:
            terms.append(near_tempo(self.tempo, field_named(fields, "bpm")))
        if self.not_recently_played is not None:
            terms.append(parse(f"played:none,>{self.not_recently_played}", fields))
        return terms[0] if len(terms) == 1 else And(tuple(terms))


def near_tempo(bpm: float, field: Field) -> Tree:
    """Tempi within 5 % of one, of its half or of its double, as far as the field has such."""
    least, most = field.range or (0.0, math.inf)
    near = []
    for octave in OCTAVES:
        low, high = (bpm * octave * (1 + sign * TEMPO_TOLERANCE) for sign in (-1, 1))
        if high >= least and low <= most:
            near.append(NumberIn(field.name, Range(Bound(round(low, 3)), Bound(round(high, 3)))))
    return near[0] if len(near) == 1 else Or(tuple(near))
