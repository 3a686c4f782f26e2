"""Whatever a file says already: what is written is said, all else stays, and the way back leads to the same bytes."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen import id3
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC
from mutagen.id3 import ID3

from essentialist.sound import audio
from essentialist.tagging.delta import delta, restored
from essentialist.tagging.opening import open_tags
from essentialist.tagging.writing import edit
from tagged import write

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.tagging import TagField, TagSet

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffd"), min_size=1, max_size=60)
NAME = st.sampled_from(["TITLE", "artist", "Comment", "BPM", "bpm", "KEY", "INITIALKEY", "Mood", "ENERGYLEVEL", "X-Y"])
SAYS: dict[TagField, tuple[str, ...]] = {"bpm": ("128",), "key": ("F#m",), "mood": ("party", "happy"), "energy": ("8",)}
LITTLE = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

FRAMES = st.one_of(
    st.builds(lambda text: id3.TIT2(3, [text]), TEXT),
    st.builds(lambda text: id3.TBPM(3, [text]), TEXT),
    st.builds(lambda texts: id3.TKEY(3, texts), st.lists(TEXT, min_size=1, max_size=3)),
    st.builds(lambda name, text: id3.TXXX(1, name, [text]), NAME | TEXT, TEXT),
    st.builds(lambda text: id3.COMM(3, "eng", "", [text]), TEXT),
    st.builds(lambda content: id3.APIC(0, "image/png", 3, "", content), st.binary(max_size=5000)),
    st.builds(lambda content: id3.PRIV("owner", content), st.binary(max_size=200)),
)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("originals")
    for suffix in ("mp3", "flac"):
        write(folder / f"x.{suffix}")
    return folder


def wanted(tags: TagSet) -> dict[str, tuple[str, ...]]:
    return {name: values for field, texts in SAYS.items() for name, values in tags.spelled(field, texts).items()}


def there_and_back(path: Path) -> None:
    """Write, see what is said and that it sounds the same, and come back."""
    before, sound = path.read_bytes(), audio.fingerprint(path)
    tags = open_tags(path)
    others = tags.others()
    puts = wanted(tags)
    edit(path, puts)
    after = open_tags(path)
    assert {name: after.get(name) for name in puts} == puts
    assert after.others() == others
    assert audio.fingerprint(path) == sound
    written = path.read_bytes()
    assert b"".join(restored(written, delta(before, written))) == before


@LITTLE
@given(
    frames=st.lists(FRAMES, max_size=8),
    version=st.sampled_from([3, 4]),
    v1=st.sampled_from([0, 2]),
    ape=st.dictionaries(st.sampled_from(["Title", "BPM", "Key"]), TEXT, max_size=2),
    padding=st.sampled_from([0, 10, 100, 5000]),
)
def test_mp3(originals: Path, tmp_path: Path, **given: Any) -> None:
    path = tmp_path / "x.mp3"
    shutil.copy(originals / "x.mp3", path)
    if given["ape"]:
        items = APEv2()
        items.update(given["ape"])
        items.save(path)
    tags = ID3()
    for frame in given["frames"]:
        tags.add(frame)
    tags.save(path, v1=given["v1"], v2_version=given["version"], padding=lambda info: given["padding"])
    there_and_back(path)


@LITTLE
@given(comments=st.lists(st.tuples(NAME, TEXT), max_size=8), padding=st.sampled_from([0, 10, 100, 5000]))
def test_flac(originals: Path, tmp_path: Path, comments: list[tuple[str, str]], padding: int) -> None:
    path = tmp_path / "x.flac"
    shutil.copy(originals / "x.flac", path)
    file: Any = FLAC(path)
    file.tags[:] = comments
    file.save(padding=lambda info: padding)
    there_and_back(path)
