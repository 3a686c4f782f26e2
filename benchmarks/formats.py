"""How alike one recording sounds in several lossy formats, against how alike different recordings sound.

    python benchmarks/formats.py FOLDER [EVERY]

Of the tracks of a folder each, or each third and so on, is encoded again; all are analysed, and cosines of the centred
embeddings are printed: what the threshold of `essentialist duplicates --likely` is chosen by.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

import av
import numpy as np

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.files.collection import walk
from essentialist.track import AudioFile

FORMATS = {
    ".128.mp3": ("libmp3lame", 44_100, 128_000),
    ".64.mp3": ("libmp3lame", 44_100, 64_000),
    ".96.opus": ("libopus", 48_000, 96_000),
    ".160.m4a": ("aac", 44_100, 160_000),
}


def encode(source: Path, target: Path, codec: str, rate: int, bits: int) -> None:
    """Write a recording in another format."""
    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        stream = writer.add_stream(codec, rate=rate, layout="stereo")
        if not isinstance(stream, av.AudioStream):
            raise TypeError(f"{codec} is no audio codec")
        stream.bit_rate = bits
        resampler = av.AudioResampler(stream.format or "s16p", "stereo", rate)
        for frame in (*reader.decode(audio=0), None):
            if frame is not None:
                frame.pts = None
            for each in resampler.resample(frame):
                writer.mux(stream.encode(each))
        writer.mux(stream.encode(None))


def main(music: Path, every: int) -> None:
    """Encode, analyse, compare."""
    sources = [file.absolute for file in walk(music) if isinstance(file, AudioFile)]
    with tempfile.TemporaryDirectory() as folder:
        for number, source in enumerate(sources[::every]):
            for suffix, how in FORMATS.items():
                encode(source, Path(folder, f"{number}{suffix}"), *how)
        catalog = Path(folder, "catalog.db")
        command = [sys.executable, "-m", "essentialist", "--catalog", str(catalog), "analyze", str(music), folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        tracks, embeddings = Catalog(catalog).tracks(), Catalog(catalog).embeddings(EMBEDDING)
    rows = dict(zip(embeddings.ids.tolist(), embeddings.vectors, strict=True))
    vectors = {track.path: rows[track.id] for track in tracks if track.id in rows}
    found = defaultdict(list)
    for path, vector in vectors.items():
        place, _, suffix = path.name.partition(".")
        if f".{suffix}" in FORMATS and path.parent == Path(folder):
            found[suffix].append(float(vector @ vectors[sources[::every][int(place)]]))
    for suffix, cosines in found.items():
        print(
            f"{suffix:9} against its source: least {min(cosines):.3f}, median {median(cosines):.3f}, n {len(cosines)}"
        )
    originals = np.stack([vectors[source] for source in sources if source in vectors])
    others = originals @ originals.T - 2 * np.eye(len(originals))
    print(f"nearest other recording: most {others.max():.3f}, median {median(others.max(axis=1)):.3f}, n {len(others)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
