"""Every format that people keep decodes to the sound that went in, and no file harms more than itself."""

from __future__ import annotations

import math
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essentialist.errors import FileChanged, NoSamples, RecordingError, Undecodable
from essentialist.sound import audio
from sounds import noise, sine, stereo, write

if TYPE_CHECKING:
    from sounds import Samples

HZ, LEVEL = 1_000.0, 0.25
LOSSLESS: list[tuple[str, str | None]] = [
    (".flac", None),
    (".ogg", "flac"),
    (".m4a", "alac"),
    (".wav", "pcm_u8"),
    (".wav", "pcm_s16le"),
    (".wav", "pcm_s24le"),
    (".wav", "pcm_s32le"),
    (".wav", "pcm_f32le"),
    (".wav", "pcm_f64le"),
    (".wav", "pcm_s64le"),
    (".aiff", None),
    (".aiff", "pcm_s24be"),
    (".wv", None),
]
STEREO_ONLY = (".ogg", None)  # FFmpeg's Vorbis encoder
LOSSY: list[tuple[str, str | None]] = [
    (".mp3", None),
    STEREO_ONLY,
    (".ogg", "libopus"),
    (".opus", None),
    (".webm", None),
    (".m4a", None),
    (".mp4", None),
    (".wma", None),
]
CODEC_FRAME = 2_048  # encoders pad to a whole frame, and not all containers say by how much
CODED_LEVEL = 0.06  # relative; LAME scales by 0.95


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out of a file: `samples` (n_channels, n)."""

    samples: Samples
    sample_rate: int

    @property
    def seconds(self) -> float:
        return float(self.samples.shape[1] / self.sample_rate)

    def hz(self, channel: int = 0) -> float:
        """The strongest frequency of the middle half, by a parabola through the peak of the spectrum."""
        middle = self.middle(channel)
        spectrum = np.log(np.abs(np.fft.rfft(middle * np.hanning(middle.size))) + 1e-12)
        k = int(spectrum[1:-1].argmax()) + 1
        before, peak, after = (float(value) for value in spectrum[k - 1 : k + 2])
        offset = (before - after) / (before - 2 * peak + after) / 2
        return (k + offset) * self.sample_rate / middle.size

    def level(self, channel: int = 0) -> float:
        """The peak level of a sine with the power of the middle half."""
        return math.sqrt(2 * float(np.mean(self.middle(channel).astype(np.float64) ** 2)))

    def middle(self, channel: int) -> Samples:
        n = self.samples.shape[1]
        return self.samples[channel, n // 4 : 3 * n // 4]


def decoded(path: Path) -> Decoded:
    with closing(audio.Decoder(path)) as decoder:
        blocks = list(decoder)
        assert sum(block.shape[1] for block in blocks) == decoder.n_samples
        return Decoded(np.concatenate(blocks, axis=1), decoder.sample_rate)


def tone(seconds: float, sample_rate: int, n_channels: int = 2, *, hz: float = HZ) -> Samples:
    """The same sine in every channel, (n_samples, n_channels)."""
    return np.stack([sine(hz, seconds, sample_rate, level=LEVEL)] * n_channels, axis=1)


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000, 192_000])
@pytest.mark.parametrize(("suffix", "codec"), LOSSLESS)
def test_a_lossless_format_gives_the_samples_back(
    tmp_path: Path, suffix: str, codec: str | None, rate: int, n_channels: int
) -> None:
    written = tone(0.5, rate, n_channels)
    heard = decoded(write(tmp_path / f"tone{suffix}", written, rate, codec=codec))
    assert heard.sample_rate == rate
    assert heard.samples.shape == (n_channels, rate // 2)
    step = 2**-7 if codec == "pcm_u8" else 2**-15
    np.testing.assert_allclose(heard.samples, written.T, atol=step)


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(("suffix", "codec"), LOSSY)
def test_a_lossy_format_keeps_length_frequency_and_level(
    tmp_path: Path, suffix: str, codec: str | None, rate: int, n_channels: int
) -> None:
    n_channels = 2 if (suffix, codec) == STEREO_ONLY else n_channels
    path = write(tmp_path / f"tone{suffix}", tone(1.0, rate, n_channels), rate, codec=codec)
    heard = decoded(path)
    assert heard.samples.shape[0] == n_channels
    assert heard.seconds == pytest.approx(1.0, abs=CODEC_FRAME / heard.sample_rate)
    for channel in range(n_channels):
        assert heard.hz(channel) == pytest.approx(HZ, abs=0.5)
        assert heard.level(channel) == pytest.approx(LEVEL, rel=CODED_LEVEL)


@pytest.mark.parametrize("suffix", [".mp3", ".opus"])
def test_the_silence_that_encoders_put_first_is_cut_off(tmp_path: Path, suffix: str) -> None:
    burst = np.concatenate((np.zeros(24_000, np.float32), noise(0.5, 48_000)))
    heard = decoded(write(tmp_path / f"burst{suffix}", stereo(burst), 48_000))
    assert heard.samples.shape[1] == len(burst)
    onset = int(np.flatnonzero(np.abs(heard.samples[0]) > 0.1)[0])
    assert abs(onset - 24_000) < 500  # a codec smears what is before an attack


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [(".flac", None), (".m4a", "alac"), (".wav", None), (".wv", None), (".opus", None), (".m4a", None)],
)
def test_surround_is_mixed_by_one_law(tmp_path: Path, suffix: str, codec: str | None) -> None:
    """Centre and surround 3 dB down, no low-frequency channel, nothing scaled: ITU-R BS.775, FFmpeg's matrix."""
    hz = {"left": 500.0, "right": 700.0, "centre": 1_100.0, "lfe": 60.0, "back left": 1_700.0, "back right": 2_300.0}
    written = np.stack([sine(each, 1.0, 48_000, level=0.1) for each in hz.values()], axis=1)
    heard = decoded(write(tmp_path / f"surround{suffix}", written, 48_000, codec=codec))
    assert heard.samples.shape[0] == 2
    spectra = np.abs(np.fft.rfft(heard.samples[:, :48_000] * np.hanning(48_000), axis=1)) / (48_000 / 4)
    levels = {name: spectra[:, round(each) - 2 : round(each) + 3].max(axis=1) for name, each in hz.items()}
    expected = {
        "left": (0.1, 0),
        "right": (0, 0.1),
        "centre": (0.0707, 0.0707),
        "lfe": (0, 0),
        "back left": (0.0707, 0),
        "back right": (0, 0.0707),
    }
    for name, (left, right) in expected.items():
        np.testing.assert_allclose(levels[name], (left, right), atol=0.01, err_msg=name)


