"""The layers of a network, in order and by name: the one walk over a `ModelConfig`.

`layer_table` does arithmetic on this list and `build` turns it into Keras layers, so the two cannot disagree about
which layers there are, in which order, or what they are called.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from cnn_dash.config import Activation, Base, ConvBlock, DenseLayer, Head, ModelConfig, Padding

Kind = Literal[
    "base",
    "rescaling",
    "convolution",
    "batch_norm",
    "activation",
    "pooling",
    "dropout",
    "flatten",
    "global_average",
    "dense",
    "softmax",
]

LEAKY_SLOPE = 0.1
"""Slope of leaky_relu below zero. Keras' function defaults to 0.2 and its layer to 0.3, so it is fixed here."""

BATCH_NORM_MOMENTUM = 0.9
"""How slowly the moving statistics follow. Keras' 0.99 wants hundreds of steps, and an epoch on mnist-5k has 57:
there validation stays at chance for two epochs and is at 0.67 after four, although the network learns from the first.
With 0.9 it is at 0.85 after one (compact-same with batch normalization, RMSprop, batch 64)."""


@dataclass(frozen=True)
class Pretrained:
    """Raw pixels to the feature maps of a network that was trained before; it stays as it is."""

    kind: ClassVar[Kind] = "base"
    name: Base


@dataclass(frozen=True)
class Rescaling:
    """Pixels 0–255 to 0–1."""

    kind: ClassVar[Kind] = "rescaling"


@dataclass(frozen=True)
class Convolution:
    """Square kernels, without the activation."""

    kind: ClassVar[Kind] = "convolution"
    filters: int
    kernel_size: int
    stride: int
    padding: Padding
    bias: bool


@dataclass(frozen=True)
class BatchNorm:
    """Batch normalization over the channels, with learned scale and offset."""

    kind: ClassVar[Kind] = "batch_norm"


@dataclass(frozen=True)
class Activate:
    """An activation function, value by value."""

    kind: ClassVar[Kind] = "activation"
    function: Activation


@dataclass(frozen=True)
class Pool:
    """Squares of side `size`, side by side; what is left over at the right and at the bottom is dropped."""

    kind: ClassVar[Kind] = "pooling"
    take: Literal["max", "average"]
    size: int


@dataclass(frozen=True)
class Dropout:
    """Blanks this share of the values while training."""

    kind: ClassVar[Kind] = "dropout"
    rate: float


@dataclass(frozen=True)
class Flatten:
    """(H, W, C) to (H·W·C,)."""

    kind: ClassVar[Kind] = "flatten"


@dataclass(frozen=True)
class GlobalAverage:
    """(H, W, C) to (C,): the mean of each map."""

    kind: ClassVar[Kind] = "global_average"


@dataclass(frozen=True)
class Dense:
    """Fully connected with bias, without the activation."""

    kind: ClassVar[Kind] = "dense"
    units: int


@dataclass(frozen=True)
class Softmax:
    """Logits to probabilities."""

    kind: ClassVar[Kind] = "softmax"


Operation = (
    Pretrained
    | Rescaling
    | Convolution
    | BatchNorm
    | Activate
    | Pool
    | Dropout
    | Flatten
    | GlobalAverage
    | Dense
    | Softmax
)


@dataclass(frozen=True)
class Layer:
    """One layer: its name, and what it does.

    Attributes:
        name: Its name on the page, e.g. "block 1 · convolution"; unique within a network.
        operation: What the layer does, with all its settings.
    """

    name: str
    operation: Operation

    @property
    def keras_name(self) -> str:
        """Name of the layer in the built model, e.g. "block_1_convolution"."""
        return re.sub(r"\W+", "_", self.name)


def layers(model: ModelConfig, classes: int) -> Iterator[Layer]:
    """Yield the layers from raw pixels to the probabilities of `classes` classes, in order.

    A convolution that batch normalization follows has no bias: the normalization subtracts it again and brings an
    offset of its own. The last dense layer and the softmax are separate so that the logits can be had.

    A base is followed by global average, whatever bridge is set: 28,224 values for an image, as flatten would give, are
    too many for the small sets that a base is for.
    """
    if model.base != "none":
        yield Layer("pretrained base", Pretrained(model.base))
        yield _bridge("global_average")
    else:
        yield Layer("input · rescaling", Rescaling())
        for number, block in enumerate(model.blocks, start=1):
            yield from _block(f"block {number}", block)
        yield _bridge(model.head)
    for number, dense in enumerate(model.dense, start=1):
        yield from _dense(f"dense {number}", dense)
    yield Layer("answer · logits", Dense(classes))
    yield Layer("answer · softmax", Softmax())


def _block(place: str, block: ConvBlock) -> Iterator[Layer]:
    convolution = Convolution(block.filters, block.kernel_size, block.stride, block.padding, bias=not block.batch_norm)
    yield Layer(f"{place} · convolution", convolution)
    if block.batch_norm:
        yield Layer(f"{place} · batch normalization", BatchNorm())
    yield Layer(f"{place} · activation", Activate(block.activation))
    if block.pooling != "none":
        yield Layer(f"{place} · pooling", Pool(block.pooling, block.pool_size))
    if block.dropout:
        yield Layer(f"{place} · dropout", Dropout(block.dropout))


def _bridge(head: Head) -> Layer:
    return Layer("flatten", Flatten()) if head == "flatten" else Layer("global average", GlobalAverage())


def _dense(place: str, dense: DenseLayer) -> Iterator[Layer]:
    yield Layer(place, Dense(dense.units))
    yield Layer(f"{place} · activation", Activate(dense.activation))
    if dense.dropout:
        yield Layer(f"{place} · dropout", Dropout(dense.dropout))
