"""Whether music is electronic, by its sound."""

from essentialist.models import LAURIER_2009, MTG, Head, Weights

HEAD = Head(
    name="mood_electronic-discogs-effnet-1",
    title="Mood: electronic",
    gives=("moods",),
    licence=MTG,
    citation=LAURIER_2009,
    weights=Weights(
        "classification-heads/mood_electronic/mood_electronic-discogs-effnet-1.onnx",
        sha256="4cc09140d5b078cf39e55975a23cba813e6bd4014092b78e8c415fa32a382149",
        size=514_107,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"electronic": "electronic"},
)
