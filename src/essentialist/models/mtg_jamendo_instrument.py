"""40 instruments, from the tags of the MTG-Jamendo dataset."""

from essentialist.models import BOGDANOV_2019, MTG, Head, Weights

HEAD = Head(
    name="mtg_jamendo_instrument-discogs-effnet-1",
    title="Instruments",
    gives=("instruments",),
    licence=MTG,
    citation=BOGDANOV_2019,
    weights=Weights(
        "classification-heads/mtg_jamendo_instrument/mtg_jamendo_instrument-discogs-effnet-1.onnx",
        sha256="9ae2d9e763d66bd8eed654d1ac3aa171e6539cb8a0e11f3dcd53df1428980802",
        size=2_706_492,
        n_sources=1,
    ),
    network="discogs-effnet-bsdynamic-1",
    meanings={},
)
