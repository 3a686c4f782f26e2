"""Whether somebody sings, from the embeddings of Discogs-EffNet."""

from essentialist.models import ALONSO_2020, MTG, Head, Weights

HEAD = Head(
    name="voice_instrumental-discogs-effnet-1",
    title="Voice or instrumental",
    gives=("voice", "instrumental"),
    licence=MTG,
    citation=ALONSO_2020,
    weights=Weights(
        "classification-heads/voice_instrumental/voice_instrumental-discogs-effnet-1.onnx",
        sha256="20155e4c439714b0c45c08644b73c8e12d9dccb173bd4ab9934bf1e5aee837ca",
        size=514_114,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"voice": "voice", "instrumental": "instrumental"},
)
