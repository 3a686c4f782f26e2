"""Whether music is for parties."""

from essentialist.models import LAURIER_2009, MTG, Head, Weights

HEAD = Head(
    name="mood_party-discogs-effnet-1",
    title="Mood: party",
    gives=("moods",),
    licence=MTG,
    citation=LAURIER_2009,
    weights=Weights(
        "classification-heads/mood_party/mood_party-discogs-effnet-1.onnx",
        sha256="c50ac2106ec2f209dd04ad48756582df0e3f3512235310d1a4a3fcc453745f04",
        size=514_097,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"party": "party"},
)
