"""How danceable music is, learnt from examples."""

from essentialist.models import ALONSO_2020, MTG, Head, Weights

HEAD = Head(
    name="danceability-discogs-effnet-1",
    title="Danceability",
    gives=("danceability_learned",),
    licence=MTG,
    citation=ALONSO_2020,
    weights=Weights(
        "classification-heads/danceability/danceability-discogs-effnet-1.onnx",
        sha256="9ce9b8c44f1dd5df5ffc124e5d41d67acf254232c1b90c7e057e079ab7cead73",
        size=514_101,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={"danceable": "danceability_learned"},
)
