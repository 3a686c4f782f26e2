"""Sound and covers over http: in parts, by id, with the right types, and never a path."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import sounds
import studios
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.sources import source
from essentialist.hearing.clipping import write
from essentialist.hearing.clips import Clips
from essentialist.hearing.passages import Passage
from essentialist.library import Library
from test_covers import JPEG, put_into_mp3

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from conftest import Collection


@dataclass(frozen=True, slots=True)
class Own:
    """A collection to be spoilt, and who asks for it."""

    music: Path
    catalog: Path
    client: TestClient

    def id(self, title: str) -> int:
        (found,) = Library(Catalog(self.catalog)).ids(f"title:{title}")
        return found


@pytest.fixture
def own(collection: Collection, tmp_path: Path) -> Own:
    shutil.copytree(collection.music, tmp_path / "Music")
    catalog = tmp_path / "catalog.db"
    shutil.copy(collection.catalog, catalog)
    Library(Catalog(catalog)).relocate(collection.music, tmp_path / "Music")
    return Own(tmp_path / "Music", catalog, studios.client(catalog))


def clip(own: Own, track_id: int, tmp_path: Path) -> bytes:
    """Make a clip of a track; its bytes."""
    path = Clips(own.catalog).path(source(Catalog(own.catalog), track_id).fingerprint)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w+b") as file:
        write(sounds.write(tmp_path / "a.flac", sounds.chord(seconds=4.0), 44_100), file, Passage(0.5, 2.0))
    return path.read_bytes()


def test_a_track_is_given_whole_and_in_parts(own: Own) -> None:
    whole = (own.music / "Beats/02 Two.mp3").read_bytes()
    address = f"/api/audio/{own.id('two')}"
    answer = own.client.get(address)
    assert (answer.status_code, answer.content) == (200, whole)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-preview" not in answer.headers
    assert "content-disposition" not in answer.headers
    for asked, expected, told in (
        ("bytes=0-0", whole[:1], f"bytes 0-0/{len(whole)}"),
        ("bytes=100-199", whole[100:200], f"bytes 100-199/{len(whole)}"),
        ("bytes=-50", whole[-50:], f"bytes {len(whole) - 50}-{len(whole) - 1}/{len(whole)}"),
        (f"bytes={len(whole) - 7}-", whole[-7:], f"bytes {len(whole) - 7}-{len(whole) - 1}/{len(whole)}"),
    ):
        part = own.client.get(address, headers={"Range": asked})
        assert (part.status_code, part.content, part.headers["content-range"]) == (206, expected, told)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=99999999-999999999"])
def test_a_part_that_is_not_there_is_416(own: Own, asked: str) -> None:
    answer = own.client.get(f"/api/audio/{own.id('two')}", headers={"Range": asked})
    assert answer.status_code == 416
    size = (own.music / "Beats/02 Two.mp3").stat().st_size
    assert answer.headers["content-range"] in {f"bytes */{size}", f"*/{size}"}


def test_head_tells_without_giving(own: Own) -> None:
    answer = own.client.head(f"/api/audio/{own.id('two')}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == (own.music / "Beats/02 Two.mp3").stat().st_size
    assert own.client.post(f"/api/audio/{own.id('two')}").status_code == 405


def test_what_browsers_cannot_play_is_converted_and_given_in_parts(own: Own) -> None:
    three = own.id('"three"')
    address = f"/api/audio/{three}"
    assert own.client.get(address).headers["content-type"] == "audio/ogg"
    first = own.client.get(f"{address}?everywhere")
    assert (first.status_code, first.headers["content-type"]) == (200, "audio/mp4")
    part = own.client.get(f"{address}?everywhere", headers={"Range": "bytes=10-19", "If-Range": first.headers["etag"]})
    assert (part.status_code, part.content) == (206, first.content[10:20])  # hearing it does not change its mark


def test_a_preview_says_so(own: Own, tmp_path: Path) -> None:
    two = own.id("two")
    content = clip(own, two, tmp_path)
    previews = studios.client(own.catalog, previews="clips")
    answer = previews.get(f"/api/audio/{two}")
    assert (answer.status_code, answer.content) == (200, content)
    assert (answer.headers["content-type"], answer.headers["x-preview"]) == ("audio/ogg; codecs=opus", "yes")
    assert previews.get(f"/api/audio/{own.id('one')}").status_code == 410
    assert studios.client(own.catalog, previews="none").get(f"/api/audio/{two}").status_code == 403


@pytest.mark.parametrize("kind", ["audio", "cover"])
@pytest.mark.parametrize(
    "name",
    [
        *("0", "999", "-1", "1.0", "1e3", "x", "", "%31%00", "\u0661", "9" * 18, "9" * 19, "9" * 5000),
        *("..", "../1", "%2e%2e%2f1", "..%2f..%2fetc%2fpasswd", "1%2f..%2f..", "/etc/passwd", "1;2", "1'--"),
    ],
    ids=lambda name: ascii(name[:25]),
)
def test_a_hostile_id_is_not_found(own: Own, kind: str, name: str) -> None:
    answer = own.client.get(f"/api/{kind}/{name}")
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_what_may_not_or_cannot_be_given_is_told_without_a_path(own: Own, tmp_path: Path) -> None:
    one, two, three = (own.id(title) for title in ("one", "two", '"three"'))
    (own.music / "Beats/01 One.flac").unlink()
    (own.music / "Beats/02 Two.mp3").unlink()
    (own.music / "Beats/02 Two.mp3").symlink_to(sounds.write(tmp_path / "b.mp3", sounds.chord(seconds=1.0), 44_100))
    (own.music / "Beats/03 Three #3.ogg").write_bytes(b"no audio")
    for track, status in ((one, 410), (two, 403), (three, 415)):
        for method in ("GET", "HEAD"):
            answer = own.client.request(method, f"/api/audio/{track}", headers={"Range": "bytes=0-9"})
            assert answer.status_code == status
            assert str(tmp_path) not in answer.text
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_cover_has_the_type_that_it_is(own: Own) -> None:
    two = own.id("two")
    assert own.client.get(f"/api/cover/{two}").status_code == 404
    put_into_mp3(own.music / "Beats/02 Two.mp3")
    answer = own.client.get(f"/api/cover/{two}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, JPEG, "image/jpeg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in answer.headers["cache-control"]
