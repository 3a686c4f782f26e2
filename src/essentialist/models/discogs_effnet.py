"""Discogs-EffNet: 400 styles of Discogs, and the embeddings that most heads read. The batch may have any size."""

from essentialist.models import MTG, Model, Nodes, Weights

MODEL = Model(
    name="discogs-effnet-bsdynamic-1",
    title="Discogs-EffNet",
    gives=("styles",),
    licence=MTG,
    citation=(
        "Alonso-Jiménez, Serra & Bogdanov, 2022, Music representation learning based on editorial metadata from"
        " Discogs, ISMIR"
    ),
    weights=Weights(
        "feature-extractors/discogs-effnet/discogs-effnet-bsdynamic-1.onnx",
        sha256="a280825b334797cf677939db8cd5762c0392aedd0ca6415dbc1cd083f045e43c",
        size=18_027_718,
        n_sources=10,
    ),
    input="melspectrogram",
    outputs=Nodes(activations="activations", embeddings="embeddings"),
    patch_frames=128,
    patch_hop=62,
    n_dims=1280,
    gpu_batch=64,
)
