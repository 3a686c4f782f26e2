"""Whether music is aggressive."""

from essentialist.models import LAURIER_2009, MTG, Head, Weights

HEAD = Head(
    name="mood_aggressive-discogs-effnet-1",
    title="Mood: aggressive",
    gives=("moods",),
    licence=MTG,
    citation=LAURIER_2009,
    weights=Weights(
        "classification-heads/mood_aggressive/mood_aggressive-discogs-effnet-1.onnx",
        sha256="de36550b5d1660791ad732ed6de6ebfdc3e65dcf50b928b2578ddf103dbfb400",
        size=514_107,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"aggressive": "aggressive"},
)
