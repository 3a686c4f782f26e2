"""Tracks as people and programs read them: a table with what is looked at most, or all that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.cli._output import print_table, shown_path, write
from essentialist.cli._tables import Column
from essentialist.exports import table_for
from essentialist.human import minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track

BESIDE = ("album", "album_artist", "track_number", "year", "genre")
"""What a track has besides its descriptors and the columns that are always there."""

N_LABELS = 3  # of what a track sounds like


@dataclass(frozen=True, slots=True)
class TrackColumn:
    """A column of a table of tracks. `names` are the fields that it shows."""

    column: Column
    cell: Callable[[Track], str]
    names: tuple[str, ...] = ()


def print_tracks(
    tracks: Iterable[Track], descriptors: Sequence[Descriptor], form: str = "table", *, by: str | None = None
) -> None:
    """Tracks as a table for people, which shows also the field that they were chosen `by`, or in full for programs."""
    if form == "table":
        shown = track_columns(descriptors, by)
        print_table([each.column for each in shown], ([each.cell(track) for each in shown] for track in tracks))
        return
    for chunk in table_for(form).chunks(tracks, descriptors):
        write(chunk)


def track_columns(descriptors: Sequence[Descriptor], by: str | None = None) -> list[TrackColumn]:
    """The columns of a table of tracks; numbers that are estimates get a "~"."""
    estimates = frozenset(each.name for each in descriptors if each.estimate)

    def number(name: str, digits: int, heading: str | None = None, rank: int = 0) -> TrackColumn:
        mark = "~" if name in estimates else ""
        column = Column(heading or name, is_number=True, rank=0 if name == by else rank)
        return TrackColumn(column, lambda track: decimal(track.number(name), digits, mark), (name,))

    usual = [
        TrackColumn(Column("id", is_number=True), lambda track: str(track.id), ("id",)),
        TrackColumn(Column("title", least=18), lambda track: track.title, ("title",)),
        TrackColumn(Column("artist"), lambda track: track.artist, ("artist",)),
        TrackColumn(Column("length", is_number=True), lambda track: minutes(track.duration), ("duration",)),
        number("bpm", 0, "BPM"),
        TrackColumn(Column("key", least=6), key, ("key", "scale", "camelot")),
        number("arousal", 1, rank=1),
        number("valence", 1, rank=2),
        TrackColumn(Column("sounds like", least=20, rank=3), sounds_like),
        number("loudness", 1, "LUFS", rank=4),
    ]
    if by and not any(by in each.names for each in usual):
        named = {each.name: each for each in descriptors}
        if by in named and named[by].kind == "number":
            usual.insert(1, number(by, 2))
        elif by in named or by in BESIDE:
            usual.insert(3, TrackColumn(Column(by), lambda track: text(track, by), (by,)))
        elif by == "path":
            usual.insert(3, TrackColumn(Column(by), lambda track: shown_path(track.path), (by,)))
    return usual


def key(track: Track) -> str:
    """A key as "Am 8A"."""
    tonic, code = track.label("key"), track.label("camelot")
    mode = "m" if track.label("scale") == "minor" else ""
    return " ".join(part for part in (f"{tonic}{mode}" if tonic else None, code) if part)


def sounds_like(track: Track) -> str:
    """The most probable styles or tags."""
    labels = list(track.distribution("styles") or track.distribution("tags"))[:N_LABELS]
    return ", ".join(label.rpartition("---")[2] for label in labels)


def text(track: Track, name: str) -> str:
    """A label, or what the tags of the file say."""
    value = track.values.get(name, getattr(track, name, None))
    return "" if value is None else str(value)


def decimal(value: float | None, digits: int, mark: str = "") -> str:
    """A number with so many decimals, or nothing where there is none."""
    return "" if value is None else f"{mark}{value:.{digits}f}"
