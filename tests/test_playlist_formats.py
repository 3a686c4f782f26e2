"""Every playlist format: what is written reads back as the same files, and nothing that is read can do harm."""

from __future__ import annotations

import json
import os
import posixpath
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.errors import ExportError
from essentialist.exports import Entry, Exporter, exporters, jspf, m3u8, pls, rekordbox, xspf
from essentialist.exports._entries import MAX_BYTES
from essentialist.locations import Locations, PathMapping, PathStyle
from essentialist.playlist import Playlist
from essentialist.track import Track

FORMATS = pytest.mark.parametrize("exporter", exporters(), ids=lambda each: each.suffix)
LIBRARY = Path("/lib")

names = (
    st.binary(min_size=1, max_size=12)
    .map(lambda name: name.replace(b"/", b"#").replace(b"\0", b"\n"))
    .filter(lambda name: name not in (b".", b".."))
)
paths = st.lists(names, min_size=1, max_size=3).map(lambda each: Path(os.fsdecode(b"/" + b"/".join(each))))
texts = st.text(st.characters())  # unpaired surrogates, too
tracks = st.builds(
    Track,
    id=st.integers(1, 9),
    path=paths,
    title=texts,
    artist=texts,
    album=texts,
    track_number=st.none() | st.integers(-1, 999),
    duration=st.none() | st.floats(),
    values=st.fixed_dictionaries({}, optional={"bpm": st.floats(40, 208), "key": texts, "scale": texts}),
)
playlists = st.builds(
    Playlist, texts, st.lists(tracks, max_size=4, unique_by=(lambda each: each.id, lambda each: each.path)).map(tuple)
)
WHOLE = Track(
    *(7, Path("/lib/C#/1 & 2.mp3"), "T <1>", "A & B", "A", 'The "Album"', 3, 1999, "Rock", 61.6),
    values={"bpm": 123.456, "key": "F#", "scale": "minor"},
)


# What is written


@FORMATS
@given(playlist=playlists, style=st.sampled_from(["auto", "relative", "absolute", "uri"]), folder=paths)
def test_what_is_written_reads_back_as_the_same_files(
    exporter: Exporter, playlist: Playlist, style: PathStyle, folder: Path
) -> None:
    style = "uri" if exporter is rekordbox.EXPORTER else style
    rendered = exporter.render(playlist, Locations(style, folder))
    assert exporter.signature.match(rendered.content)
    skipped = {path for path, _ in rendered.skipped}
    expected = [str(track.path) for track in playlist.tracks if track.path not in skipped]
    read = exporter.read(rendered.content, folder)
    assert [posixpath.normpath(entry.location) for entry in read] == expected
    assert not skipped or exporter.is_plain_text


@pytest.mark.parametrize(
    ("exporter", "expected"),
    [
        (m3u8.EXPORTER, Entry(str(WHOLE.path), "T <1>", "A & B", "", 62)),
        (pls.EXPORTER, Entry(str(WHOLE.path), "T <1>", "A & B", "", 62)),
        (xspf.EXPORTER, Entry(str(WHOLE.path), "T <1>", "A & B", 'The "Album"', 61.6)),
        (jspf.EXPORTER, Entry(str(WHOLE.path), "T <1>", "A & B", 'The "Album"', 61.6)),
        (rekordbox.EXPORTER, Entry(str(WHOLE.path), "T <1>", "A & B", 'The "Album"', 62)),
    ],
    ids=lambda each: getattr(each, "suffix", ""),
)
def test_what_a_format_says_of_a_track(exporter: Exporter, expected: Entry) -> None:
    content = exporter.render(Playlist("P", (WHOLE,)), Locations("auto", LIBRARY)).content
    assert exporter.read(content, LIBRARY) == (expected,)


@FORMATS
def test_what_is_not_known_is_not_said(exporter: Exporter) -> None:
    bare = Track(1, Path("/lib/a.mp3"), "A")
    content = exporter.render(Playlist("", (bare,)), Locations("auto", LIBRARY)).content
    assert exporter.read(content, LIBRARY) == (Entry("/lib/a.mp3", "A"),)


def test_xspf_as_its_specification_has_it() -> None:
    track = replace(WHOLE, title="a\x01b\ud800")
    content = xspf.render(Playlist("P", (track,)), Locations("relative", LIBRARY / "lists")).content
    root = ElementTree.fromstring(content)
    (element,) = root.findall(".//{http://xspf.org/ns/0/}track")
    said = {child.tag.rpartition("}")[2]: child.text for child in element}
    assert list(said) == ["location", "title", "creator", "album", "trackNum", "duration"]
    assert said["location"] == "../C%23/1%20%26%202.mp3"
    assert said["title"] == "a b\ufffd"
    assert said["duration"] == "61600"


