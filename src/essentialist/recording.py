"""A recording: what one pass over a file leaves behind for the descriptors.

Everything is computed once: the meters while the file is decoded, the rest when the first descriptor asks for it. At
no length does a recording hold more than ten minutes of samples and a few dozen patches (in the profile `full`, the
mel-spectrogram of all of it: 86 MB an hour).
"""

from __future__ import annotations

from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from essentialist import models
from essentialist.networks import inference
from essentialist.sound import SAMPLE_RATE_HZ, audio, patches
from essentialist.sound.character import Character, character
from essentialist.sound.metering import Excerpt, LoudnessMeter, WaveformMeter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from essentialist.settings import Device, Profile
    from essentialist.sound.audio import Samples

LONGEST_S = 600.0
"""What is kept of a longer recording for tempo, key and danceability: the middle of this length."""


class Recording:
    """One file, decoded once.

    Attributes
    ----------
    fingerprint : bytes
        What the sound is known by, 16 bytes.
    duration : float
        Seconds, counted in samples.
    mono : NDArray[float32], shape (n_samples,)
        The mean of the channels at 44.1 kHz; of a recording of more than ten minutes its middle ten.
    loudness : Loudness
        The reading of EBU R 128.
    waveform : NDArray[uint8], shape (400,)
        The outline for the eye.

    Raises
    ------
    RecordingError
        When the file cannot be decoded (see `audio.Decoder`).
    """

    def __init__(self, path: Path, profile: Profile = "balanced", device: Device = "cpu") -> None:
        self.path = path
        self.profile = profile
        self.device = device
        self._outputs: dict[str, inference.Outputs] = {}
        with closing(audio.Decoder(path)) as decoder:
            self._listen(decoder)
            self.fingerprint = decoder.fingerprint
            self.duration = decoder.n_samples / decoder.sample_rate

    def _listen(self, decoder: audio.Decoder) -> None:
        loudness, waveform = LoudnessMeter(decoder.sample_rate, decoder.n_channels), WaveformMeter()
        excerpt = Excerpt(int(LONGEST_S * SAMPLE_RATE_HZ), self._n_samples)
        collector = patches.collector(self.profile)
        to_analysis = audio.Resampler(decoder.sample_rate, SAMPLE_RATE_HZ)
        to_networks = audio.Resampler(decoder.sample_rate, patches.SAMPLE_RATE_HZ)
        for block in decoder:
            mono = np.ascontiguousarray(block.mean(axis=0))
            loudness.push(block)
            waveform.push(block)
            excerpt.push(to_analysis.push(mono))
            collector.push(to_networks.push(mono))
        nothing = np.empty(0, np.float32)
        excerpt.push(to_analysis.push(nothing, last=True))
        collector.push(to_networks.push(nothing, last=True))
        self.loudness, self.waveform = loudness.finish(), waveform.finish()
        self.mono: Samples = excerpt.finish()
        self._stretches = collector.finish()

    def _n_samples(self) -> int:
        """How many samples the whole recording has at 44.1 kHz, by its packets."""
        return int(audio.length_s(self.path) * SAMPLE_RATE_HZ)

    @cached_property
    def character(self) -> Character:
        """What kind of sound it is."""
        return character(self.mono, SAMPLE_RATE_HZ)

    def activations(self, model: str) -> NDArray[np.float32]:
        """What a network says of each patch, shape (n_patches, n_classes); no patch where there is no music."""
        return self._run(model).activations

    def embeddings(self, model: str) -> NDArray[np.float32]:
        """A network's embedding of each patch, shape (n_patches, n_dims); no patch where there is no music."""
        return self._run(model).embeddings

    def head(self, name: str) -> Mapping[str, float]:
        """What a head says, by class: the mean over patches; nothing where there is no music."""
        head = models.head(name)
        return inference.means(head, self.embeddings(head.network))

    def _run(self, name: str) -> inference.Outputs:
        if name not in self._outputs:
            network = models.network(name)
            hop = network.patch_hop if self.profile == "full" else network.patch_frames
            stretches = () if self.character.is_featureless else self._stretches
            cut = patches.windows(stretches, network.patch_frames, hop)
            self._outputs[name] = inference.run(network, cut, device=self.device)
        return self._outputs[name]
