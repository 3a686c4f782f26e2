"""Whether music is relaxed."""

from essentialist.models import LAURIER_2009, MTG, Head, Weights

HEAD = Head(
    name="mood_relaxed-discogs-effnet-1",
    title="Mood: relaxed",
    gives=("moods",),
    licence=MTG,
    citation=LAURIER_2009,
    weights=Weights(
        "classification-heads/mood_relaxed/mood_relaxed-discogs-effnet-1.onnx",
        sha256="8ba6515a1e5943a72b3b475e3a25fc7a2ff04142c3eaa6aa0716fca371efdfff",
        size=514_101,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"relaxed": "relaxed"},
)