def test_blocks_are_planar_float32_of_a_bounded_size(tmp_path: Path) -> None:
    path = write(tmp_path / "long.flac", tone(4.0, 44_100), 44_100)
    with closing(audio.Decoder(path)) as decoder:
        blocks = list(decoder)
    assert all(block.dtype == np.float32 and block.shape[0] == 2 for block in blocks)
    assert all(audio.BLOCK_SIZE <= block.shape[1] <= 2 * audio.BLOCK_SIZE for block in blocks[:-1])


@given(data=st.data(), rates=st.sampled_from([(8_000, 44_100), (48_000, 16_000), (44_100, 44_100), (96_000, 44_100)]))
@settings(max_examples=25)
def test_resampling_in_blocks_is_resampling_at_once(data: st.DataObject, rates: tuple[int, int]) -> None:
    samples = noise(0.1, rates[0])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(samples)), max_size=6)))
    whole, in_blocks = audio.Resampler(*rates), audio.Resampler(*rates)
    expected = np.concatenate((whole.push(samples), whole.push(samples[:0], last=True)))
    parts = [in_blocks.push(np.ascontiguousarray(part)) for part in np.split(samples, cuts)]
    got = np.concatenate((*parts, in_blocks.push(samples[:0], last=True)))
    assert len(got) == pytest.approx(len(samples) * rates[1] / rates[0], abs=1)
    np.testing.assert_allclose(got, expected, atol=1e-6)


