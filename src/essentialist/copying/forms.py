"""The formats that a track can be copied in; `transcoding` writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from essentialist.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Form:
    """A format: the file's suffix, FFmpeg's muxer and encoder, the sample rates that it takes (none: all).

    `options` are the muxer's, `named` those for a file that it can open again by its name.
    """

    suffix: str
    muxer: str
    codec: str
    rates: tuple[int, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)


FORMS: Final[Mapping[str, Form]] = {
    "mp3": Form(".mp3", "mp3", "libmp3lame", (44_100, 48_000, 32_000), {"id3v2_version": "3"}),
    "opus": Form(".opus", "opus", "libopus", (48_000,)),
    "m4a": Form(".m4a", "ipod", "aac", (44_100, 48_000, 32_000), named={"movflags": "+faststart"}),
    "flac": Form(".flac", "flac", "flac"),
}
KBIT_S: Final[Mapping[str, int]] = {"mp3": 192, "opus": 128, "m4a": 192, "flac": 1_000}
"""The usual bit rates in kbit/s; that of FLAC, which has none, is a guess at its size."""
LOSSLESS: Final = frozenset({"flac"})
RATES: Final = (16, 512)  # kbit/s


def check(form: str | None, kbit_s: int | None) -> None:
    """Raise ExportError for a format that is none, or a bit rate that it does not have."""
    if form is not None and form not in FORMS:
        raise ExportError(f"there is no format {form!r} to copy in; use one of {', '.join(FORMS)}")
    if kbit_s is not None and (form is None or form in LOSSLESS):
        raise ExportError("a bit rate is that of mp3, opus or m4a; name one of them as the format")
    if kbit_s is not None and not RATES[0] <= kbit_s <= RATES[1]:
        raise ExportError(f"{kbit_s} kbit/s is no bit rate; give one from {RATES[0]} to {RATES[1]}")
