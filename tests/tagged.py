"""Collections whose files are real and whose values are made up: what `tag` writes to."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mutagen

import sounds
from essentialist.analysis import Analysis, Heard, Sound
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.descriptors import emotion, key, moods, tempo
from essentialist.files.naming import complete
from essentialist.files.tags import read_tags
from essentialist.library import Library
from essentialist.sound import audio
from essentialist.tagging.wanting import Wanted
from essentialist.tagging.writing import Tagged, write_tags
from essentialist.track import AudioFile, Value

if TYPE_CHECKING:
    from pathlib import Path

RATE = 44_100
EXTRACTORS = (tempo.EXTRACTOR, key.EXTRACTOR, moods.EXTRACTOR, emotion.EXTRACTOR)
VALUES: dict[str, Value] = {
    "bpm": 127.96,
    "bpm_confidence": 0.9,
    "key": "F#",
    "scale": "minor",
    "camelot": "11A",
    "arousal": 7.0,
    "moods": {"happy": 0.8, "party": 0.95, "sad": 0.1, "electronic": 0.99},
}
SAID = {"bpm": "128", "key": "F#m", "mood": "party; happy", "energy": "8"}
ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Music:
    """A folder of music and its catalogue."""

    folder: Path
    library: Library

    @classmethod
    def make(cls, folder: Path) -> Music:
        music = folder / "music"
        music.mkdir(parents=True)
        return cls(music, Library(Catalog.create(folder / "catalog.db")))

    @property
    def catalog(self) -> Catalog:
        return self.library.catalog

    def sound(self, name: str, codec: str | None = None, hz: float = 440.0, **tags: str) -> Path:
        """A short sine with tags by FFmpeg's names, entered."""
        return self.enter(write(self.folder / name, codec, hz, **tags))

    def enter(self, path: Path, **values: Any) -> Path:
        """Enter a file as if it had been analysed, its sound for real."""
        status = path.stat()
        within = str(path.relative_to(self.folder))
        heard = Heard(
            complete(read_tags(path), within),
            audio.fingerprint(path),
            Sound(0.5, bytes(400)),
            Analysis(VALUES | values, {}, {each.name: "1" for each in EXTRACTORS}, {}),
        )
        with Recorder(self.catalog) as recorder:
            recorder.learn(EXTRACTORS)
            recorder.enter(AudioFile(str(self.folder), within, status.st_size, status.st_mtime_ns), heard)
        return path

    def tag(self, wanted: Wanted = ALL, *, apply: bool = True) -> Tagged:
        return write_tags(self.catalog, self.library.tracks(), wanted, apply=apply)

    def is_known(self, path: Path) -> bool:
        """Whether the catalogue has a file as it is on disk, so that no analysis opens it."""
        with self.catalog.reading() as db:
            rows = db.execute("SELECT size, mtime_ns FROM file WHERE path = ?", (path.name.encode(),)).fetchall()
        return [tuple(row) for row in rows] == [(path.stat().st_size, path.stat().st_mtime_ns)]

    def litter(self) -> list[str]:
        return [path.name for path in self.folder.rglob(".*")]


def write(path: Path, codec: str | None = None, hz: float = 440.0, **tags: str) -> Path:
    tone = sounds.stereo(sounds.sine(hz, 0.5, RATE))
    return sounds.write(path, tone, RATE, codec=codec, tags=tags)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def set_tags(path: Path, tags: dict[str, Any]) -> None:
    """Set tags by the names that mutagen has for the file's family: frames for ID3, lists of texts elsewhere."""
    file: Any = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    for name, value in tags.items():
        if isinstance(value, mutagen.id3.Frame):
            file.tags.add(value)
        else:
            file.tags[name] = value
    file.save()


def said(path: Path) -> dict[str, str]:
    """What a file says of the fields, as mutagen has it, whichever name it goes by; several texts as one."""
    file: Any = mutagen.File(path)
    names = {"tbpm": "bpm", "tempo": "bpm", "tmpo": "bpm", "tkey": "key", "initialkey": "key", "tmoo": "mood"}
    names |= {"wm/beatsperminute": "bpm", "wm/initialkey": "key", "wm/mood": "mood", "energylevel": "energy"}
    found: dict[str, str] = {}
    for name, value in dict(file.tags or {}).items():
        bare = name.removeprefix("TXXX:").removeprefix("----:com.apple.iTunes:").lower()
        field = names.get(bare, bare)
        if field in SAID:
            texts = [each.decode() if isinstance(each, bytes) else str(each) for each in listed(value)]
            found[field] = "; ".join(texts)
    return found


def listed(value: Any) -> list[Any]:
    return list(value.text) if hasattr(value, "text") else list(value) if not isinstance(value, str) else [value]
