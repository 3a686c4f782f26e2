"""Whether music is acoustic, by its sound."""

from essentialist.models import LAURIER_2009, MTG, Head, Weights

HEAD = Head(
    name="mood_acoustic-discogs-effnet-1",
    title="Mood: acoustic",
    gives=("moods",),
    licence=MTG,
    citation=LAURIER_2009,
    weights=Weights(
        "classification-heads/mood_acoustic/mood_acoustic-discogs-effnet-1.onnx",
        sha256="56b02abf772b9c1cf528e4d6521d6e09515cedccce47895ee5de8de33fbdf848",
        size=514_103,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"acoustic": "acoustic"},
)
