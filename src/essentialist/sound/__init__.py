"""From a file to signals: decoding once, meters, mel-spectrogram patches, what kind of sound it is."""

SAMPLE_RATE_HZ = 44_100
"""Of `Recording.mono`: what Essentia's rhythm and tonal algorithms expect. Another rate gives wrong tempi."""