def test_pls_counts_its_entries() -> None:
    content = pls.render(Playlist("P", (WHOLE, WHOLE)), Locations("relative", LIBRARY)).content
    assert content.decode().splitlines() == [
        "[playlist]",
        *("File1=C#/1 & 2.mp3", "Title1=A & B - T <1>", "Length1=62"),
        *("File2=C#/1 & 2.mp3", "Title2=A & B - T <1>", "Length2=62"),
        *("NumberOfEntries=2", "Version=2"),
    ]


def test_rekordbox_has_tempo_key_and_each_track_once() -> None:
    content = rekordbox.render(Playlist("Set", (WHOLE, WHOLE)), Locations("auto", LIBRARY)).content
    root = ElementTree.fromstring(content)
    (track,) = root.findall("COLLECTION/TRACK")
    said = {name: track.get(name) for name in ("TrackID", "AverageBpm", "Tonality", "TotalTime", "Year", "Location")}
    assert said == {
        "TrackID": "7",
        "AverageBpm": "123.46",
        "Tonality": "F#m",
        "TotalTime": "62",
        "Year": "1999",
        "Location": "file://localhost/lib/C%23/1%20%26%202.mp3",
    }
    (node,) = root.findall("PLAYLISTS/NODE/NODE")
    assert (node.get("Name"), node.get("Type"), node.get("KeyType"), node.get("Entries")) == ("Set", "1", "0", "2")
    assert [each.get("Key") for each in node] == ["7", "7"]


def test_rekordbox_on_windows() -> None:
    track = replace(WHOLE, path=Path("/lib/a b.mp3"))
    drive = Locations("auto", LIBRARY, (PathMapping("/lib", "D:\\Music"),))
    assert b'Location="file://localhost/D:/Music/a%20b.mp3"' in rekordbox.render(Playlist("P", (track,)), drive).content
    share = Locations("auto", LIBRARY, (PathMapping("/lib", "\\\\NAS\\music"),))
    (skipped,) = rekordbox.render(Playlist("P", (track,)), share).skipped
    assert skipped.reason == "rekordbox XML knows no network address; map the folder to a drive"
    with pytest.raises(ExportError, match="absolute URIs; leave out the path style"):
        rekordbox.render(Playlist("P", (track,)), Locations("relative", LIBRARY))


@pytest.mark.parametrize("target", ["http://nas:8000/music", "https://nas/music/"])
@FORMATS
def test_addresses_of_the_web(exporter: Exporter, target: str) -> None:
    track = replace(WHOLE, path=Path("/lib/C#/caf\udce9 é.mp3"))
    rendered = exporter.render(Playlist("P", (track,)), Locations("auto", LIBRARY, (PathMapping("/lib", target),)))
    if exporter is rekordbox.EXPORTER:
        assert rendered.skipped
        return
    (entry,) = exporter.read(rendered.content, LIBRARY)
    assert entry.location == f"{target.rstrip('/')}/C%23/caf%E9%20%C3%A9.mp3"
    assert rendered.downgraded == ()


# What others wrote


@FORMATS
@given(content=st.binary())
def test_readers_survive_any_bytes(exporter: Exporter, content: bytes) -> None:
    try:
        entries = exporter.read(content, LIBRARY)
    except ExportError:
        return
    assert all((entry.location or entry.title) and "\0" not in entry.location for entry in entries)


@FORMATS
def test_readers_refuse_what_is_far_too_long(exporter: Exporter) -> None:
    with pytest.raises(ExportError, match="far too long"):
        exporter.read(b"#" * (MAX_BYTES + 1), LIBRARY)


