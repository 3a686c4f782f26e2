"""Arousal and valence, 1 to 9, learnt from the ratings of 1,000 excerpts in the dataset emoMusic."""

from essentialist.models import BOGDANOV_2022, MTG, Head, Weights

HEAD = Head(
    name="emomusic-msd-musicnn-2",
    title="Arousal and valence, emoMusic",
    gives=("arousal", "valence"),
    licence=MTG,
    citation=BOGDANOV_2022,
    weights=Weights(
        "classification-heads/emomusic/emomusic-msd-musicnn-2.onnx",
        sha256="3a1946280824fc1c91c7bd4a60e0ad5e724812ebc4d7cc6b24f0a362d27dd17e",
        size=82_040,
        n_sources=1,
    ),
    network="msd-musicnn-1",
    meanings={"arousal": "arousal", "valence": "valence"},
)
