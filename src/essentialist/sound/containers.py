"""Files opened by FFmpeg, as data only: which stream is heard, its packets, and what the container says of itself.

A file may be hostile: only audio demuxers and the file protocol are allowed, so that a playlist in disguise cannot
make FFmpeg open other files or addresses.
"""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from essentialist.errors import FileChanged, RecordingError, Undecodable
from essentialist.sound import quiet_av as av

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av import Packet
    from av.audio.stream import AudioStream
    from av.container import InputContainer

AGAIN = "copy it again from where it came, or exclude it"
LOWEST_HZ, HIGHEST_HZ = 1_000, 3_000_000  # of sample rates: from telephones to DSD512; others are damage or malice
DEMUXERS = (
    "aac,ac3,aiff,amr,ape,asf,au,caf,dsf,dts,eac3,flac,iff,matroska,webm,mov,mp4,m4a,mp3,mpc,mpc8,ogg,shn,tak,tta,"
    "voc,w64,wav,wv,xwma"
)
PROTOCOLS = "file"


def open_container(path: Path) -> InputContainer:
    """Open a file for reading by FFmpeg, as data only.

    Raises Undecodable when no audio demuxer knows it, FileChanged when it cannot be opened.
    """
    try:
        container: InputContainer = av.open(
            "file:" + os.fspath(path),
            container_options={"format_whitelist": DEMUXERS, "protocol_whitelist": PROTOCOLS},
            **_tolerance(),
        )
    except av.InvalidDataError as error:
        raise Undecodable(f"not an audio file, whatever its name says: {AGAIN}") from error
    except (av.FFmpegError, OSError) as error:
        raise opening_error(error) from error
    return container


def _tolerance() -> dict[str, str]:
    """Tags in no known encoding are none of our business here; PyAV 19 thinks so by itself."""
    return {"metadata_errors": "ignore"} if av.__version__ < "19" else {}


def opening_error(error: Exception) -> RecordingError:
    """What an error of FFmpeg or the operating system means for the one file."""
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, ValueError) or reason.startswith("Error number"):  # FFmpeg has no words for it
        return Undecodable(f"FFmpeg cannot read it: {AGAIN}")
    if isinstance(error, PermissionError):
        return FileChanged(f"{reason}: make the file readable, then analyse with --retry-failed")
    if isinstance(error, FileNotFoundError):
        return FileChanged(f"{reason}: the file went away; run the analysis again")
    if isinstance(error, EOFError):
        return Undecodable("the file is cut short: copy it again from where it came")
    if isinstance(error, OSError):
        return FileChanged(f"{reason} while reading: check the disk or the network share, then use --retry-failed")
    return Undecodable(f"FFmpeg cannot read it ({reason[:1].lower()}{reason[1:]}): {AGAIN}")


def audio_stream(container: InputContainer) -> AudioStream:
    """The stream that a player would play; Undecodable when there is none that can be decoded."""
    try:
        stream = container.streams.best("audio")
    except av.FFmpegError as error:
        raise opening_error(error) from error
    if stream is None:
        container.close()
        raise Undecodable(f"there is no audio in the file: {AGAIN}")
    audio = cast("AudioStream", stream)
    if audio.codec_context is None or audio.rate is None or audio.rate <= 0 or audio.channels < 1:
        container.close()
        raise Undecodable(f"FFmpeg has no decoder for its audio: {AGAIN}")
    check_sample_rate(audio.rate)
    audio.codec_context.thread_type = "NONE"  # the processes of a run fill the cores already
    return audio


def check_sample_rate(hz: int) -> None:
    """Raise Undecodable for a sample rate that no recording has: a second of it could fill the memory."""
    if not LOWEST_HZ <= hz <= HIGHEST_HZ:
        raise Undecodable(f"its sample rate of {hz} Hz is none that sound is recorded at: {AGAIN}")


def packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[Any]]:
    """The stream's packets; what lies behind unreadable bytes is given up, as players do."""
    try:
        yield from container.demux(stream)
    except (av.InvalidDataError, av.PatchWelcomeError):
        return
    except (av.FFmpegError, OSError) as error:
        raise opening_error(error) from error


def texts(path: Path) -> dict[str, str]:
    """What the container and its sound say of themselves, by FFmpeg's names in lower case; nothing where it is closed.

    The one who asks has to clean it: it is other people's text.
    """
    try:
        with closing(open_container(path)) as container:
            said = {**audio_stream(container).metadata, **container.metadata}
            return {name.lower(): text for name, text in said.items()}
    except RecordingError:
        return {}
