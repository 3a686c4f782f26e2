"""Arousal and valence, 1 to 9, learnt from the dataset DEAM: for comparison, no descriptor reads it."""

from essentialist.models import BOGDANOV_2022, MTG, Head, Weights

HEAD = Head(
    name="deam-msd-musicnn-2",
    title="Arousal and valence, DEAM",
    gives=(),
    licence=MTG,
    citation=BOGDANOV_2022,
    weights=Weights(
        "classification-heads/deam/deam-msd-musicnn-2.onnx",
        sha256="2cb8f33f188d73fcb651f7c065b049959166c7852f454a59c13e66fe2c092bde",
        n_sources=2,
    ),
    network="msd-musicnn-1",
    meanings={"arousal": "arousal", "valence": "valence"},
)
