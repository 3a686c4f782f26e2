"""One sound, one fingerprint: whatever its file is called, wherever it lies, whatever its tags say."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

import random
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

import av
import mutagen
import numpy as np
import pytest
from mutagen.apev2 import APEv2
from mutagen.flac import Picture
from mutagen.id3 import APIC, ID3, TIT2
from mutagen.mp4 import MP4, MP4Cover

from essentialist.sound import audio
from sounds import FORMATS, chord, noise, sine, stereo, write

if TYPE_CHECKING:
    from pathlib import Path

    from av.audio.stream import AudioStream

    from sounds import Samples

RATE = 48_000
SECONDS = 1.5
EVERY = [
    (".mp3", None),
    (".ogg", None),
    (".ogg", "flac"),
    (".opus", None),
    (".webm", None),
    (".flac", None),
    (".m4a", None),
    (".m4a", "alac"),
    (".wav", None),
    (".wav", "pcm_f32le"),
    (".aiff", None),
    (".wma", None),
    (".wv", None),
]
COVER = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + random.Random(1).randbytes(200_000) + b"\xff\xd9"
"""Large and random, so that it holds what looks like frames of MPEG audio."""

ID3V1 = b"TAG" + b"Title".ljust(125, b"\0")
LYRICS3 = b"LYRICSBEGININD0000200LYR00010abcdefghij000050LYRICS200" + ID3V1


def music(seed: int = 0) -> Samples:
    left = 0.5 * chord(seconds=SECONDS, sample_rate=RATE) + 0.1 * noise(SECONDS, RATE, seed)
    return stereo(left.astype(np.float32), sine(440, SECONDS, RATE))


def fingerprint(path: Path) -> bytes:
    """By both ways, which have to agree: the quick one and that of a whole decoding."""
    with closing(audio.Decoder(path)) as decoder:
        for _ in decoder:
            pass
        decoded = decoder.fingerprint
    assert audio.fingerprint(path) == decoded
    assert len(decoded) == 16
    return decoded


@pytest.mark.parametrize(("suffix", "codec"), EVERY)
def test_names_places_and_tags_do_not_count(tmp_path: Path, suffix: str, codec: str | None) -> None:
    path = write(tmp_path / f"music{suffix}", music(), RATE, codec=codec, tags={"title": "One"})
    before = fingerprint(path)
    copy = tmp_path / f"other place{suffix}"
    shutil.copy(path, copy)
    assert fingerprint(copy) == before
    retag(copy)
    assert copy.read_bytes() != path.read_bytes()
    assert fingerprint(copy) == before
    other = write(tmp_path / f"other{suffix}", music(seed=1), RATE, codec=codec, tags={"title": "One"})
    assert fingerprint(other) != before


def retag(path: Path) -> None:
    """Another title, by mutagen where it can, else by FFmpeg."""
    file = cast("Any", mutagen.File(path, easy=True))
    if file is None:
        tagged = path.with_stem("tagged")
        remux(path, tagged, FORMATS[path.suffix].muxer)
        tagged.replace(path)
        return
    if file.tags is None:
        file.add_tags()
    try:
        file["title"] = "Another title, longer than the one before " * 50
    except TypeError:  # ID3 in WAV and AIFF
        file.tags.add(TIT2(encoding=3, text="Another title"))
    file.save()


def remux(source: Path, target: Path, form: str) -> Path:
    """The same packets in another container, with another title."""
    with av.open(str(source)) as old, av.open(str(target), "w", format=form) as new:
        new.metadata["title"] = "Another title"
        stream = old.streams.audio[0]
        written = new.add_stream_from_template(stream)
        for packet in old.demux(stream):
            if packet.dts is not None:
                packet.stream = written
                new.mux(packet)
    return target


def test_every_tag_of_an_mp3_can_change(tmp_path: Path) -> None:
    path = write(tmp_path / "music.mp3", music(), RATE)
    before = fingerprint(path)
    tags = ID3()
    tags.add(TIT2(encoding=3, text="Title"))
    tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=COVER))
    tags.save(path, v1=2)
    assert fingerprint(path) == before
    for ending in (ID3V1, LYRICS3):
        longer = tmp_path / "longer.mp3"
        longer.write_bytes(path.read_bytes() + ending)
        assert fingerprint(longer) == before


@pytest.mark.parametrize("suffix", [".mp3", ".wv"])
@pytest.mark.parametrize("cover", [b"", COVER], ids=["plain", "cover"])
def test_an_ape_tag_is_no_sound(tmp_path: Path, suffix: str, cover: bytes) -> None:
    path = write(tmp_path / f"music{suffix}", music(), RATE)
    before, length_s = fingerprint(path), audio.length_s(path)
    tags = APEv2()
    tags["Title"] = "Title"
    tags["REPLAYGAIN_TRACK_GAIN"] = "-3.20 dB"
    if cover:
        tags["Cover Art (Front)"] = b"cover.jpg\0" + cover
    tags.save(path)
    assert fingerprint(path) == before
    with path.open("ab") as file:
        file.write(ID3V1)
    assert fingerprint(path) == before
    with closing(audio.Decoder(path)) as decoder:
        assert sum(block.shape[1] for block in decoder) == pytest.approx(length_s * RATE, abs=0.1 * RATE)


def test_covers_do_not_count(tmp_path: Path) -> None:
    for codec in ("aac", "alac"):
        path = write(tmp_path / f"{codec}.m4a", music(), RATE, codec=codec)
        before = fingerprint(path)
        mp4 = MP4(path)
        mp4["covr"] = [MP4Cover(COVER, imageformat=MP4Cover.FORMAT_JPEG)]
        mp4.save()
        assert fingerprint(path) == before
    path = write(tmp_path / "music.flac", music(), RATE)
    before = fingerprint(path)
    flac = mutagen.flac.FLAC(path)
    cover = Picture()
    cover.data, cover.mime, cover.type = COVER, "image/jpeg", 3
    flac.add_picture(cover)
    flac.save()
    assert fingerprint(path) == before


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".mp3", None), (".ogg", None), (".opus", None), (".m4a", None), (".flac", None)]
)
def test_another_container_does_not_count(tmp_path: Path, suffix: str, codec: str | None) -> None:
    path = write(tmp_path / f"music{suffix}", music(), RATE, codec=codec)
    assert fingerprint(remux(path, tmp_path / "music.mka", "matroska")) == fingerprint(path)


def test_one_recording_in_several_lossless_formats_is_one(tmp_path: Path) -> None:
    samples = (music() * 32_768).round().clip(-32_768, 32_767).astype(np.int16)
    sixteen = [("music.wav", "pcm_s16le"), ("music.flac", "flac"), ("music.m4a", "alac"), ("music.aiff", "pcm_s16be")]
    paths = [write_16_bit(tmp_path / name, samples, codec) for name, codec in sixteen]
    assert len({fingerprint(path) for path in paths}) == 1
    samples[1_000, 1] += 1
    assert fingerprint(write_16_bit(tmp_path / "other.wav", samples, "pcm_s16le")) != fingerprint(paths[0])


def write_16_bit(path: Path, samples: np.ndarray[Any, np.dtype[np.int16]], codec: str) -> Path:
    """Whole numbers, (n_samples, 2), as they are."""
    with av.open(str(path), "w", format=FORMATS[path.suffix].muxer) as container:
        stream = cast("AudioStream", container.add_stream(codec, rate=RATE, layout="stereo"))
        planar = codec == "alac"
        stream.codec_context.format = av.AudioFormat("s16p" if planar else "s16")
        for start in range(0, len(samples), 4_096):
            part = samples[start : start + 4_096]
            block = np.ascontiguousarray(part.T) if planar else part.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16p" if planar else "s16", layout="stereo")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_rate_and_channels_count(tmp_path: Path) -> None:
    """The same bytes played at another speed, or dealt to other loudspeakers, are another sound."""
    path = write(tmp_path / "music.wav", music(), RATE)
    slower = tmp_path / "slower.wav"
    content = bytearray(path.read_bytes())
    content[24:28] = (RATE // 2).to_bytes(4, "little")
    slower.write_bytes(content)
    mono = tmp_path / "mono.wav"
    content = bytearray(path.read_bytes())
    content[22:24], content[32:34] = (1).to_bytes(2, "little"), (2).to_bytes(2, "little")
    mono.write_bytes(content)
    assert len({fingerprint(each) for each in (path, slower, mono)}) == 3


def test_a_damaged_file_has_one_fingerprint_too(tmp_path: Path) -> None:
    for suffix, codec in EVERY:
        path = write(tmp_path / f"music{suffix}", music(), RATE, codec=codec)
        content = bytearray(path.read_bytes())
        content[len(content) * 2 // 3] ^= 0xFF
        path.write_bytes(content)
        fingerprint(path)