@pytest.mark.parametrize("suffix", [".mp3", ".ogg", ".opus", ".flac", ".m4a", ".wav", ".aiff", ".wma", ".wv", ".webm"])
def test_the_length_is_counted_in_packets(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"tone{suffix}", tone(3.0, 48_000), 48_000)
    assert audio.length_s(path) == pytest.approx(3.0, abs=0.1)


def test_the_length_of_a_file_whose_header_lies(tmp_path: Path) -> None:
    path = write(tmp_path / "lie.flac", tone(3.0, 48_000), 48_000)
    content = bytearray(path.read_bytes())
    content[21] |= 0x0F  # STREAMINFO: 36 bits of total samples, in the low half of this byte and the next four
    content[22:26] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert audio.length_s(path) == pytest.approx(3.0, abs=0.01)
    assert decoded(path).seconds == 3.0


def test_a_streamed_wav_says_that_it_never_ends(tmp_path: Path) -> None:
    path = write(tmp_path / "stream.wav", tone(1.0, 48_000), 48_000)
    content = bytearray(path.read_bytes())
    content[4:8] = b"\xff\xff\xff\xff"
    at = content.index(b"data") + 4
    content[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert decoded(path).seconds == 1.0
    assert audio.length_s(path) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("codec", "first", "second", "seconds"),
    [
        (None, 44_100, 44_100, 3.0),
        ("libopus", 48_000, 48_000, 3.0),
        ("flac", 44_100, 44_100, 3.0),
        ("flac", 44_100, 22_050, 3.0),
        (None, 44_100, 22_050, 1.5),  # FFmpeg gives up where Vorbis changes its rate, and so do players made with it
    ],
)
def test_an_ogg_made_of_several(tmp_path: Path, codec: str | None, first: int, second: int, seconds: float) -> None:
    """Recordings of radio are. The first rate is kept, and what follows sounds at its pitch."""
    parts = [write(tmp_path / f"{n}.ogg", tone(1.5, rate), rate, codec=codec) for n, rate in enumerate((first, second))]
    path = tmp_path / "chained.ogg"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    heard = decoded(path)
    assert heard.sample_rate == first
    assert heard.seconds == pytest.approx(seconds, abs=0.03)
    half = heard.samples.shape[1] // 2
    for samples in (heard.samples[:, :half], heard.samples[:, half:]):
        assert Decoded(samples, first).hz() == pytest.approx(HZ, abs=1)


@pytest.mark.parametrize("suffix", [".mp3", ".ogg", ".flac", ".wav", ".opus", ".aiff", ".wma", ".wv", ".webm"])
def test_a_truncated_file_is_heard_as_far_as_it_goes(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"tone{suffix}", tone(4.0, 48_000), 48_000)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    heard = decoded(path)
    assert 0.9 < heard.seconds < 2.3  # pages of Ogg hold a second
    assert heard.hz() == pytest.approx(HZ, abs=0.5)


