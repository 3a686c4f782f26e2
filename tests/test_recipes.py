"""Recipes: what is written is read again as the same, what is wrong is told, and no name leaves the folder."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essentialist.catalogue.catalog import Catalog
from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import PlaylistError, RecipeError
from essentialist.playlists import Seed, Way, options, ways
from essentialist.playlists.listed import Listed
from essentialist.playlists.path import Path as Between
from essentialist.playlists.similar import Similar
from essentialist.query import parse as parse_query
from essentialist.recipes.kinds import hints
from essentialist.recipes.lines import line_of
from essentialist.recipes.reading import WISHES, parse
from essentialist.recipes.recipe import Recipe, Target, Upload
from essentialist.recipes.shelf import LONGEST, PRESETS, Shelf, slug
from essentialist.recipes.writing import PLAIN, text_of
from essentialist.track import Track
from kept import library as made_library

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from essentialist.library import Library

PLAIN_VALUES: dict[Any, object] = {bool: True, int: 3, float: 0.5}
ORIGIN = Path("evening.toml")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return made_library(tmp_path_factory.mktemp("recipes"))


def read(library: Library, text: str) -> Recipe:
    return parse(text, ORIGIN, library.catalog, library.fields())


class Counting(Catalog):
    """A catalogue that counts how often it is opened."""

    n_opened = 0

    def connected(self) -> AbstractContextManager[sqlite3.Connection]:
        self.n_opened += 1
        return super().connected()


def test_tracks_of_a_list_are_looked_up_together(library: Library) -> None:
    tracks, n_opened = library.tracks(), []
    assert len(tracks) > 2
    for some in (tracks[:1], tracks):
        recipe = Recipe("List", choose=Listed(tuple(map(Seed, some))))
        text, catalog = text_of(recipe, library.catalog), Counting(library.catalog.path)
        before = catalog.n_opened
        assert parse(text, ORIGIN, catalog, library.fields()) == recipe
        n_opened.append(catalog.n_opened - before)
    assert n_opened[0] == n_opened[1]


def again(library: Library, recipe: Recipe) -> Recipe:
    return read(library, text_of(recipe, library.catalog))


def another(hint: Any, default: object, tracks: tuple[Track, ...]) -> Any:
    """A value of this type that is not the usual one; the usual one of a type that only its owner can fill."""
    if hint is Length:
        return Length(seconds=5400)
    if hint is Track:
        return tracks[3]
    if hint is Seed:
        return Seed(tracks[4], 2.5)
    if hint in PLAIN_VALUES:
        return not default if hint is bool else PLAIN_VALUES[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return inner[-1]
    if origin is frozenset:
        return frozenset(track.id for track in tracks[:2])
    if origin is tuple:
        value = another(inner[0], None, tracks)
        return () if value is None else (value,)
    if type(None) in inner:
        return another(inner[0], default, tracks)
    return default


def unusual(kind: Any, tracks: tuple[Track, ...]) -> Any:
    """An instance of a dataclass with as much as possible not as usual."""
    usual = kind()
    expected = hints(kind)
    return kind(**{each.name: another(expected[each.name], getattr(usual, each.name), tracks) for each in fields(kind)})


def parameters(way: Way, tracks: tuple[Track, ...]) -> Any:
    """Parameters of a way, each within its range and most of them not as usual."""
    made = unusual(way.parameters, tracks)
    changes: dict[str, object] = {}
    for option in options(way):
        if option.kind == "field":
            changes[option.name] = "-bpm"
        elif option.minimum is not None or option.maximum is not None:
            limit = option.minimum if option.minimum is not None else option.maximum
            changes[option.name] = int(limit or 0) if isinstance(getattr(made, option.name), int) else limit
    return replace(made, **changes)


class TestReadAgain:
    @pytest.mark.parametrize("way", ways().values(), ids=lambda way: way.name)
    def test_the_parameters_of_every_way(self, library: Library, way: Way) -> None:
        recipe = Recipe("Any", choose=parameters(way, library.tracks()))
        assert again(library, recipe) == recipe
        usual = Recipe("Any", choose=way.parameters())
        assert again(library, usual) == usual

    def test_every_wish(self, library: Library) -> None:
        wishes = unusual(Wishes, library.tracks())
        assert sum(getattr(wishes, name) != getattr(Wishes(), name) for name in WISHES) >= 6
        assert again(library, Recipe(wishes=wishes)).wishes == wishes

    def test_all_else(self, library: Library) -> None:
        targets = (Target("~/a.m3u8"), Target("/b.m3u8", "relative", ("/music=D:\\Music", "/x=/y")))
        servers = (Upload("subsonic://me@nas"), Upload("mpd://nas", "Ü", ("/music=D:\\Music",), plain_password=True))
        plain = Recipe('A "B"\\\n', "ü\t", 'artist:"Ü"', 140.5, "30d", order="rise:bpm")
        recipe = replace(plain, targets=targets, servers=servers)
        assert again(library, recipe) == recipe

    @given(title=st.text(), about=st.text(), seconds=st.floats(1, 1e6), n_tracks=st.integers(1, 10**6))
    @settings(max_examples=50)
    def test_any_text_and_length(self, library: Library, title: str, about: str, seconds: float, n_tracks: int) -> None:
        recipe = Recipe(title or "x", about, wishes=Wishes(Length(tracks=n_tracks)))
        assert again(library, recipe) == recipe
        timed = again(library, Recipe(wishes=Wishes(Length(seconds=seconds)))).wishes.length.seconds
        assert timed == pytest.approx(seconds)

    def test_what_is_usual_is_left_out(self, library: Library) -> None:
        assert text_of(Recipe("Any"), library.catalog) == 'title = "Any"\n'

    def test_no_key_means_two_things(self) -> None:
        assert not {*PLAIN, *WISHES, "targets", "servers"} & {*ways()}
        assert not {*PLAIN} & {*WISHES}


class TestTracks:
    def test_a_track_is_found_by_its_sound_where_it_lies_elsewhere(self, tmp_path: Path) -> None:
        here, there = made_library(tmp_path / "here", 5), made_library(tmp_path / "there", 5)
        recipe = Recipe(choose=Similar(like=(Seed(here.tracks()[2]),)))
        moved = parse(text_of(recipe, here.catalog), ORIGIN, there.catalog, there.fields())
        assert isinstance(moved.choose, Similar)
        assert moved.choose.like == (Seed(there.tracks()[2]),)
        assert moved.lost == ()

    def test_a_track_can_be_written_as_its_path(self, library: Library) -> None:
        track = library.tracks()[7]
        recipe = read(library, f'[path]\nstart = "{track.path}"\nend = {{ path = "{library.tracks()[8].path}" }}\n')
        assert recipe.choose == Between(track, library.tracks()[8])

    def test_of_seeds_that_are_gone_the_others_serve_and_a_note_says_which(self, library: Library) -> None:
        path = library.tracks()[0].path
        recipe = read(library, f'[similar]\nlike = ["{path}", {{ fingerprint = "00", title = "Nina - Gone" }}]\n')
        playlist = library.make(recipe)
        assert playlist.tracks
        assert playlist.notes[0] == "Not in this collection, though the recipe names it: Nina - Gone."

    def test_where_none_is_left_the_error_names_them(self, library: Library) -> None:
        recipe = read(library, '[path]\nstart = "/gone/a.flac"\nend = "/gone/b.flac"\n')
        with pytest.raises(PlaylistError, match=r"two different tracks.*names it: /gone/a\.flac\. .*: /gone/b\.flac\."):
            library.make(recipe)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x\n', r"evening\.toml: this is no TOML: .* \(at line 1, column \d+\)\. Mend that line"),
        ("lenght = 3\n", r'evening\.toml, line 1: There is no "lenght"; did you mean "length"\?'),
        ("title = 'a'\n\nzzz = 1\n", r"line 3: There is no \"zzz\"; there are .*about, .*filter"),
        ("title = 3\n", r"line 1: title is a text in quotes, not 3"),
        ('length = "3 parsecs"\n', r"line 1: '3 parsecs' is no length\. Write a number"),
        ("length = 2.5\n", r"line 1: length is a number of tracks or a time"),
        ("length = true\n", r"line 1: length is a number of tracks or a time"),
        ("length = 0\n", r"line 1: A length is .* above 0"),
        ("seed = true\n", r"line 1: seed is a whole number, not True"),
        ("one_version = 1\n", r"line 1: one_version is true or false, not 1"),
        ("\nmax_per_artist = 0\n", r"line 2: At most how many"),
        ("query = 'bpn:3'\n", r'line 1: No field "bpn"; did you mean "bpm"\?'),
        ("query = 3\n", r"line 1: query is a text in quotes"),
        ("tempo = 5\n", r"line 1: No music has a tempo of 5; give beats per minute from 20 to 400"),
        ("tempo = '140'\n", r"line 1: tempo is a number, not '140'"),
        ("not_recently_played = 'long'\n", r'line 1: "long" is no age; write one such as'),
        ("[filter]\nby = 'danceabilty'\n", r'line 2: No field "danceabilty"; did you mean "danceability"\?'),
        ("[filter]\nfor = 'x'\n", r'line 2: There is no "for" in \[filter\]; there are by'),
        ("filter = 3\n", r"line 1: filter is a way of choosing; write it as the table \[filter\]"),
        ("[filter]\n[similar]\n", r"line 2: \[filter\] and \[similar\] are two ways of choosing; keep one"),
        ("[similr]\n", r'line 1: There is no "similr"; did you mean "similar"\?'),
        ("[similar]\nlike = 3\n", r"line 2: like is a list in brackets, not 3"),
        ("[similar]\nlike = [3]\n", r"line 2: like names a track by its path"),
        ("[similar]\nlike = [{ titel = 'x' }]\n", r"line 2: like names a track by its path"),
        ("[similar]\nlike = [{ fingerprint = 'xyz' }]\n", r"line 2: like has the fingerprint 'xyz'"),
        ("[[similar.like]]\npath = 'a'\nweight = 0\n", r"line 1: like has a weight of 0; give one above 0"),
        ("[similar]\ninclude = 'no'\n", r"line 2: include is true or false, not 'no'"),
        ("[similar]\nalike = 'sound:'\n", r"line 2: 'sound:' does not say what should be alike"),
        ("[flow]\ndrift = 2\n", r"line 2: drift is 2\.0; give a number of at least 0 and at most 1"),
        ("diversity = 1.5\n", r"line 1: A diversity of 1\.5 is none"),
        ("[path]\nstart = 3\n", r"line 2: start names a track by its path"),
        ("targets = 'a.m3u8'\n", r"line 1: Write each target as a table of its own, under \[\[targets\]\]"),
        ("[[targets]]\npaths = 'auto'\n", r'line 1: A target needs a "file"'),
        ("[[targets]]\nfile = 'a'\npaths = 'short'\n", r"line 3: paths is one of auto, relative, absolute, uri"),
        ("servers = 'mpd://nas'\n", r"line 1: Write each server as a table of its own, under \[\[servers\]\]"),
        ("[[servers]]\ntitle = 'x'\n", r'line 1: A server needs an "address"'),
        ("[[servers]]\naddress = 'mpd://nas'\nmap = ['x']\n", r"line 3: 'x' maps no folder"),
        ("[[servers]]\naddress = 'nas'\n", r'line 2: "nas" is no address of a server'),
        ("[[servers]]\naddress = 'subsonic://me:pw@nas'\n", "line 2: A password does not belong into an address"),
        ("[[targets]]\nfile = 'a'\npath = 'x'\n", r'line 3: There is no "path" in \[targets\]; did you mean "paths"'),
        ("x = " + "[" * 5000 + "]" * 5000, r"evening\.toml: this is no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_a_remedy(library: Library, text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said) as raised:
        read(library, text)
    assert "\n" not in str(raised.value)


@given(
    st.recursive(
        st.one_of(st.text(), st.integers(), st.floats(), st.booleans()),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    ),
    st.sampled_from([*PLAIN, *WISHES, *ways(), "targets"]),
)
@settings(max_examples=200)
def test_whatever_stands_in_a_file_is_read_or_told_in_one_line(library: Library, value: object, key: str) -> None:
    import tomli_w  # noqa: PLC0415 - only this test writes what no recipe is

    try:
        recipe = read(library, tomli_w.dumps({key: value}))
    except RecipeError as error:
        told = str(error)
    else:
        told = str(recipe.query or ORIGIN)
    assert told.startswith("evening.toml") or told == value


def test_lines_are_those_of_the_key_in_its_table() -> None:
    text = "a = 1\n\"b c\" = 2\n\n[t]\na = 3\n[[u]]\n  'd' = 4\n[v.w]\ne.f = 5\n"
    assert [line_of(text, *place) for place in [("a",), ("b c",), ("a", "t"), ("t",)]] == [1, 2, 5, 4]
    assert [line_of(text, *place) for place in [("d", "u"), ("w", "v"), ("e", "v.w"), ("z",)]] == [7, 8, 9, None]


class TestShelf:
    @pytest.fixture
    def shelf(self, tmp_path: Path) -> Shelf:
        return Shelf(tmp_path / "not there yet" / "recipes")

    @pytest.mark.parametrize(
        ("given", "name"),
        [
            ("Sunday Evening!", "sunday-evening"),
            ("../../etc/passwd", "etc-passwd"),
            ("/abs/x.toml", "abs-x-toml"),
            ("Café del Mar", "cafe-del-mar"),
            ("夜の音楽", "夜の音楽"),
            ("con", "con-recipe"),
            ("LPT1", "lpt1-recipe"),
            ("a\0b\nc\ud800", "a-b-c"),
            ("..", None),
            ("", None),
            ("/", None),
        ],
    )
    def test_names_are_safe_for_any_file_system(self, given: str, name: str | None) -> None:
        if name is None:
            with pytest.raises(RecipeError, match="no name for a recipe: give it at least one letter or digit"):
                slug(given)
        else:
            assert slug(given) == name

    @given(st.text(min_size=1, max_size=400))
    def test_no_name_leaves_the_folder(self, text: str) -> None:
        try:
            name = slug(text)
        except RecipeError:
            return
        assert len(name.encode()) <= LONGEST + len("-recipe")
        assert not set(name) & set("/\\:.\0 ")
        assert slug(name) == name or len(name.encode()) > LONGEST
        assert os.path.basename(name) == name

    def test_long_names_stay_apart(self) -> None:
        assert slug("a" * 300) != slug("a" * 301)

    def test_what_was_saved_is_there_under_its_name_and_in_words(self, shelf: Shelf) -> None:
        path = shelf.save("Sunday Evening", 'title = "Sunday Evening"\n')
        assert path == shelf.folder / "sunday-evening.toml"
        assert shelf.meant("sunday-evening") == shelf.meant("Sunday evening") == path
        assert shelf.meant('"sunday evening"') is None
        assert shelf.meant("title:sunday") is None
        assert shelf.own() == ("sunday-evening",)

    def test_nothing_is_overwritten_unasked(self, shelf: Shelf) -> None:
        shelf.save("a", 'title = "1"\n')
        with pytest.raises(RecipeError, match=r'a recipe "a" already; save it under another name, or add --force'):
            shelf.save("A!", 'title = "2"\n')
        assert shelf.save("A", 'title = "3"\n', replace=True).read_text() == 'title = "3"\n'

    def test_ones_own_stands_in_for_a_preset_until_it_is_deleted(self, shelf: Shelf) -> None:
        path = shelf.save("Focus", 'title = "My focus"\n')
        assert shelf.named("focus") == path
        assert shelf.delete("focus") == path
        assert shelf.named("focus") == PRESETS / "focus.toml"
        with pytest.raises(RecipeError, match='"focus" is a preset'):
            shelf.delete("focus")
        with pytest.raises(RecipeError, match='"focus" is a preset'):
            shelf.rename("focus", "other")

    def test_an_unknown_name_brings_the_nearest(self, shelf: Shelf) -> None:
        with pytest.raises(RecipeError, match=r"no recipe 'focsu'; did you mean \"focus\"\?"):
            shelf.named("focsu")
        with pytest.raises(RecipeError, match="`essentialist recipes` lists them all"):
            shelf.named("../../../etc/passwd")

    @pytest.mark.parametrize("title", ['title = "a"  # mine\n', "", "'title' = 'a'\n"])
    def test_renaming_changes_the_title_and_nothing_else(self, shelf: Shelf, title: str) -> None:
        rest = '# a comment\nlength = 3\n\n[filter]  # another\nby = "bpm"\n'
        shelf.save("a", title + rest)
        path = shelf.rename("a", 'The "B"')
        assert path.name == "the-b.toml"
        assert path.read_text() == f'title = "The \\"B\\""\n{rest}'
        assert shelf.own() == ("the-b",)
        assert shelf.rename("the-b", "The B").name == "the-b.toml"

    def test_renaming_never_overwrites(self, shelf: Shelf) -> None:
        shelf.save("a", "")
        shelf.save("b", "")
        with pytest.raises(RecipeError, match='a recipe "b" already'):
            shelf.rename("a", "b")
        shelf.save("c", 'title = """\nlong"""\n')
        with pytest.raises(RecipeError, match="the title spans several lines"):
            shelf.rename("c", "d")
        assert shelf.own() == ("a", "b", "c")

    def test_a_damaged_recipe_is_listed_with_its_reason(self, shelf: Shelf) -> None:
        shelf.save("bad", "title = ")
        (shelf.folder / "latin.toml").write_bytes(b"title = '\xff'")
        (shelf.folder / "huge.toml").write_bytes(b"#" * 2_000_000)
        (shelf.folder / "folder.toml").mkdir()
        (shelf.folder / "notes.txt").write_text("x")
        problems: Mapping[str, str | None] = {each.name: each.problem for each in shelf.listed() if not each.is_preset}
        assert list(problems) == ["bad", "huge", "latin"]
        assert "this is no TOML" in str(problems["bad"])
        assert "too large for a recipe" in str(problems["huge"])
        assert "not UTF-8" in str(problems["latin"])

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(RecipeError, match=r"not saved: cannot make the folder .* ESSENTIALIST_RECIPES"):
            Shelf(tmp_path / "file" / "recipes").save("a", "")
        assert Shelf(tmp_path / "file").own() == ()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_folder_is_told(self, shelf: Shelf) -> None:
        shelf.save("a", "")
        shelf.folder.chmod(0o500)
        with pytest.raises(RecipeError, match=r"not saved: cannot write .*Permission denied"):
            shelf.save("b", "")


def test_a_target_with_undecodable_bytes_cannot_be_saved(library: Library) -> None:
    with pytest.raises(RecipeError, match="bytes in its name that are not UTF-8; choose another name"):
        text_of(Recipe(targets=(Target(os.fsdecode(b"/x/\xff.m3u8")),)), library.catalog)


def test_options_of_the_query_are_conditions_beside_it(library: Library) -> None:
    known = library.fields()
    rested = "(-played:any or played:>42d)"
    tree = Recipe(query="a or b", tempo=100, not_recently_played="6w").tree(known)
    assert str(tree) == f"(a or b) (bpm:47.5..52.5 or bpm:95..105 or bpm:190..210) {rested}"
    assert str(Recipe(query="a b", not_recently_played="6w").tree(known)) == f"a b {rested}"
    assert str(Recipe(not_recently_played="6w").tree(known)) == rested.strip("()")
    assert str(Recipe(query="a or b").tree(known)) == "a or b"


@given(st.floats(20, 400))
def test_any_tempo_is_a_query(library: Library, bpm: float) -> None:
    tree = Recipe(tempo=bpm).tree(library.fields())
    assert str(parse_query(str(tree), library.fields())) == str(tree)
