"""What browsers play as it is, by real files of every format."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import APIC, ID3

import sounds
from essentialist.hearing.browsers import AAC, FLAC, MP3, MP4, OGG, WAV, WEBM, Kind, kind_of

if TYPE_CHECKING:
    from pathlib import Path

BEEP = sounds.stereo(sounds.sine(440, 1.0, 48_000))
PLAYED = [
    (".mp3", None, MP3),
    (".flac", None, FLAC),
    (".ogg", None, OGG),
    (".ogg", "libopus", OGG),
    (".ogg", "flac", OGG),
    (".opus", None, OGG),
    (".webm", None, WEBM),
    (".m4a", None, MP4),
    (".mp4", None, MP4),
    (".aac", None, AAC),
    (".wav", None, WAV),
    (".wav", "pcm_u8", WAV),
    (".wav", "pcm_s24le", WAV),
]
NOT_PLAYED = [
    *((".m4a", "alac"), (".aiff", None), (".wma", None), (".wv", None), (".mka", None), (".caf", None), (".au", None)),
    *((".w64", None), (".tta", None), (".ac3", None), (".eac3", None), (".mp2", None)),
    *((".wav", "pcm_f32le"), (".wav", "pcm_s32le"), (".wav", "pcm_alaw")),
]


def kind_at(path: Path) -> Kind | None:
    with path.open("rb") as file:
        return kind_of(file)


@pytest.mark.parametrize(("suffix", "codec", "kind"), PLAYED)
def test_what_browsers_play(tmp_path: Path, suffix: str, codec: str | None, kind: Kind) -> None:
    assert kind_at(sounds.write(tmp_path / f"a{suffix}", BEEP, 48_000, codec=codec)) == kind


@pytest.mark.parametrize(("suffix", "codec"), NOT_PLAYED)
def test_what_they_do_not(tmp_path: Path, suffix: str, codec: str | None) -> None:
    assert kind_at(sounds.write(tmp_path / f"a{suffix}", BEEP, 48_000, codec=codec)) is None


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    assert kind_at(sounds.write(tmp_path / "a.mp3", BEEP, 48_000).rename(tmp_path / "a.txt")) == MP3
    assert kind_at(sounds.write(tmp_path / "a.aiff", BEEP, 48_000).rename(tmp_path / "a.wav")) is None


def test_a_large_cover_stands_before_the_sound(tmp_path: Path) -> None:
    path = sounds.write(tmp_path / "a.mp3", BEEP, 48_000)
    tags = ID3(path)
    tags.add(APIC(mime="image/jpeg", data=b"\xff\xe3" * 200_000))
    tags.save(path)
    assert kind_at(path) == MP3


@pytest.mark.parametrize(
    "content",
    [b"", b"ID3", b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS", bytes(8) + b"x" * 99, b"\0\0\0\x08ftyp" * 10_000],
    ids=repr,
)
def test_what_is_cut_short_or_made_to_do_harm_is_none(content: bytes) -> None:
    assert kind_of(io.BytesIO(content)) is None


@given(st.sampled_from([b"", b"ID3\x04\0\0", b"RIFF....WAVEfmt ", b"\0\0\0\x08ftyp", b"\x1a\x45\xdf\xa3"]), st.binary())
def test_whatever_the_bytes_there_is_an_answer(head: bytes, rest: bytes) -> None:
    found = kind_of(io.BytesIO(head + rest))
    assert found is None or found.media_type.startswith("audio/")
