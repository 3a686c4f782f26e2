"""How right the key is on rendered scores: all 24 keys in each of several timbres, by the demo's synthesiser.

    python benchmarks/key.py [STYLE ...]

Every score repeats one of six progressions and closes with dominant and tonic, in a style of the demo (chords, bass and
melody in its instruments, its drums). Three progressions are plain; the others lean elsewhere: one begins on the
relative minor, one flattens the seventh, one never leaves the natural minor. Printed are the MIREX score and the share
of each kind of answer, by style and by progression.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.demo import Piece, RenderedPiece
from essentialist.demo.collection import write_piece
from essentialist.demo.harmony import TONICS
from essentialist.demo.styles import STYLES
from essentialist.descriptors import key
from essentialist.evaluation.key import WEIGHTS, place, relation
from essentialist.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from essentialist.demo import Scale

TIMBRES = ("piano", "house", "rock", "chiptune", "folk", "orchestral")
PROGRESSIONS: Mapping[Scale, tuple[str, ...]] = {
    "major": ("I IV V I", "vi IV I V", "I bVII IV I"),
    "minor": ("i iv V i", "i VI III VII", "i VII VI V"),
}
BPM = 104.0


def scores(styles: Sequence[str]) -> Iterator[Piece]:
    """A score in each key and style; progressions take turns, so that each meets each style."""
    for row, style in enumerate(styles):
        for scale, progressions in PROGRESSIONS.items():
            for tonic, name in enumerate(TONICS):
                progression = progressions[(tonic + row) % len(progressions)]
                title = f"{name} {scale}"
                seed = 1000 * row + 2 * tonic + (scale == "minor")
                yield Piece(title, style, "Scores", 1, 2026, style, BPM, name, scale, style, progression, seed, ".flac")


def answer(piece: Piece, folder: Path) -> str:
    """What the key that is heard is of the one that was written."""
    path = folder / "score.flac"
    write_piece(RenderedPiece(piece, path))
    true = place({"key": piece.key, "scale": piece.scale})
    if true is None:
        raise ValueError(f"{piece.title} is no key")
    return relation(true, place(key.compute(Recording(path))))


def line(name: str, answers: Sequence[str]) -> str:
    """The MIREX score and the kinds of answers."""
    counts = Counter(answers)
    score = sum(WEIGHTS[each] for each in answers) / len(answers)
    kinds = "  ".join(f"{kind} {counts[kind]}" for kind in WEIGHTS if counts[kind])
    return f"  {name:14} {len(answers):4} scores  MIREX {score:.3f}  {kinds}"


def main(styles: Sequence[str]) -> None:
    """Render, listen and print the tables."""
    by_style, by_progression = defaultdict(list), defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for piece in scores(styles):
            heard = answer(piece, Path(folder))
            by_style[piece.style].append(heard)
            by_progression[piece.progression].append(heard)
    print("\n".join(line(name, answers) for name, answers in by_style.items()))
    print("\n".join(line(name, answers) for name, answers in by_progression.items()))
    print(line("all", [heard for answers in by_style.values() for heard in answers]))


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - STYLES.keys()
    if unknown:
        raise SystemExit(f"There is no style {min(unknown)}: take some of {', '.join(STYLES)}.")
    main(sys.argv[1:] or TIMBRES)
