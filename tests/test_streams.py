"""Which of a file's streams is heard, and that a file never makes FFmpeg open another one."""

from __future__ import annotations

import os
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

import av
import numpy as np
import pytest
from av.stream import Disposition

from essentialist.errors import RecordingError, Undecodable
from essentialist.sound import audio
from sounds import chord, noise, sine, stereo, write
from test_audio import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer

    from sounds import Samples

RATE = 48_000
SIZE = (64, 48)


def add_sound(container: OutputContainer, codec: str, samples: Samples, sample_rate: int = RATE) -> AudioStream:
    """A stream of this sound, (n_samples, n_channels), encoded when `fill` is called."""
    layout = "stereo" if samples.shape[1] == 2 else "mono"
    return cast("AudioStream", container.add_stream(codec, rate=sample_rate, layout=layout))


def fill(container: OutputContainer, stream: AudioStream, samples: Samples, sample_rate: int = RATE) -> None:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples.T, np.float32), format="fltp", layout=stream.layout.name
    )
    frame.sample_rate = sample_rate
    frame.pts = 0
    container.mux([*stream.encode(frame), *stream.encode(None)])


def picture(grey: int) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((SIZE[1], SIZE[0], 3), grey, np.uint8), format="rgb24")


@pytest.mark.parametrize("order", ["speech first", "music first"])
@pytest.mark.parametrize(("suffix", "form", "codec"), [(".mka", "matroska", "flac"), (".m4a", "mp4", "aac")])
def test_of_two_sounds_the_one_that_players_choose_is_heard(
    tmp_path: Path, suffix: str, form: str, codec: str, order: str
) -> None:
    """The one marked as default, be it the first or the second."""
    speech, music = sine(300, 2, RATE)[:, None], stereo(sine(1_000, 2, RATE) + 0.2 * noise(2, RATE))
    path = tmp_path / f"two{suffix}"
    with av.open(str(path), "w", format=form) as container:
        sounds = [speech, music] if order == "speech first" else [music, speech]
        streams = [add_sound(container, codec, sound) for sound in sounds]
        for stream, sound in zip(streams, sounds, strict=True):
            stream.disposition = Disposition.default if sound is music else Disposition.comment
        for stream, sound in zip(streams, sounds, strict=True):
            fill(container, stream, sound)
    heard = decoded(path)
    assert heard.samples.shape[0] == 2
    assert heard.hz() == pytest.approx(1_000, abs=1)
    assert heard.seconds == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(("suffix", "form", "codec"), [(".mka", "matroska", "flac"), (".m4a", "mp4", "aac")])
def test_beside_a_video_the_sound_is_heard(tmp_path: Path, suffix: str, form: str, codec: str) -> None:
    path, sound = tmp_path / f"clip{suffix}", stereo(sine(1_000, 2, RATE))
    with av.open(str(path), "w", format=form) as container:
        film = container.add_stream("mpeg4", rate=25)
        film.width, film.height, film.pix_fmt = *SIZE, "yuv420p"
        stream = add_sound(container, codec, sound)
        for grey in range(0, 250, 5):
            container.mux(film.encode(picture(grey)))
        container.mux(film.encode(None))
        fill(container, stream, sound)
    heard = decoded(path)
    assert heard.seconds == pytest.approx(2, abs=0.05)
    assert heard.hz() == pytest.approx(1_000, abs=1)
    assert audio.length_s(path) == pytest.approx(2, abs=0.05)


def test_a_film_without_sound_is_told(tmp_path: Path) -> None:
    path = tmp_path / "silent.m4a"
    with av.open(str(path), "w", format="mp4") as container:
        film = container.add_stream("mpeg4", rate=25)
        film.width, film.height, film.pix_fmt = *SIZE, "yuv420p"
        container.mux([*film.encode(picture(99)), *film.encode(None)])
    with pytest.raises(Undecodable, match="no audio"):
        audio.Decoder(path)


@dataclass
class Server:
    """A server on loopback that has one file and remembers who asked."""

    address: str
    requests: list[str] = field(default_factory=list)


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = Server(f"http://127.0.0.1:{http.server_port}/x.mp3")
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


HLS = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{}'\n"


def opens_the_other(playlist: Path) -> bool:
    """Whether FFmpeg, left to itself, plays what the playlist names."""
    options = {"safe": "0", "allowed_extensions": "ALL", "extension_picky": "0", "protocol_whitelist": "file,http,tcp"}
    form = "hls" if playlist.read_text().startswith("#EXTM3U") else "concat"
    with av.open(str(playlist), format=form, options=options) as container:
        return any(frame.samples for frame in container.decode(audio=0))


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".ogg", ".m4a"])
@pytest.mark.parametrize("playlist", [HLS, CONCAT], ids=["hls", "concat"])
def test_a_playlist_in_disguise_opens_no_other_file(tmp_path: Path, playlist: str, suffix: str) -> None:
    secret = write(tmp_path / "secret.mp3", stereo(chord(seconds=2)), 44_100)
    path = tmp_path / f"track{suffix}"
    path.write_text(playlist.format(secret))
    assert opens_the_other(path), "the trap is none: this test shows nothing"
    with pytest.raises(RecordingError):
        decoded(path)


@pytest.mark.parametrize("playlist", [HLS, CONCAT], ids=["hls", "concat"])
def test_a_playlist_in_disguise_asks_no_server(tmp_path: Path, playlist: str) -> None:
    sound = write(tmp_path / "sound.mp3", stereo(chord(seconds=2)), 44_100)
    path = tmp_path / "track.mp3"
    with serving(sound.read_bytes()) as server:
        path.write_text(playlist.format(server.address))
        assert opens_the_other(path), "the trap is none: this test shows nothing"
        assert server.requests
        server.requests.clear()
        with pytest.raises(RecordingError):
            decoded(path)
        assert server.requests == []


def open_files() -> list[str]:
    return [fd for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="this system does not list open files")
def test_a_file_is_let_go(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.flac", stereo(sine(440, 0.2, RATE)), RATE)
    with closing(audio.Decoder(path)) as decoder:
        list(decoder)
    assert not any(os.path.samefile(f"/proc/self/fd/{fd}", path) for fd in open_files())
