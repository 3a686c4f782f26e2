"""MSD-MusiCNN: the embedded network, for 50 tags of the Million Song Dataset.

Made by `scripts/convert_musicnn.py` from the checkpoint in the PyPI package `musicnn`; its weights are those of
Essentia's `msd-musicnn-1`, and heads made for that network work on its embeddings.
"""

from essentialist.models import SHIPPED, Model, Nodes, Weights

MODEL = Model(
    name="msd-musicnn-1",
    title="MSD-MusiCNN",
    gives=("tags",),
    licence="ISC",
    citation="Pons & Serra, 2019, musicnn: Pre-trained convolutional neural networks for music audio tagging",
    weights=Weights(
        "msd-musicnn-1.onnx",
        sha256="ff5088a13bc98e54ff09ad6f4832097d60900ace5488648d33c45257489ca0d2",
        size=4_839_808,
        shipped_in=SHIPPED,
    ),
    input="melspectrogram",
    outputs=Nodes(activations="activations", embeddings="embeddings"),
    patch_frames=187,
    patch_hop=93,
    n_dims=200,
)
