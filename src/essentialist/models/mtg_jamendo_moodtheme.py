"""56 moods and themes, from the tags of the MTG-Jamendo dataset."""

from essentialist.models import BOGDANOV_2019, MTG, Head, Weights

HEAD = Head(
    name="mtg_jamendo_moodtheme-discogs-effnet-1",
    title="Moods and themes",
    gives=("themes",),
    licence=MTG,
    citation=BOGDANOV_2019,
    weights=Weights(
        "classification-heads/mtg_jamendo_moodtheme/mtg_jamendo_moodtheme-discogs-effnet-1.onnx",
        sha256="7d6270acaa5f4bba4b115a0d6849aca05ed6bd153dcb6d9da4f6ab9f99ef10ff",
        size=2_739_322,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={},
)