def test_an_m4a_without_its_index_cannot_be_heard(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.m4a", tone(4.0, 48_000), 48_000)  # `moov` comes last
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(Undecodable):
        audio.Decoder(path)


def test_garbage_before_and_after_mp3_is_no_sound(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.mp3", tone(2.0, 44_100), 44_100)
    clean = decoded(path)
    rubbish = np.random.default_rng(0).integers(0, 255, 20_000, np.uint8).tobytes()  # no 0xff: no start of a frame
    path.write_bytes(rubbish + path.read_bytes() + rubbish)
    heard = decoded(path)
    assert heard.seconds == pytest.approx(clean.seconds, abs=0.06)
    assert heard.hz() == pytest.approx(HZ, abs=0.5)


@pytest.mark.parametrize(
    "content",
    [
        b"The quick brown fox jumps over the lazy dog.\n" * 500,
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(range(256)) * 200 + b"\xff\xd9",
        bytes(50_000),
        b"ID3\x04\x00\x00\x00\x00\x00\x00",
        b"fLaC" + bytes(1_000),
        b"RIFF\x24\x00\x00\x00WAVE",
        b"OggS",
        b"x",
    ],
    ids=["text", "picture", "zeros", "empty tag", "flac", "wav", "ogg", "byte"],
)
def test_what_is_no_audio_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "track.mp3"
    path.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        decoded(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) > 15


def test_an_empty_file_has_no_samples(tmp_path: Path) -> None:
    path = tmp_path / "track.mp3"
    path.touch()
    with pytest.raises(NoSamples, match="empty"):
        audio.Decoder(path)


@pytest.mark.parametrize(
    ("suffix", "last", "n_more"), [(".wav", b"data", 4), (".aiff", b"SSND", 12), (".flac", b"fLaC", 38)]
)
def test_a_header_without_samples_has_none(tmp_path: Path, suffix: str, last: bytes, n_more: int) -> None:
    path = write(tmp_path / f"nothing{suffix}", tone(0.5, 44_100), 44_100)
    content = path.read_bytes().replace(b"fLaC\x00", b"fLaC\x80")  # this block is the header's last
    path.write_bytes(content[: content.index(last) + len(last) + n_more])
    with pytest.raises(NoSamples):
        decoded(path)


@pytest.mark.parametrize("sample_rate", [1, 100, 10_000_000, 2**31 - 1])
def test_an_impossible_sample_rate_is_refused(tmp_path: Path, sample_rate: int) -> None:
    """At 1 Hz a megabyte would be resampled to months."""
    path = write(tmp_path / "tone.wav", tone(0.1, 44_100), 44_100)
    content = bytearray(path.read_bytes())
    content[24:28] = sample_rate.to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(Undecodable, match="sample rate"):
        audio.Decoder(path)


def test_more_channels_than_can_be_mixed_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.wav", tone(0.1, 44_100), 44_100)
    content = bytearray(path.read_bytes())
    content[22:24], content[32:34] = (20).to_bytes(2, "little"), (40).to_bytes(2, "little")
    path.write_bytes(content)
    with pytest.raises(Undecodable, match="20 channels"):
        decoded(path)


def test_a_silence_of_days_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "silence.flac", np.zeros((44_100 * 4, 2), np.float32), 44_100)
    monkeypatch.setattr(audio, "LONGEST_H", 4 / 3600)
    assert decoded(path).seconds == 4
    monkeypatch.setattr(audio, "LONGEST_H", 3 / 3600)
    with pytest.raises(Undecodable, match=r"goes on for more than .* cut it into pieces, or exclude it"):
        decoded(path)


def test_a_file_that_vanishes_or_changes_meanwhile(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.flac", tone(4.0, 44_100), 44_100)
    with closing(audio.Decoder(path)) as decoder:
        next(blocks := iter(decoder))
        with path.open("ab") as file:
            file.write(b"x")
        with pytest.raises(FileChanged, match="changed"):
            list(blocks)
    with closing(audio.Decoder(path)) as decoder:
        next(blocks := iter(decoder))
        path.unlink()
        with pytest.raises(FileChanged, match="went away"):
            list(blocks)
    with pytest.raises(FileChanged, match="went away"):
        audio.Decoder(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.flac", tone(0.5, 44_100), 44_100)
    path.chmod(0)
    with pytest.raises(FileChanged, match="readable"):
        audio.Decoder(path)


@pytest.mark.parametrize(
    "name",
    [
        b"http:__x.flac",
        b"http:x",
        b"-i.flac",
        b"pipe:0",
        b"file:x.flac",
        b"concat:a|b.flac",
        b"subfile,,start,1,end,9,,:x",
        b"%d.flac",
        b"na\xefve.flac",
        b"\xff\xfe",
        b" .flac ",
        b"new\nline.flac",
        "é".encode() * 125 + b".flac",
    ],
)
def test_a_file_of_any_name_is_that_file(tmp_path: Path, name: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also without a folder before it: FFmpeg must not take a name for an address or an option."""
    monkeypatch.chdir(tmp_path)
    written = write(tmp_path / "plain.flac", tone(0.2, 44_100), 44_100)
    os.rename(os.fsencode(written), os.path.join(os.fsencode(tmp_path), name))
    assert decoded(Path(os.fsdecode(name))).seconds == pytest.approx(0.2)
    assert decoded(tmp_path / os.fsdecode(name)).seconds == pytest.approx(0.2)