@FORMATS
def test_windows_paths_stay_as_they_are(exporter: Exporter) -> None:
    track = replace(WHOLE, path=Path("/lib/a b.mp3"))
    locations = Locations("absolute", LIBRARY, (PathMapping("/lib", "D:\\Music"),))
    (entry,) = exporter.read(exporter.render(Playlist("P", (track,)), locations).content, LIBRARY)
    assert entry.location.replace("\\", "/") == "D:/Music/a b.mp3"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE playlist [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<playlist><trackList><track><location>&b;</location></track></trackList></playlist>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE playlist [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<playlist><trackList><track><location>x</location><title>&a;</title></track></trackList></playlist>"""


@pytest.mark.parametrize("content", [BOMB, OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize("exporter", [xspf.EXPORTER, rekordbox.EXPORTER], ids=lambda each: each.suffix)
def test_xml_with_a_document_type_is_refused(exporter: Exporter, content: bytes) -> None:
    with pytest.raises(ExportError, match="has a document type, which no player needs"):
        exporter.read(content.replace(b"<playlist>", b"<DJ_PLAYLISTS>"), LIBRARY)


@pytest.mark.parametrize(
    "content",
    [
        b"<playlist>",
        b"<playlist><a></playlist>",
        b"<html/>",
        b'<?xml version="1.0" encoding="no-such"?><playlist/>',
        b"<playlist>&nbsp;</playlist>",
        b"<playlist><trackList><track><location>file:///a%00b</location></track></trackList></playlist>",
    ],
)
def test_damaged_xml(content: bytes) -> None:
    with pytest.raises(ExportError, match="this is no"):
        xspf.read(content, LIBRARY)


def test_deep_and_long_xml_takes_no_time() -> None:
    content = b"<playlist>" + b"<a>" * 300_000 + b"x" * 1_000_000 + b"</a>" * 300_000 + b"</playlist>"
    started = time.process_time()
    assert xspf.read(content, LIBRARY) == ()
    assert time.process_time() - started < 10


def test_xspf_of_others() -> None:
    content = """<?xml version="1.0" encoding="ISO-8859-1"?>
    <playlist version="1" xmlns="http://xspf.org/ns/0/"><!-- a comment -->
      <title>x</title><trackList>
        <track><title>no location</title></track>
        <track><location> file:///m/a%20b.mp3 </location><location>second.mp3</location>
          <extension application="x"><location>inner.mp3</location><title>inner</title></extension>
          <title><![CDATA[Café]]></title><duration>soon</duration></track>
        <track><location>b/c.mp3</location></track>
        <track><location>http://host/d%20.mp3</location></track>
        <track><location>file:///C:/Music/e.mp3</location></track>
    </trackList></playlist>""".encode("latin-1")
    assert xspf.read(content, LIBRARY) == (
        Entry("", "no location"),
        Entry("/m/a b.mp3", "Café"),
        Entry("/lib/b/c.mp3"),
        Entry("http://host/d%20.mp3"),
        Entry("C:/Music/e.mp3"),
    )


def test_pls_of_others() -> None:
    content = b"[Playlist]\r\nfile10=b.mp3\r\nFile2 =a.mp3\r\nTitle2=A - T\r\nLength2=-1\r\nFileX=c\r\nTitle3=lost\r\n"
    assert pls.read(content, LIBRARY) == (Entry("/lib/a.mp3", "T", "A"), Entry("/lib/b.mp3"))


@pytest.mark.parametrize(
    "document",
    [{}, [], 1, {"playlist": {}}, {"playlist": {"track": 1}}, {"playlist": {"track": [1]}}, {"playlist": "track"}],
)
def test_json_that_is_no_jspf(document: object) -> None:
    with pytest.raises(ExportError, match="no list of tracks"):
        jspf.read(json.dumps(document).encode(), LIBRARY)


def test_jspf_of_others() -> None:
    tracks = [
        {"title": "no location", "location": []},
        {"location": "a%20b.mp3", "title": 3, "duration": "x"},
        {"location": ["file:///m/c.mp3", "d.mp3"], "creator": "A", "duration": 1500},
    ]
    content = json.dumps({"playlist": {"track": tracks}}).encode()
    assert jspf.read(content, LIBRARY) == (
        Entry("", "no location"),
        Entry("/lib/a b.mp3"),
        Entry("/m/c.mp3", "", "A", "", 1.5),
    )
    with pytest.raises(ExportError, match="JSON is damaged"):
        jspf.read(b'{"playlist": ' + b"[" * 100_000, LIBRARY)


def test_rekordbox_of_others() -> None:
    content = b"""<DJ_PLAYLISTS><COLLECTION><TRACK TrackID="1" Location="file://localhost/m/a.mp3" Name="A"/>
    <TRACK TrackID="2" Location="file://localhost/m/b.mp3"><TEMPO Bpm="1"/></TRACK></COLLECTION>%s</DJ_PLAYLISTS>"""
    assert [each.location for each in rekordbox.read(content % b"", LIBRARY)] == ["/m/a.mp3", "/m/b.mp3"]
    node = b'<NODE KeyType="1"><TRACK Key="file://localhost/m/b.mp3"/><TRACK Key="gone"/></NODE>'
    assert [each.location for each in rekordbox.read(content % node, LIBRARY)] == ["/m/b.mp3"]
