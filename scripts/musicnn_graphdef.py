"""MSD-MusiCNN as a frozen TensorFlow graph, for Essentia's own runner: what `msd-musicnn-1.pb` is.

The graph of any MusiCNN that the Music Technology Group froze will do, such as `voice_instrumental-musicnn-msd-1.pb`:
the same layers, trained further. Its constants are replaced by the variables of the checkpoint, which have the same
names. Where that graph goes on from the 50 tags' logits with a layer of its own, it gets one that changes nothing, so
that `model/Sigmoid` are the tags. Nothing of this code runs the network: TensorFlow does.

Formats: TensorFlow, core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from wire_format import field, fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

GRAPH_NODE = 1
NODE_NAME, NODE_OP, NODE_ATTRIBUTE = 1, 2, 5
KEY, VALUE = 1, 2
ATTRIBUTE_TYPE, ATTRIBUTE_TENSOR = 6, 8
TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_CONTENT = 1, 2, 4
SHAPE_DIM, DIM_SIZE = 2, 1
DT_FLOAT = 1

TAGS = "dense_1/bias"
LAST_LAYER = "dense_2"


def with_weights(graph: bytes, weights: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Return a frozen MusiCNN with other weights.

    Parameters
    ----------
    graph
        A `GraphDef` whose constants are named as the variables.
    weights
        The variables of a checkpoint, by name.

    Raises
    ------
    ValueError
        When the graph lacks a constant that the network needs: it is another one.
    """
    n_tags = len(weights[TAGS])
    unchanged = {
        f"{LAST_LAYER}/kernel": np.eye(n_tags, dtype=np.float32),
        f"{LAST_LAYER}/bias": np.zeros(n_tags, np.float32),
    }
    wanted = {name: values for name, values in weights.items() if "/" in name and not is_of_training(name)} | unchanged
    nodes: list[bytes] = []
    for number, node in fields(graph):
        if number != GRAPH_NODE or not isinstance(node, bytes):
            continue
        names = {part: value for part, value in fields(node) if part in {NODE_NAME, NODE_OP}}
        name = bytes(names[NODE_NAME]).decode()
        nodes.append(constant(name, wanted.pop(name)) if name in wanted else node)
    if wanted:
        raise ValueError(f"The graph has no constant {min(wanted)}: it is not a MusiCNN.")
    return b"".join(field(GRAPH_NODE, node) for node in nodes)


def is_of_training(name: str) -> bool:
    """Whether a variable belongs to the optimizer."""
    return name.rpartition("/")[2].startswith(("Adam", "beta1_power", "beta2_power"))


def constant(name: str, values: NDArray[np.float32]) -> bytes:
    """Return a node that gives a constant, as a `NodeDef`."""
    shape = b"".join(field(SHAPE_DIM, field(DIM_SIZE, extent)) for extent in values.shape)
    tensor = (
        field(TENSOR_DTYPE, DT_FLOAT)
        + field(TENSOR_SHAPE, shape)
        + field(TENSOR_CONTENT, values.astype("<f4").tobytes())
    )
    attributes = {"dtype": field(ATTRIBUTE_TYPE, DT_FLOAT), "value": field(ATTRIBUTE_TENSOR, tensor)}
    return (
        field(NODE_NAME, name.encode())
        + field(NODE_OP, b"Const")
        + b"".join(
            field(NODE_ATTRIBUTE, field(KEY, key.encode()) + field(VALUE, value)) for key, value in attributes.items()
        )
    )
