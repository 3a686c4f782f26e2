"""The synthesiser plays what its pieces say, and the demo collection is what `pieces.json` claims."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import av
import essentia
import mutagen
import numpy as np
import pytest
from essentia import standard as es
from hypothesis import given
from hypothesis import strategies as st

import sounds
from essentialist.demo import SAMPLE_RATE, Piece, RenderedPiece, Samples, composition, encoding, harmony, mixing
from essentialist.demo.collection import TRUTH, location, write_collection, write_piece
from essentialist.demo.oscillators import cycles, saw, square
from essentialist.demo.pieces import PIECES
from essentialist.demo.rendering import render
from essentialist.demo.styles import STYLES
from essentialist.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

essentia.log.infoActive = False
essentia.log.warningActive = False

BY_TITLE = {piece.title: piece for piece in PIECES}
LISTENED_TO = ("Night Shift", "Waltz for Ana", "Level Select", "D'ici là", "The Crossing", "No Such Town")
C_MINOR = harmony.Key(0, "minor")


def titled(piece: Piece) -> str:
    return f"{piece.style}-{piece.key}-{piece.scale}"


def mono(samples: Samples) -> Samples:
    return np.ascontiguousarray(samples.mean(axis=1))


def tempo_ratio(samples: Samples, piece: Piece) -> float:
    return float(es.RhythmExtractor2013()(mono(samples))[0] / piece.bpm)


def decoded(path: Path) -> tuple[Samples, int]:
    with av.open(str(path)) as container:
        frames = [frame for frame in container.decode(audio=0) if isinstance(frame, av.AudioFrame)]
        resampler = av.AudioResampler(format="fltp")
        blocks = [out.to_ndarray() for frame in (*frames, None) for out in resampler.resample(frame)]
        return np.concatenate(blocks, axis=1).T.astype(np.float32), frames[0].sample_rate


class TestHarmony:
    @pytest.mark.parametrize(
        ("numeral", "pitch_classes"),
        [("i", (0, 3, 7)), ("V7", (7, 11, 2, 5)), ("VI", (8, 0, 3)), ("ii°7", (2, 5, 8, 0)), ("bII", (1, 5, 8))],
    )
    def test_numerals_name_the_chords_of_c_minor(self, numeral: str, pitch_classes: tuple[int, ...]) -> None:
        assert harmony.chord(numeral, C_MINOR).pitch_classes == pitch_classes

    @pytest.mark.parametrize("numeral", ["", "H", "IIII", "I9", "Iv"])
    def test_what_is_no_numeral_is_refused(self, numeral: str) -> None:
        with pytest.raises(ValueError, match="not a chord"):
            harmony.chord(numeral, C_MINOR)

    def test_the_melody_takes_the_leading_note_over_the_dominant_of_a_minor_key(self) -> None:
        rungs = harmony.ladder(C_MINOR, harmony.chord("V", C_MINOR), 60, octaves=1)
        assert rungs == (60, 62, 63, 65, 67, 68, 71)

    @given(st.integers(0, 11), st.integers(20, 90))
    def test_a_voicing_holds_the_whole_chord_within_an_octave(self, tonic: int, low: int) -> None:
        of = harmony.chord("V7", harmony.Key(tonic, "major"))
        pitches = harmony.voicing(of, low)
        assert {pitch % 12 for pitch in pitches} == set(of.pitch_classes)
        assert low <= min(pitches) <= max(pitches) < low + 12


class TestOscillators:
    @pytest.mark.parametrize(("wave", "step"), [(saw, 1), (square, 2)])
    @pytest.mark.parametrize("hz", [55.0, 440.0, 1760.0])
    def test_closed_forms_are_their_harmonic_series(
        self, wave: Callable[[float, Samples, float], Samples], step: int, hz: float
    ) -> None:
        cycle = cycles(hz, 0.05)
        k = np.arange(1, 2_000, step)[:, None]
        series = (np.exp(-hz * k / 2_000) / k * np.sin(2 * np.pi * k * cycle.astype(float))).sum(axis=0)
        np.testing.assert_allclose(wave(hz, cycle, 2_000), series, atol=2e-4)


class TestMixing:
    @given(st.lists(st.floats(-8, 8, width=32), min_size=2, max_size=200), st.integers(1, 97))
    def test_the_limiter_holds_the_ceiling(self, levels: list[float], length: int) -> None:
        mono_mix = np.repeat(np.array(levels, dtype=np.float32), length)
        limited = mixing.limited(np.stack([mono_mix, -mono_mix], axis=1))
        assert np.abs(limited).max() <= mixing.CEILING + 1e-6

    def test_the_limiter_leaves_a_quiet_mix_alone(self) -> None:
        mix = sounds.stereo(sounds.noise(0.5, SAMPLE_RATE, level=0.8))
        np.testing.assert_allclose(mixing.limited(mix), mix, atol=1e-6)

    def test_the_room_is_a_convolution_whatever_the_block(self) -> None:
        impulse = np.zeros(SAMPLE_RATE, dtype=np.float32)
        impulse[0] = 1
        response = mixing.room(impulse, 0.1, np.random.default_rng(5))
        bus = sounds.noise(1.0, SAMPLE_RATE)
        wet = mixing.room(bus, 0.1, np.random.default_rng(5))
        full = np.fft.irfft(np.fft.rfft(bus, 2 * SAMPLE_RATE) * np.fft.rfft(response[:, 1], 2 * SAMPLE_RATE))
        np.testing.assert_allclose(wet[:, 1], full[:SAMPLE_RATE], atol=5e-4)

    @given(st.floats(-1, 1))
    def test_panning_keeps_the_power(self, pan: float) -> None:
        assert sum(gain**2 for gain in mixing.gains(pan)) == pytest.approx(2)


class TestPieces:
    def test_every_key_is_played_once(self) -> None:
        keys = {(key, scale) for key in harmony.TONICS for scale in harmony.SCALES}
        assert Counter((piece.key, piece.scale) for piece in PIECES) == Counter(keys)

    def test_tempi_styles_artists_and_formats_are_many(self) -> None:
        tempi = sorted(piece.bpm for piece in PIECES)
        assert (tempi[0], tempi[-1]) == (60, 174)
        assert {piece.style for piece in PIECES} == set(STYLES)
        assert len({piece.artist for piece in PIECES}) == 8
        assert {piece.suffix for piece in PIECES} == set(encoding.FORMATS)

    def test_no_two_files_or_seeds_are_one_and_every_name_is_legal(self) -> None:
        places = [location(piece) for piece in PIECES]
        assert len({place.casefold() for place in places}) == len({piece.seed for piece in PIECES}) == len(PIECES)
        assert all(
            place.isprintable() and place.count("/") == 2 and not set('\\:*?"<>|') & set(place) for place in places
        )

    @pytest.mark.parametrize("piece", PIECES, ids=titled)
    def test_a_piece_closes_with_dominant_and_tonic(self, piece: Piece) -> None:
        style = STYLES[piece.style]
        form = composition.form(piece, style.beats_per_bar)
        assert [chord.root for chord in form.chords[-2:]] == [(form.key.tonic + 7) % 12, form.key.tonic]
        assert 20 <= form.seconds <= composition.MUSIC_S
        for part in style.parts:
            for note in composition.notes(part, form, swing=style.swing, seed=piece.seed):
                assert part.low <= note.pitch < part.low + 24
                assert 0 <= note.start < note.start + note.length <= form.seconds + 1e-6

    @pytest.mark.parametrize("name", STYLES)
    def test_the_steps_of_a_line_share_the_beats(self, name: str) -> None:
        style = STYLES[name]
        lines = [line for part in style.parts for line in part.lines]
        lines += [line.steps for line in (*style.groove, *style.fill)]
        assert all(len(line) % style.beats_per_bar == 0 for line in lines)


class TestRendering:
    def test_the_same_piece_is_the_same_samples(self) -> None:
        np.testing.assert_array_equal(render(BY_TITLE["Boss Rush"]), render(BY_TITLE["Boss Rush"]))

    @pytest.mark.parametrize("title", LISTENED_TO)
    def test_essentia_hears_tempo_key_and_a_sane_level(self, title: str) -> None:
        piece = BY_TITLE[title]
        samples = render(piece)
        assert samples.dtype == np.float32
        assert 20 <= len(samples) / SAMPLE_RATE <= 30
        assert 20 * np.log10(np.abs(samples).max()) <= -0.5
        assert -22 <= es.LoudnessEBUR128()(samples)[2] <= -8
        assert tempo_ratio(samples, piece) == pytest.approx(1, abs=0.04)
        assert es.KeyExtractor()(mono(samples))[:2] == (piece.key, piece.scale)

    @pytest.mark.slow
    def test_essentia_hears_every_key_and_every_tempo_up_to_an_octave(self) -> None:
        wrong = []
        for piece in PIECES:
            samples = render(piece)
            ratio = tempo_ratio(samples, piece)
            octave = min(abs(ratio / allowed - 1) for allowed in (0.5, 1, 2))
            if octave > 0.04 or es.KeyExtractor()(mono(samples))[:2] != (piece.key, piece.scale):
                wrong.append((piece.title, ratio))
        assert wrong == []


class TestCollection:
    @pytest.mark.parametrize("suffix", encoding.FORMATS)
    def test_a_file_holds_the_piece_and_its_tags(self, suffix: str, tmp_path: Path) -> None:
        piece = next(piece for piece in PIECES if piece.suffix == suffix)
        entry = RenderedPiece(piece, tmp_path / location(piece))
        write_piece(entry)

        samples, sample_rate = decoded(entry.path)
        expected = render(piece)
        assert len(samples) / sample_rate == pytest.approx(len(expected) / SAMPLE_RATE, abs=0.06)
        assert np.sqrt(np.mean(samples**2)) == pytest.approx(np.sqrt(np.mean(expected**2)), rel=0.05)
        assert list(entry.path.parent.iterdir()) == [entry.path]
        tags = mutagen.File(entry.path, easy=True)
        names = encoding.ID3_FRAMES if suffix == ".wav" else {name: name for name in encoding.ID3_FRAMES}
        assert {name: str(tags[names[name]][0]) for name in names} == encoding.tags(piece)

    def test_what_is_there_is_kept_and_the_rest_is_written(self, tmp_path: Path) -> None:
        missing = BY_TITLE["Level Select"]
        for piece in PIECES:
            if piece is not missing:
                path = tmp_path / location(piece)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"kept")
        heard: list[Piece] = []
        rendered = write_collection(tmp_path, on_piece=heard.append)

        assert heard == list(PIECES) == [entry.piece for entry in rendered]
        assert {entry.piece.title for entry in rendered if entry.path.read_bytes() != b"kept"} == {"Level Select"}
        rows = json.loads((tmp_path / TRUTH).read_text(encoding="utf-8"))
        assert [(row["file"], row["bpm"], row["key"], row["scale"]) for row in rows] == [
            (location(piece), piece.bpm, piece.key, piece.scale) for piece in PIECES
        ]

    def test_a_folder_that_is_a_file_is_one_clear_line(self, tmp_path: Path) -> None:
        occupied = tmp_path / "demo"
        occupied.write_text("not a folder")
        with pytest.raises(CollectionError, match=r"Cannot write to .*demo: .*\. Choose another folder"):
            write_collection(occupied)


class TestSounds:
    @pytest.mark.parametrize("n_channels", [1, 2, 6])
    @pytest.mark.parametrize(
        ("name", "codec", "atol"),
        [
            ("a.wav", None, 2e-5),
            ("a.wav", "pcm_u8", 5e-3),
            ("a.wav", "pcm_s24le", 1e-6),
            ("a.wav", "pcm_f32le", 0),
            ("a.flac", None, 2e-5),
            ("a.aiff", None, 2e-5),
            ("a.wv", None, 2e-5),
            ("a.m4a", "alac", 1e-6),
        ],
    )
    def test_lossless_formats_give_back_the_samples(
        self, name: str, codec: str | None, atol: float, n_channels: int, tmp_path: Path
    ) -> None:
        channels = [sounds.sine(220 * (n + 1), 0.5, 44_100) for n in range(n_channels)]
        written = np.stack(channels, axis=1)
        samples, sample_rate = decoded(sounds.write(tmp_path / name, written, 44_100, codec=codec))
        assert sample_rate == 44_100
        np.testing.assert_allclose(samples, written, atol=atol)

    @pytest.mark.parametrize("suffix", [".mp3", ".ogg", ".opus", ".webm", ".m4a", ".mp4", ".wma"])
    @pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
    def test_lossy_formats_give_back_the_pitch(self, suffix: str, rate: int, tmp_path: Path) -> None:
        written = sounds.stereo(sounds.sine(1_000, 1.0, rate))
        samples, sample_rate = decoded(sounds.write(tmp_path / f"a{suffix}", written, rate, tags={"title": "é"}))
        spectrum = np.abs(np.fft.rfft(samples[:, 0], sample_rate))
        assert spectrum.argmax() == pytest.approx(1_000, abs=2)
        assert 0.9 < len(samples) / sample_rate < 1.1

    def test_clicks_fall_on_the_beat(self) -> None:
        clicks = sounds.clicks(90, 4, 8_000)
        starts = [n for n in np.flatnonzero(clicks) if not clicks[max(0, n - 500) : n].any()]
        np.testing.assert_allclose(np.array(starts) / 8_000, np.arange(6) * 60 / 90, atol=2 / 8_000)

    def test_a_chord_has_its_key(self) -> None:
        assert es.KeyExtractor()(sounds.chord())[:2] == ("C", "major")
