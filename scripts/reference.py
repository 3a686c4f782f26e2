"""Ask the reference, Essentia with TensorFlow, what it says of samples; it lives in an environment of its own.

`make reference` makes that environment, `.venv-reference`, with the package `essentia-tensorflow` and the wheel of
`musicnn`. No file of `msd-musicnn-1` for TensorFlow is needed: its graph is made of a frozen MusiCNN and the wheel's
checkpoint (`musicnn_graphdef`).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import convert_musicnn
import musicnn_graphdef
import numpy as np

from essentialist.sound import audio, patches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Floats: TypeAlias = "NDArray[np.float32]"

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv-reference"
PYTHON = ENVIRONMENT / "bin" / "python"
WHEEL = ENVIRONMENT / convert_musicnn.WHEEL
PROGRAM = Path(__file__).with_name("essentia_reference.py")
MODELS = ROOT.parent / "shared" / "models"

NETWORK = "msd-musicnn-1.pb"
EMOTION = "emomusic-msd-musicnn-2.pb"
VOICE = "voice_instrumental-musicnn-msd-1.pb"
EMOTIONS = ("valence", "arousal")  # the order of the network's outputs, by its card
VOICES = ("instrumental", "voice")  # likewise

SUFFIXES = {".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav"}


@dataclass(frozen=True, slots=True)
class Outputs:
    """What MusiCNN and the emoMusic head say of a clip, a row a patch: (n, 200), (n, 50) and (n, 2)."""

    embeddings: Floats
    tags: Floats
    emotion: Floats

    def emotions(self) -> dict[str, float]:
        """Valence and arousal of the clip, 1 to 9: the means over patches."""
        return dict(zip(EMOTIONS, self.emotion.mean(axis=0).tolist(), strict=True))


def missing(models: Path = MODELS) -> str | None:
    """Say what the reference lacks here and how to get it; None where nothing is missing."""
    if not (PYTHON.exists() and WHEEL.exists()):
        return f"there is no {ENVIRONMENT.name}: run `make reference`"
    lacking = [name for name in (EMOTION, VOICE) if not (models / name).exists()]
    return f"Essentia's {lacking[0]} is not in {models}" if lacking else None


def ask(
    signals: Mapping[str, Floats], *, models: Path = MODELS, rate_hz: int = patches.SAMPLE_RATE_HZ, quality: int = 0
) -> dict[str, Outputs]:
    """Ask what MusiCNN and the emoMusic head say of every patch of signals.

    Parameters
    ----------
    signals : arrays (n_samples,) by name
        Mono, of `rate_hz`; of another rate than 16 kHz, Essentia resamples them.
    models
        The folder of Essentia's frozen networks.
    quality
        Of Essentia's Resample, 0 (best) to 4.
    """
    rows = _answers(signals, models, f"--rate={rate_hz}", f"--quality={quality}")
    return {name: Outputs(of["embeddings"], of["tags"], of["emotion"]) for name, of in rows.items()}


def ask_for_voice(signals: Mapping[str, Floats], *, models: Path = MODELS) -> dict[str, float]:
    """Ask for the probability of a voice in signals of 16 kHz: the mean over patches, as a share of both classes."""
    means = {name: of["voice"].mean(axis=0) for name, of in _answers(signals, models, "--voice").items()}
    return {name: float(mean[VOICES.index("voice")] / mean.sum()) for name, mean in means.items()}


def _answers(signals: Mapping[str, Floats], models: Path, *options: str) -> dict[str, dict[str, Floats]]:
    """Run the program in its environment: rows of outputs by signal and kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frozen = (models / VOICE).read_bytes()
        (folder / NETWORK).write_bytes(musicnn_graphdef.with_weights(frozen, checkpoint()))
        for each in (EMOTION, VOICE):
            shutil.copy(models / each, folder)
        samples, outputs = folder / "samples.npz", folder / "outputs.npz"
        names = {f"{number}": name for number, name in enumerate(signals)}
        np.savez(samples, **{number: signals[name] for number, name in names.items()})  # type: ignore[arg-type]
        command = [str(each) for each in (PYTHON, PROGRAM, folder, samples, outputs)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The reference failed: {done.stderr[-2000:]}")
        found: dict[str, dict[str, Floats]] = {name: {} for name in signals}
        with np.load(outputs) as rows:
            for each in rows.files:
                number, _, kind = each.partition("/")
                found[names[number]][kind] = rows[each]
        return found


def checkpoint() -> dict[str, Floats]:
    """The variables of MSD-MusiCNN, from the wheel in the reference's environment."""
    wheel = WHEEL.read_bytes()
    convert_musicnn.verify(wheel)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return convert_musicnn.variables(archive, convert_musicnn.CHECKPOINT)


def clips_of(folder: Path) -> list[Path]:
    """The music below a folder, in order."""
    return [path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES]


def samples_of(path: Path, rate_hz: int = patches.SAMPLE_RATE_HZ) -> Floats:
    """Decode a clip to mono of a sample rate."""
    with closing(audio.Decoder(path)) as decoder:
        resampler = audio.Resampler(decoder.sample_rate, rate_hz)
        blocks = [resampler.push(np.ascontiguousarray(block.mean(axis=0))) for block in decoder]
        return np.concatenate([*blocks, resampler.push(np.empty(0, np.float32), last=True)])
