"""File names that playlists get wrong, from real collections and from the habits of eleven players."""

from __future__ import annotations

import os
import unicodedata
import wave
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

from essentialist.exports import m3u8
from essentialist.playlist import Playlist
from essentialist.track import Track

NAMES: dict[str, str] = {
    "plain": "Plain/01 track.wav",
    "spaces": "Two  Spaces Dir/02 a  b.wav",
    "hash": "C# Minor/03 Track #1.wav",
    "hash first, folder": "#hashdir/04 x.wav",
    "hash first": "#1 Hits.wav",
    "percent": "100% Pure/05 50%20off %41.wav",
    "ampersand": "Simon & Garfunkel/06 A&B;C <x>.wav",
    "quotes": "Guns N' Roses/07 \"Double\" 'Single' `tick`.wav",
    "dash first, folder": "-dash/-08 lead.wav",
    "dash first": "-lead.wav",
    "brackets": "Best [Disc 1] (2001)/09 [x]{y}(z).wav",
    "emoji": "\U0001f3b5 Emoji/10 \U0001f3b8\U0001f525.wav",
    "japanese": "日本語/11 東京 サクラ.wav",
    "composed": unicodedata.normalize("NFC", "Björk nfc/12 Jóga é.wav"),
    "decomposed": unicodedata.normalize("NFD", "Björk nfd/13 Jóga é.wav"),
    "comma": "Earth, Wind/14 a, b, c.wav",
    "question mark": "Why?/15 what?q=1&r=2.wav",
    "colon": "AC:DC/16 12:34.wav",
    "equals": "E=mc2/File1=x.wav",
    "long": "Long/17 " + "x" * 240 + ".wav",
    "long and deep": "/".join(f"d{depth:02d}_" + "y" * 60 for depth in range(12)) + "/18 deep.wav",
    "space first, folder": " leading space/ 19 lead.wav",
    "space first": " lead.wav",
    "space last": "Trail /20 trail.wav ",
    "backslash": "AC\\DC/21 a\\b.wav",
    "latin": "Café/22 naïve ÿ.wav",
    "cyrillic": "\N{CYRILLIC CAPITAL LETTER KA}ино/23 Группа крови.wav",
    "right to left": "עברית/24 שלום.wav",
    "pipe": "a|b*c/25 <>|*.wav",
    "tab": "tab/26 a\tb.wav",
    "newline": "newline/27 a\nb.wav",
    "carriage return": "cr/28 a\rb.wav",
    "not UTF-8": os.fsdecode(b"bytes/29 caf\xe9.wav"),
    "unicode line ends": "nel/30 a\u0085b\u2028c.wav",
    "plus": "plus/31 a+b.wav",
    "like a URL": "urlish/32 http:__x.wav",
    "valid percent": "pct/33 a%20b%41.wav",
    "like a drive": "C:/34 x.wav",
    "tilde": "~/35 y.wav",
    "dollar": "$HOME/36 z.wav",
    "like a scheme": "http:/37 w.wav",
    "like a comment": "#EXTINF:1,x.wav",
    "dots": "a..b/38 ...wav",
    "full width": "全角\uff03\uff1f\uff05/39.wav",
}
NOT_IN_A_PLAIN_LINE = ("newline", "carriage return", "not UTF-8", "space last")


def make(folder: Path) -> dict[str, Path]:
    """A tenth of a second of near silence under every name that the file system takes."""
    sound = folder / "sound.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\x01\x00" * 800)
    made = {}
    for label, name in NAMES.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sound.read_bytes())
        except OSError:
            continue
        made[label] = path
    sound.unlink()
    return made


def playlist_of(paths: dict[str, Path]) -> Playlist:
    tracks = (Track(number, path, path.name, "Artist", duration=0.1) for number, path in enumerate(paths.values()))
    return Playlist("Nasty names", tuple(tracks))


def entries_of(path: Path) -> tuple[str, ...]:
    return tuple(entry.location for entry in m3u8.read(path.read_bytes(), path.parent))
