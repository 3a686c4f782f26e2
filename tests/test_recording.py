"""What one pass over a file leaves behind, of any length, in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from essentialist import models
from essentialist.errors import NoSamples
from essentialist.recording import LONGEST_S, Recording
from essentialist.sound import audio, patches
from essentialist.sound.character import character
from sounds import FORMATS, chord, clicks, noise, sine, stereo, write
from test_metering import measured

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.settings import Profile
    from sounds import Samples

RATE = 44_100
NETWORK = "msd-musicnn-1"
MAX_RSS_MB = 600


def music(seconds: float, sample_rate: int = RATE) -> Samples:
    return ((clicks(120, seconds, sample_rate) + chord(seconds=seconds, sample_rate=sample_rate)) / 2).astype(
        np.float32
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    left = music(8)
    return Recording(
        write(tmp_path_factory.mktemp("recording") / "music.flac", stereo(left, left * np.float32(0.5)), RATE)
    )


def test_mono_is_the_mean_of_the_channels(recording: Recording) -> None:
    assert recording.mono.dtype == np.float32
    np.testing.assert_allclose(recording.mono, music(8) * 0.75, atol=1e-4)
    assert recording.duration == 8.0


def test_the_meters_read_what_they_read_alone(recording: Recording) -> None:
    left = music(8)
    alone = measured(stereo(left, left * np.float32(0.5)), RATE)
    assert recording.loudness.integrated == pytest.approx(alone.integrated, abs=0.01)
    assert recording.loudness.range == pytest.approx(alone.range, abs=0.05)
    assert recording.loudness.true_peak == pytest.approx(alone.true_peak, abs=0.01)
    assert recording.waveform.shape == (400,)
    assert recording.waveform.max() == pytest.approx(np.abs(left).max() * 255, abs=1)
    assert recording.character == character(recording.mono, RATE)
    assert recording.fingerprint == audio.fingerprint(recording.path)


@pytest.mark.parametrize("profile", ["balanced", "full"])
def test_a_profile_says_how_many_patches_a_network_gets(recording: Recording, profile: Profile) -> None:
    network = models.network(NETWORK)
    hop = network.patch_frames if profile == "balanced" else network.patch_hop
    n_frames = patches.n_frames(8 * patches.SAMPLE_RATE_HZ)
    n_patches = (n_frames - network.patch_frames) // hop + 1
    heard = Recording(recording.path, profile)
    assert heard.activations(NETWORK).shape == (n_patches, 50)
    assert heard.embeddings(NETWORK).shape == (n_patches, network.n_dims)
    assert heard.embeddings(NETWORK) is heard.embeddings(NETWORK), "computed twice"


@pytest.mark.parametrize("sample_rate", [8_000, 22_050, 48_000, 96_000, 192_000])
def test_any_sample_rate_becomes_that_of_the_analysis(tmp_path: Path, sample_rate: int) -> None:
    heard = Recording(write(tmp_path / "tone.flac", sine(1_000, 2, sample_rate), sample_rate))
    assert len(heard.mono) == 2 * RATE
    middle = heard.mono[RATE // 2 : RATE // 2 + RATE]
    assert np.abs(np.fft.rfft(middle)).argmax() == 1_000
    assert heard.duration == 2.0


@pytest.mark.parametrize("n_samples", [1, 2, 100, 4_095, 4_096, 8_820, RATE])
@pytest.mark.parametrize("profile", ["balanced", "full"])
def test_a_short_sound_has_no_patch(tmp_path: Path, n_samples: int, profile: Profile) -> None:
    heard = Recording(write(tmp_path / "short.wav", noise(1, n_samples), RATE), profile)
    assert heard.duration == pytest.approx(n_samples / RATE)
    assert len(heard.mono) == n_samples
    assert len(heard.activations(NETWORK)) == 0


@pytest.mark.parametrize("samples", [np.zeros(5 * RATE, np.float32), noise(5, RATE), sine(440, 5, RATE)])
def test_what_is_no_music_is_shown_to_no_network(tmp_path: Path, samples: Samples) -> None:
    heard = Recording(write(tmp_path / "sound.wav", samples, RATE))
    assert heard.activations(NETWORK).shape == (0, 50)
    assert heard.embeddings(NETWORK).shape == (0, 200)


def test_opposite_channels_are_silent_together_but_loud(tmp_path: Path) -> None:
    left = music(5)
    heard = Recording(write(tmp_path / "opposite.wav", stereo(left, -left), RATE))
    assert heard.character.is_silent
    assert heard.loudness.integrated == pytest.approx(measured(stereo(left), RATE).integrated, abs=0.05)
    assert heard.waveform.max() > 100


def test_a_file_without_sound_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp3"
    path.touch()
    with pytest.raises(NoSamples):
        Recording(path)


HOUR_S = 3_600
LOW_RATE = 8_000
LISTEN = """
import json, resource, sys
from pathlib import Path
import numpy as np
from essentialist.analysis import analyse
from essentialist.descriptors import usable
from essentialist.recording import Recording

recording = Recording(Path(sys.argv[1]))
spectra = [np.abs(np.fft.rfft(part)).argmax() for part in np.split(recording.mono, 600)]
analysis = analyse(recording, usable(frozenset(["msd-musicnn-1"])), "balanced")
status = Path("/proc/self/status")  # what resource tells on Linux begins with the parent's peak
peak_kb = int(status.read_text().partition("VmHWM:")[2].split()[0]) if status.exists() else (
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10)
print(json.dumps({
    "duration": recording.duration,
    "n_samples": len(recording.mono),
    "pitches": [int(spectra[0]), int(spectra[299]), int(spectra[-1])],
    "failures": dict(analysis.failures),
    "values": sorted(analysis.values),
    "rss_mb": peak_kb / 2**10,
}))
"""


def write_hour(path: Path) -> Path:
    """An hour with a beat, in three parts: 25 minutes of 300 Hz, the middle ten of 500 Hz, 25 of 700 Hz."""
    minutes = {hz: 0.3 * sine(hz, 60, LOW_RATE) + 0.5 * clicks(120, 60, LOW_RATE) for hz in (300, 500, 700)}
    with av.open(str(path), "w", format=FORMATS[path.suffix].muxer) as container:
        stream = container.add_stream("flac", rate=LOW_RATE, layout="mono")
        for minute in range(HOUR_S // 60):
            samples = minutes[300 if minute < 25 else 500 if minute < 35 else 700]
            frame = av.AudioFrame.from_ndarray(samples[None, :].astype(np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = LOW_RATE, minute * 60 * LOW_RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("stated_s", [60, pytest.param(HOUR_S, marks=pytest.mark.slow)])
def test_an_hour_is_heard_in_bounded_memory(tmp_path: Path, stated_s: int) -> None:
    """All of it is metered, its middle ten minutes are kept, whatever length its header states."""
    path = write_hour(tmp_path / "hour.flac")
    content = bytearray(path.read_bytes())
    assert int.from_bytes(content[22:26], "big") == HOUR_S * LOW_RATE  # STREAMINFO: the total of samples
    content[22:26] = (stated_s * LOW_RATE).to_bytes(4, "big")
    path.write_bytes(content)
    run = subprocess.run([sys.executable, "-c", LISTEN, str(path)], capture_output=True, text=True, check=True)
    heard = json.loads(run.stdout)
    assert heard["duration"] == HOUR_S
    assert heard["n_samples"] == LONGEST_S * RATE
    assert heard["pitches"] == [500, 500, 500]
    assert heard["failures"] == {}
    assert {"bpm", "loudness", "tags"} <= set(heard["values"])
    assert heard["rss_mb"] < MAX_RSS_MB
