"""What was played: every common form of export, matched by artist and title, counted once."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import EssentialistError, HistoryError
from essentialist.exports import Entry
from essentialist.history import Known, enter, forget_plays, keep_listens, known
from essentialist.history_files import Listen, count, listens_within, moment, read
from essentialist.library import Library, similar_to
from essentialist.playlist_files.matching import Collection
from essentialist.recipes.recipe import Recipe
from kept import add
from kept import library as made_library

if TYPE_CHECKING:
    from pathlib import Path

AT = 1_600_000_000
BLUE = Listen("Nina", "Blue, in Green", "Best", at=AT)
DAY_S = 86_400

LISTENBRAINZ = {
    "listened_at": AT,
    "track_metadata": {
        "artist_name": "Nina",
        "track_name": "Blue, in Green",
        "release_name": "Best",
        "additional_info": {"artist": "X", "title": "Y"},
    },
}
LAST_FM = {
    "artist": {"mbid": "", "#text": "Nina"},
    "name": "Blue, in Green",
    "album": {"#text": "Best"},
    "date": {"uts": str(AT), "#text": "13 Sep 2020, 12:26"},
}
NOW = {**LAST_FM, "name": "Playing", "@attr": {"nowplaying": "true"}}
TOP = {"name": "Blue, in Green", "playcount": "12", "artist": {"name": "Nina"}}
DATE = "13 Sep 2020 12:26"
FORMS = {
    "listens.jsonl": json.dumps(LISTENBRAINZ) + "\n",
    "listens.json": json.dumps([LISTENBRAINZ], indent=2),
    "api.json": json.dumps({"payload": {"count": 1, "listens": [LISTENBRAINZ]}}),
    "recent.json": json.dumps({"recenttracks": {"track": [NOW, LAST_FM], "@attr": {"user": "x"}}}),
    "pages.json": json.dumps([{"track": [LAST_FM]}]),
    "stats.json": json.dumps(
        {"username": "x", "scrobbles": [{"track": BLUE.title, "artist": "Nina", "album": "Best", "date": AT * 1000}]}
    ),
    "plain.csv": f'Nina,Best,"Blue, in Green",{DATE}\n',
    "header.csv": f'uts,utc_time,artist,artist_mbid,album,track\n"{AT}","{DATE}","Nina","","Best","Blue, in Green"\n',
    "semicolons.csv": f'\ufeffArtist;Album;AlbumId;Track;Date#x\r\n"Nina";"Best";"1";"Blue, in Green";"{AT}000"\r\n',
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return made_library(tmp_path, 30)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


class TestFiles:
    @pytest.mark.parametrize("name", FORMS)
    def test_every_common_form_says_the_same(self, tmp_path: Path, name: str) -> None:
        (listen,) = read(written(tmp_path, name, FORMS[name]))
        assert (listen.artist, listen.title, listen.album, listen.plays) == ("Nina", "Blue, in Green", "Best", 1)
        assert abs(listen.at - AT) < 60  # some forms know minutes only

    def test_a_zipped_export_is_read_as_it_is(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            archive.writestr("listens/2020/9.jsonl", FORMS["listens.jsonl"] * 2)
            archive.writestr("../../listens/2021/1.jsonl", FORMS["listens.jsonl"])
            archive.writestr("user.json", '{"user_id": 1, "username": "nina"}')
            archive.writestr("readme.txt", "Nina,Best,Blue in Green,13 Sep 2020 12:26")
        assert list(read(tmp_path / "export.zip")) == [BLUE] * 3
        assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]

    def test_rows_with_date_and_time_apart_and_without_album(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a.csv", "2020-09-13,12:26:40,Nina,Blue\n2020-09-13,12:20:40,Ella,Red\n")
        assert list(read(path)) == [Listen("Nina", "Blue", at=AT), Listen("Ella", "Red", at=AT - 360)]

    def test_counts_without_times(self, tmp_path: Path) -> None:
        text = json.dumps({"toptracks": {"track": [TOP]}, "topalbums": {"album": [TOP]}})
        assert list(read(written(tmp_path, "top.json", text))) == [Listen("Nina", "Blue, in Green", plays=12)]

    def test_a_playlist_counts_as_played_when_it_was_written(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a.m3u8", "#EXTM3U\n#EXTINF:3,x\nmusic/a.flac\n/b.flac\n")
        os.utime(path, (AT, AT))
        first = Listen(title="x", path=str(tmp_path / "music/a.flac"), at=AT, duration=3.0)
        assert list(read(path)) == [first, Listen(path="/b.flac", at=AT)]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "tells of nothing played: give an export"),
            (b"artist,track\n", "tells of nothing played"),
            (b"\0\1\2binary\xff" * 99, "nothing played|damaged"),
            (b'{"a": 1}', "tells of nothing played"),
            (b'{"a": ', "damaged or of another kind: .* Export it again"),
            (b'{"artist": "a", "name": "b"}\n{"art', "damaged or of another kind"),
            (b"[" * 100_000, "damaged or of another kind"),
            (b"PK\3\4nothing", "nothing played"),
        ],
    )
    def test_other_files_are_told_in_one_line(self, tmp_path: Path, content: bytes, said: str) -> None:
        with pytest.raises(HistoryError, match=said) as raised:
            list(read(written(tmp_path, "history.bin", content)))
        assert "\n" not in str(raised.value)

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(HistoryError, match=r"Cannot read .*none\.json: No such file.* Name another file\."):
            list(read(tmp_path / "none.json"))
        with pytest.raises(HistoryError, match="Cannot read"):
            list(read(tmp_path))

    @given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.json", "a.m3u", "a.zip"]))
    @settings(max_examples=100)
    def test_any_bytes_are_read_or_told(self, tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
        path = written(tmp_path_factory.getbasetemp(), name, data)
        try:
            listens = list(read(path))
        except EssentialistError:
            listens = []
        assert all(str(listen) and listen.plays >= 1 and listen.at >= 0 for listen in listens)

    @given(st.recursive(st.text() | st.integers() | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
    def test_any_json_is_searched(self, document: object) -> None:
        assert list(listens_within([document, LISTENBRAINZ])).count(BLUE) == 1

    def test_times_and_counts_that_cannot_be_are_unknown(self) -> None:
        ahead = time.time() + 3 * DAY_S
        impossible: tuple[object, ...] = (
            "",
            "soon",
            None,
            True,
            -5,
            ahead,
            "0000-00-00",
            {},
            [],
            "999999999999999",
            float("inf"),
        )
        assert [moment(value) for value in impossible] == [0.0] * len(impossible)
        zoned = dt.datetime.fromtimestamp(AT, dt.timezone.utc).isoformat()
        assert [moment(value) for value in (AT, str(AT), AT * 1000, zoned, {"uts": AT})] == [AT] * 5
        assert [count(value) for value in ("7", 3.5, "-1", "x", 10**30)] == [7, 1, 1, 1, 1_000_000]


class TestMatching:
    @pytest.mark.parametrize(
        ("artist", "title"),
        [
            ("Artist 7", "Title 7"),
            ("ARTIST 7 ", "title  7"),
            ("Ártist 7", "Títle 7"),
            ("Artist 7 feat. Somebody", "Title 7 (Live)"),
            ("Artist 7", "Title 7 - Remastered 2009"),
        ],
    )
    def test_artist_and_title_find_a_track_however_they_are_written(
        self, library: Library, artist: str, title: str
    ) -> None:
        found = Collection(library.catalog).meant(Entry("", title=title, artist=artist))
        assert found is not None
        assert library.track(found.track_id).title == "Title 7"

    @pytest.mark.parametrize("listen", [Listen("Artist 8", "Title 7"), Listen("", ""), Listen(path="/gone.flac")])
    def test_another_is_not_there(self, library: Library, listen: Listen) -> None:
        entry = Entry(listen.path, listen.title, listen.artist)
        assert Collection(library.catalog).meant(entry) is None

    def test_a_path_finds_its_track(self, library: Library) -> None:
        track = library.tracks()[3]
        (found,) = Collection(library.catalog).matches([Entry(str(track.path))])
        assert found.track == track


class TestKept:
    def test_what_was_played_is_counted_and_what_is_not_here_is_told(self, library: Library) -> None:
        listens = [Listen("Artist 7", "Title 7", at=AT + day * DAY_S) for day in range(3)]
        done = keep_listens(library.catalog, [*listens, Listen("X", "Y"), Listen("X", "Y"), Listen("Z", "Y", plays=5)])
        assert (done.n_plays, done.n_matched, len(done.tracks)) == (10, 3, 1)
        assert done.unknown.most_common() == [("Z - Y", 5), ("X - Y", 2)]
        (track,) = library.tracks("plays:3")
        assert track.title == "Title 7"
        assert library.tracks("played:any") == (track,)
        assert len(library.tracks("plays:0")) == 29

    def test_the_same_listens_count_once(self, library: Library) -> None:
        listens = [Listen("Artist 7", "Title 7", at=AT), Listen("Artist 8", "Title 8", plays=4)]
        for _ in range(2):
            keep_listens(library.catalog, listens)
        assert known(library.catalog) == Known(plays=5, played=2, liked=0, disliked=0)
        keep_listens(library.catalog, [Listen("Artist 7", "Title 7", at=AT), Listen("Artist 7", "Title 7", at=AT + 9)])
        assert known(library.catalog).plays == 6

    def test_a_damaged_file_changes_nothing(self, library: Library, tmp_path: Path) -> None:
        good = json.dumps({"artist": "Artist 7", "name": "Title 7"})
        with pytest.raises(HistoryError):
            keep_listens(library.catalog, read(written(tmp_path, "a.jsonl", f"{good}\n{good}\n{{")))
        assert known(library.catalog) == Known(0, 0, 0, 0)

    def test_not_recently_played(self, library: Library) -> None:
        recent, old = library.tracks()[:2]
        enter(library.catalog, {(recent.id, time.time() - 5 * DAY_S): 1, (old.id, time.time() - 50 * DAY_S): 1})
        rested = library.tracks("played:none,>30d")
        assert recent not in rested
        assert old in rested
        assert len(rested) == 29
        wishes = Wishes(Length())
        made = library.make(Recipe(not_recently_played="30d", wishes=wishes))
        assert sorted(track.id for track in made.tracks) == [track.id for track in rested]

    def test_a_library_that_is_held_in_memory_says_the_same(self, library: Library) -> None:
        library.hold()
        a, b, *_ = library.tracks()
        enter(library.catalog, {(a.id, time.time() - 5 * DAY_S): 3, (b.id, 0): 2})
        library.judge(a, liked=False)
        for query in ("plays:3", "plays:0", "plays:p95..", "played:none,>30d", "played:<6d", "liked:no", "liked:none"):
            held = [track.id for track in library.tracks(query)]
            assert held == [track.id for track in Library(library.catalog).tracks(query)]
            assert 0 < len(held) < 30

    def test_forgetting_what_was_played_keeps_what_is_liked(self, library: Library) -> None:
        first, second, *_ = library.tracks()
        enter(library.catalog, {(first.id, AT): 3, (second.id, AT): 1})
        library.judge(first, liked=True)
        forget_plays(library.catalog)
        assert known(library.catalog) == Known(0, 0, 1, 0)


class TestTaste:
    def test_liked_disliked_and_taken_back(self, library: Library) -> None:
        a, b, c, *_ = library.tracks()
        library.judge(a, b.id, liked=True)
        library.judge(b, str(c.path), liked=False)
        assert library.tracks("liked:yes") == (a,)
        assert library.tracks("liked:no") == (b, c)
        assert len(library.tracks("liked:none")) == 27
        library.judge(a, b, c, liked=None)
        assert library.tracks("liked:any") == ()

    def test_no_playlist_takes_what_is_disliked_unless_asked_for_it(self, library: Library) -> None:
        a, b, *_ = library.tracks()
        library.judge(b, liked=False)
        everything = Wishes(Length())
        assert b not in library.playlist(wishes=everything).tracks
        assert b not in library.playlist(choose=similar_to(a), wishes=everything).tracks
        assert library.playlist("liked:no", wishes=everything).tracks == (b,)
        assert b not in library.playlist('-artist:"liked: x"', wishes=everything).tracks
        assert b in library.playlist("-(liked:yes or year:1990)", wishes=everything).tracks

    def test_it_stays_when_the_file_goes_and_comes_again(self, library: Library, tmp_path: Path) -> None:
        track = library.tracks()[4]
        library.judge(track, liked=True)
        enter(library.catalog, {(track.id, AT): 2})
        with library.catalog.connected() as db:
            db.execute("DELETE FROM file WHERE track_id = ?", (track.id,))
        assert library.tracks("liked:yes") == ()
        assert known(library.catalog).liked == 1
        moved = tmp_path / "elsewhere" / "004.flac"
        moved.parent.mkdir()
        track.path.rename(moved)
        add(library.catalog.path, moved.parent)
        (again,) = library.tracks("liked:yes plays:2")
        assert again.path == moved
