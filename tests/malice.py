"""Files that somebody made to do harm: hostile tags, bombs of silence, headers that lie.

Each is a whole file that this module makes, small unless it is made to be large.
"""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
from mutagen import id3
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, MP4Cover

import sounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RATE = 44_100
MB = 1 << 20
TEXTS: Mapping[str, str] = {
    "path": "../../../../etc/passwd",
    "nul": "before\0after",
    "escape": "\x1b]0;owned\x07\x1b[2J",
    "right to left": "\u202egnp.exe\u2066",
    "private": "\ue000\ufdd0\uffff",
    "zalgo": "e" + "\u0301" * 5000,
    "html": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://127.0.0.1/";"x")',
    "query": "' OR 1=1; DROP TABLE track; --",
    "new lines": "#EXTM3U\r\n/etc/passwd\r\n",
    "long": "\u00e9" * MB,
}


def sound(path: Path, seconds: float = 0.5, *, codec: str | None = None, hz: float = 440.0) -> Path:
    """A short sine."""
    return sounds.write(path, sounds.stereo(sounds.sine(hz, seconds, RATE)), RATE, codec=codec)


def make(folder: Path, *, cover_mb: int = 1, silent_hours: float = 0.1) -> None:
    """Write one file of every kind."""
    hostile_texts(folder)
    many_tags(folder)
    large_covers(folder, cover_mb)
    inflated_title(folder / "inflated.mp3", bytes(MB), 256)
    silence(folder, silent_hours)
    for name, content in lies(folder):
        (folder / name).write_bytes(content)
    pretenders(folder)


def hostile_texts(folder: Path) -> None:
    """Tags and file names that are no names."""
    for number, (name, text) in enumerate(TEXTS.items()):
        for suffix in (".flac", ".mp3", ".m4a"):
            file: Any = mutagen.File(sound(folder / f"{name}{suffix}", hz=300 + 10 * number), easy=True)
            if file.tags is None:
                file.add_tags()
            file["title"] = file["artist"] = text.replace("\0", "/") if suffix == ".m4a" else text
            file.save()


def many_tags(folder: Path, n: int = 10_000) -> None:
    """As many tags as nobody has, and as many values of one."""
    file = FLAC(sound(folder / "many.flac", hz=250))
    file.update({f"key{number}": "value" for number in range(n)} | {"artist": [f"artist {i}" for i in range(n)]})
    file.save()
    frames = id3.ID3()
    for number in range(n):
        frames.add(id3.TXXX(3, desc=f"key{number}", text=["value"]))
    frames.save(sound(folder / "many.mp3", hz=260))


def large_covers(folder: Path, mb: int) -> None:
    """A cover of so many megabytes, of noise, in each family of tags that can hold one."""
    cover = np.random.default_rng(0).bytes(mb * MB)
    frames = id3.ID3()
    frames.add(id3.APIC(3, "image/jpeg", 3, "", cover))
    frames.add(id3.TIT2(3, ["Under a cover"]))
    frames.save(sound(folder / "cover.mp3", hz=200))
    atoms = MP4(sound(folder / "cover.m4a", hz=210))
    atoms["covr"], atoms["\xa9nam"] = [MP4Cover(cover)], ["Under a cover"]
    atoms.save()
    flac = FLAC(sound(folder / "cover.flac", hz=220))
    flac["title"] = "Under a cover"
    for start in range(0, len(cover), 15 * MB):  # a block of FLAC has less than 16 MB
        picture = Picture()
        picture.data = cover[start : start + 15 * MB]
        flac.add_picture(picture)
    flac.save()


def inflated_title(path: Path, text: bytes, n_times: int) -> Path:
    """An ID3 title, compressed as ID3 2.3 allows: a text again and again in a thousandth of its length."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(text) for _ in range(n_times)) + packer.flush()
    body = struct.pack(">I", len(text) * n_times) + packed
    frame = b"TIT2" + struct.pack(">I", len(body)) + b"\x00\x80" + body
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + size + frame + sound(path, hz=230).read_bytes())
    return path


def silence(folder: Path, hours: float) -> None:
    """Hours of nothing in next to no bytes: a few minutes, again and again."""
    minutes = sounds.stereo(sounds.silence(min(180.0, hours * 3600), RATE))
    n_times = max(1, round(hours * 20))
    for suffix in (".flac", ".opus", ".wv"):
        path = sounds.write(folder / f"silence{suffix}", minutes, RATE)
        content = path.read_bytes()
        start = content.index(b"\xff\xf8") if suffix == ".flac" else 0  # its frames follow one header
        path.write_bytes(content[:start] + content[start:] * n_times)


def lies(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Headers that say what cannot be: names and contents."""
    wav = sound(folder / "honest.wav").read_bytes()
    for hz in (0, 1, 999, 10_000_000, 0xFFFF_FFFF):
        yield f"rate {hz}.wav", patched(wav, 24, struct.pack("<I", hz))
    for n_channels in (0, 3, 255, 65_535):
        frame = struct.pack("<H", 2 * n_channels & 0xFFFF)
        yield f"channels {n_channels}.wav", patched(patched(wav, 22, struct.pack("<H", n_channels)), 32, frame)
    yield "endless.wav", patched(patched(wav, 4, b"\xff" * 4), wav.index(b"data") + 4, b"\xff" * 4)
    flac = sound(folder / "honest.flac", hz=450).read_bytes()
    yield "years.flac", patched(flac, 21, bytes([flac[21] | 0x0F, 255, 255, 255, 255]))
    m4a = sound(folder / "honest.m4a", hz=460).read_bytes()
    for box, at in ((b"mvhd", 16), (b"mdhd", 16), (b"mvhd", 20), (b"mdhd", 20)):
        yield f"{box.decode()} {at}.m4a", patched(m4a, m4a.index(box) + at, b"\x7f\xff\xff\xff")
    for box, at in ((b"stts", 8), (b"stts", 12), (b"stsz", 8), (b"stsz", 12), (b"stsc", 8), (b"stco", 8)):
        yield f"billions {box.decode()} {at}.m4a", patched(m4a, m4a.index(box) + at, b"\xff\xff\xff\xf0")
    ogg, other = sound(folder / "honest.ogg", hz=470).read_bytes(), sound(folder / "other.ogg", codec="flac", hz=480)
    yield "chained.ogg", ogg * 20
    yield "changing.ogg", other.read_bytes() + ogg + other.read_bytes()
    mp3 = sound(folder / "honest.mp3", hz=490).read_bytes()
    slower = sounds.write(folder / "slower.mp3", sounds.sine(500, 0.5, 22_050), 22_050).read_bytes()
    yield "changing.mp3", mp3 + slower + mp3


def patched(content: bytes, at: int, new: bytes) -> bytes:
    """A file with other bytes at a place."""
    return content[:at] + new + content[at + len(new) :]


def pretenders(folder: Path) -> None:
    """What FFmpeg would follow to other files, under the names of sounds; `outside.mp3` lies beside the folder."""
    outside = folder.parent / "outside.mp3"
    for suffix in (".mp3", ".m4a", ".mka"):
        (folder / f"concat{suffix}").write_text(f"ffconcat version 1.0\nfile '{outside}'\n")
        (folder / f"hls{suffix}").write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{outside}\n#EXT-X-ENDLIST\n"
        )
        (folder / f"session{suffix}").write_text("v=0\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n")
