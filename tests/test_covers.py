"""Covers: beside the file or inside it, and nothing that is no picture or lies elsewhere."""

from __future__ import annotations

import base64
import shutil
from typing import TYPE_CHECKING

import mutagen
import pytest
from mutagen.apev2 import APEBinaryValue, APEv2
from mutagen.asf import ASF
from mutagen.asf._attrs import ASFByteArrayAttribute
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3
from mutagen.mp4 import MP4, MP4Cover

import sounds
from essentialist.catalogue.catalog import Catalog
from essentialist.errors import UnknownTrack
from essentialist.files import covers
from essentialist.hearing.covers import cover
from essentialist.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection

JPEG = b"\xff\xd8\xff\xe0" + b"front" * 20
PNG = b"\x89PNG\r\n\x1a\n" + b"back" * 20
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + b"x" * 20
BACK, FRONT = 4, 3


def beep(path: Path) -> Path:
    return sounds.write(path, sounds.stereo(sounds.sine(440, 0.5, 44_100)), 44_100)


def block(content: bytes, kind: int) -> Picture:
    made = Picture()
    made.data, made.type, made.mime = content, kind, "image/whatever"
    return made


def put_into_mp3(path: Path) -> None:
    tags = ID3()
    for content, kind in ((PNG, BACK), (JPEG, FRONT)):
        tags.add(APIC(encoding=3, mime="image/jpeg", type=kind, desc=str(kind), data=content))
    tags.save(path)


def put_into_flac(path: Path) -> None:
    file = FLAC(path)
    file.add_picture(block(PNG, BACK))
    file.add_picture(block(JPEG, FRONT))
    file.save()


def put_into_ogg(path: Path) -> None:
    file = mutagen.File(path)
    file["metadata_block_picture"] = [base64.b64encode(block(JPEG, FRONT).write()).decode()]
    file.save()


def put_into_m4a(path: Path) -> None:
    file = MP4(path)
    file["covr"] = [MP4Cover(JPEG, MP4Cover.FORMAT_PNG)]
    file.save()


def put_into_wv(path: Path) -> None:
    tags = APEv2()
    tags["Cover Art (Front)"] = APEBinaryValue(b"cover.jpg\0" + JPEG)
    tags.save(path)


def put_into_wma(path: Path) -> None:
    file = ASF(path)
    head = bytes([FRONT]) + len(JPEG).to_bytes(4, "little") + "image/jpeg\0".encode("utf-16-le") + b"\0\0"
    file["WM/Picture"] = [ASFByteArrayAttribute(head + JPEG)]
    file.save()


PUT = {
    ".mp3": put_into_mp3,
    ".flac": put_into_flac,
    ".ogg": put_into_ogg,
    ".opus": put_into_ogg,
    ".m4a": put_into_m4a,
    ".wv": put_into_wv,
    ".wma": put_into_wma,
}


@pytest.mark.parametrize("suffix", PUT)
def test_the_front_is_found_inside(tmp_path: Path, suffix: str) -> None:
    path = beep(tmp_path / f"a{suffix}")
    assert covers.inside(path) is None
    PUT[suffix](path)
    assert covers.inside(path) == covers.Picture("image/jpeg", JPEG)


@pytest.mark.parametrize(
    ("content", "media_type"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")], ids=repr
)
def test_a_picture_is_what_begins_as_one(content: bytes, media_type: str) -> None:
    assert covers.picture(content) == covers.Picture(media_type, content)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload='x()'>", b"GIF89a", b"<html>", b"BM", b"RIFF\0\0\0\0WAVE", JPEG + bytes(covers.LARGEST)],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_none_or_too_large_is_not_shown(tmp_path: Path, content: bytes) -> None:
    assert covers.picture(content) is None
    path = beep(tmp_path / "a.mp3")
    tags = ID3()
    tags.add(APIC(mime="image/jpeg", type=FRONT, data=content))
    tags.save(path)
    assert covers.inside(path) is None


@pytest.mark.parametrize("content", [b"", b"ID3\x04\0\0\x7f\x7f\x7f\x7f", b"fLaC" + bytes(99), b"OggS" + bytes(99)])
def test_a_damaged_file_has_no_cover(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    assert covers.inside(path) is None


def test_the_likeliest_name_comes_first(tmp_path: Path) -> None:
    for name in ("folder.png", "Cover.JPG", "booklet.jpg", "cover.txt", "front.jpeg"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in covers.beside(tmp_path / "a.mp3")] == ["Cover.JPG", "folder.png", "front.jpeg"]
    assert covers.beside(tmp_path / "no folder/a.mp3") == []


class TestOfATrack:
    @pytest.fixture
    def library(self, collection: Collection, tmp_path: Path) -> Library:
        shutil.copytree(collection.music, tmp_path / "Music")
        shutil.copy(collection.catalog, tmp_path / "catalog.db")
        library = Library(Catalog(tmp_path / "catalog.db"))
        library.relocate(collection.music, tmp_path / "Music")
        return library

    def found(self, library: Library) -> covers.Picture | None:
        (two,) = library.ids("title:two")
        return cover(library.catalog, two)

    def test_beside_before_inside(self, library: Library, tmp_path: Path) -> None:
        beats = tmp_path / "Music/Beats"
        assert self.found(library) is None
        put_into_mp3(beats / "02 Two.mp3")
        assert self.found(library) == covers.Picture("image/jpeg", JPEG)
        (beats / "folder.png").write_bytes(b"no picture")
        assert self.found(library) == covers.Picture("image/jpeg", JPEG)
        (beats / "cover.png").write_bytes(PNG)
        assert self.found(library) == covers.Picture("image/png", PNG)

    def test_nothing_outside_of_the_collection(self, library: Library, tmp_path: Path) -> None:
        secret = tmp_path / "secret.png"
        secret.write_bytes(PNG)
        (tmp_path / "Music/Beats/cover.png").symlink_to(secret)
        assert self.found(library) is None
        (tmp_path / "Music/Beats/folder.png").mkdir()
        assert self.found(library) is None

    def test_no_file_no_cover_and_no_track_an_error(self, library: Library, tmp_path: Path) -> None:
        shutil.rmtree(tmp_path / "Music")
        assert self.found(library) is None
        with pytest.raises(UnknownTrack):
            cover(library.catalog, 999)
