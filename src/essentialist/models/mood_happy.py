"""Whether music is happy."""

from essentialist.models import LAURIER_2009, MTG, Head, Weights

HEAD = Head(
    name="mood_happy-discogs-effnet-1",
    title="Mood: happy",
    gives=("moods",),
    licence=MTG,
    citation=LAURIER_2009,
    weights=Weights(
        "classification-heads/mood_happy/mood_happy-discogs-effnet-1.onnx",
        sha256="0ca322819ef137b4b87e9866bffe7370a630e6f1165184ec106326cef6f81e06",
        size=514_097,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"happy": "happy"},
)
