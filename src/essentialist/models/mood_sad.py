"""Whether music is sad."""

from essentialist.models import LAURIER_2009, MTG, Head, Weights

HEAD = Head(
    name="mood_sad-discogs-effnet-1",
    title="Mood: sad",
    gives=("moods",),
    licence=MTG,
    citation=LAURIER_2009,
    weights=Weights(
        "classification-heads/mood_sad/mood_sad-discogs-effnet-1.onnx",
        sha256="1a50d11c23181bdfdeabc7d6032a2dad829dfc19c3776d2ee57ef1724cb08805",
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"sad": "sad"},
)
