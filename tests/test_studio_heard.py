"""The outline of a track and what was heard, as the studio's routes give and take them."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import studios
from essentialist.library import Library

if TYPE_CHECKING:
    from conftest import Collection

OURS = ({"sec-fetch-site": "same-origin"}, {"origin": "http://localhost"})
NOT_OURS: tuple[dict[str, str], ...] = (
    {},
    {"origin": "null"},
    {"origin": "http://evil.example"},
    {"origin": "http://["},
    {"sec-fetch-site": "cross-site", "origin": "http://localhost"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
)
NOBODY = (0, 999, 10**30)


@pytest.fixture
def catalog(collection: Collection, tmp_path: Path) -> Path:
    return Path(shutil.copy(collection.catalog, tmp_path / "catalog.db"))


def test_an_outline_is_400_peaks(catalog: Path) -> None:
    answer = studios.client(catalog).get("/api/waveform/1")
    assert answer.status_code == 200
    assert len(answer.content) == 400
    assert max(answer.content) > 20
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("track_id", NOBODY)
def test_of_nothing_there_is_no_outline_and_no_listen(catalog: Path, track_id: int) -> None:
    client = studios.client(catalog)
    assert client.get(f"/api/waveform/{track_id}").status_code == 404
    assert client.post(f"/api/heard/{track_id}", headers=OURS[0]).status_code == 404


@pytest.mark.parametrize("headers", OURS)
def test_what_was_heard_can_be_asked_for(catalog: Path, headers: dict[str, str]) -> None:
    before = time.time()
    assert studios.client(catalog).post("/api/heard/2", headers=headers).status_code == 204
    (heard,) = Library.open(catalog).tracks("plays:>0")
    assert heard.id == 2
    assert before - 1 <= (heard.number("played") or 0) <= time.time()
    assert [track.id for track in Library.open(catalog).tracks("played:<1h")] == [2]


@pytest.mark.parametrize("headers", NOT_OURS)
def test_another_site_writes_no_history(catalog: Path, headers: dict[str, str]) -> None:
    assert studios.client(catalog).post("/api/heard/2", headers=headers).status_code == 403
    assert studios.client(catalog).get("/api/heard/2", headers=OURS[0]).status_code in {404, 405}
    assert Library.open(catalog).tracks("plays:>0") == ()


def test_a_read_only_studio_keeps_no_history(catalog: Path) -> None:
    assert studios.client(catalog, read_only=True).post("/api/heard/2", headers=OURS[0]).status_code == 403
    assert Library.open(catalog).tracks("plays:>0") == ()
