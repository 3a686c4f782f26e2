"""Whether somebody sings, from the embeddings of MSD-MusiCNN: small, and needs no other network."""

from essentialist.models import ALONSO_2020, MTG, Head, Weights

HEAD = Head(
    name="voice_instrumental-msd-musicnn-1",
    title="Voice or instrumental, without EffNet",
    gives=("voice", "instrumental"),
    licence=MTG,
    citation=ALONSO_2020,
    weights=Weights(
        "classification-heads/voice_instrumental/voice_instrumental-msd-musicnn-1.onnx",
        sha256=None,
    ),
    network="msd-musicnn-1",
    meanings={"voice": "voice", "instrumental": "instrumental"},
)
