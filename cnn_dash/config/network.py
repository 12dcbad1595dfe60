"""The network: convolution blocks, dense layers, and what leads from one to the other."""

from typing import Annotated, Literal

from pydantic import Field

from cnn_dash.config.setting import FRACTIONS, SIZES, Part, Setting, up_to

Activation = Literal["relu", "leaky_relu", "elu", "gelu", "tanh"]
Padding = Literal["valid", "same"]
Pooling = Literal["max", "average", "none"]
Head = Literal["flatten", "global_average"]
Base = Literal["none", "mobilenet-v3-small"]

MAX_BLOCKS = 6
MAX_DENSE = 3

_HEADS = {"global_average": "global average pooling"}
_ACTIVATIONS = Setting(labels={"relu": "ReLU", "leaky_relu": "Leaky ReLU", "elu": "ELU", "gelu": "GELU"})


class ConvBlock(Part):
    """Convolution, then batch normalization, activation, pooling and dropout, in this order."""

    filters: Annotated[int, Setting(stops=up_to(SIZES, 512), log=True)] = Field(
        32,
        ge=1,
        le=512,
        title="Filters",
        description="Number of patterns this block can look for. More of them cost more and overfit sooner.",
    )
    kernel_size: int = Field(
        3,
        ge=1,
        le=11,
        title="Kernel size",
        description="Side of the window that slides over the image, in pixels. 3 is usual; 5 or 7 sees more at once "
        "for more work.",
    )
    stride: int = Field(
        1,
        ge=1,
        le=4,
        title="Stride",
        description="Pixels that the window moves each time. 2 halves the width, like pooling, but cheaper.",
    )
    padding: Padding = Field(
        "valid",
        title="Padding",
        description="valid: the window stays inside, the image shrinks. same: a border of zeros keeps its size; use "
        "it in deep networks.",
    )
    activation: Annotated[Activation, _ACTIVATIONS] = Field(
        "relu",
        title="Activation",
        description="Function applied to the output of each filter. ReLU is a good start; Leaky ReLU, ELU or GELU if "
        "units die out.",
    )
    batch_norm: bool = Field(
        False,
        title="Batch normalization",
        description="Normalizes the outputs within each batch. Lets deep networks learn faster and with higher rates.",
    )
    pooling: Pooling = Field(
        "max",
        title="Pooling",
        description="Shrinks the feature maps by keeping the largest value (max) or the mean (average) of each square.",
    )
    pool_size: Annotated[int, Setting(only_if={"pooling": ("max", "average")})] = Field(
        2, ge=2, le=4, title="Pool size", description="Side of the square that pooling reduces to one value."
    )
    dropout: Annotated[float, Setting(unit="%", stops=FRACTIONS)] = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Dropout",
        description="Fraction of the outputs set to zero at random while training. Raise it when validation falls "
        "behind training.",
    )


class DenseLayer(Part):
    """A fully connected layer, then dropout."""

    units: Annotated[int, Setting(stops=up_to(SIZES, 2048), log=True)] = Field(
        64,
        ge=1,
        le=2048,
        title="Units",
        description="Number of outputs of this layer. Most parameters of a network sit here.",
    )
    activation: Annotated[Activation, _ACTIVATIONS] = Field(
        "relu", title="Activation", description="Function applied to the output of each unit. ReLU is a good start."
    )
    dropout: Annotated[float, Setting(unit="%", stops=FRACTIONS)] = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Dropout",
        description="Fraction of the outputs set to zero at random while training; 0.3 to 0.5 is usual here.",
    )


class ModelConfig(Part):
    """The network: convolution blocks, a bridge to vectors, dense layers; the softmax over the classes follows.

    With a base, which was trained before on other images and stays as it is, that takes the place of blocks and bridge.
    """

    base: Annotated[Base, Setting(labels={"mobilenet-v3-small": "MobileNetV3-Small"})] = Field(
        "none",
        title="Pretrained base",
        description="Layers that were trained on the photographs of ImageNet and stay as they are; only the layers "
        "after them learn. For small sets of photographs; it does not help with drawn digits.",
    )
    blocks: Annotated[tuple[ConvBlock, ...], Setting(only_if={"base": ("none",)})] = Field(
        (ConvBlock(),),
        min_length=1,
        max_length=MAX_BLOCKS,
        title="Convolution blocks",
        description="Depth of the network. Each block sees larger, more abstract patterns than the one before.",
    )
    head: Annotated[Head, Setting(labels=_HEADS, only_if={"base": ("none",)})] = Field(
        "flatten",
        title="From feature maps to a vector",
        description="flatten keeps where a feature was found; global average pooling keeps only how strongly, with far "
        "fewer parameters.",
    )
    dense: tuple[DenseLayer, ...] = Field(
        (),
        max_length=MAX_DENSE,
        title="Dense layers",
        description="Fully connected layers before the output. One is usually enough for digits.",
    )
