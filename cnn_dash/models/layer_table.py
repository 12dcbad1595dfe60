"""Output shape, parameters and cost of each layer: pure arithmetic, at once, without TensorFlow.

The page shows the table beside the sliders, and `build` asks it first, so that a network which cannot be built, or
is too large to be built, is refused with a sentence before anything is allocated.
"""

from dataclasses import dataclass
from math import prod

from cnn_dash.config import ModelConfig
from cnn_dash.errors import ConfigError
from cnn_dash.models.bases import BASES
from cnn_dash.models.layers import (
    BatchNorm,
    Convolution,
    Dense,
    Flatten,
    GlobalAverage,
    Kind,
    Layer,
    Operation,
    Pool,
    Pretrained,
    layers,
)

MAX_PARAMETERS = 200_000_000
"""Training keeps about four float32 numbers for each parameter with Adam: 3.2 GB at this bound."""

MAX_VALUES = 4_000_000
"""Most values one layer may put out for one image: 1 GB of float32 for a batch of 64."""


@dataclass(frozen=True)
class LayerRow:
    """One layer in numbers.

    Attributes:
        name: Its name on the page, e.g. "block 1 · convolution".
        keras_name: Name of the layer in the built model, e.g. "block_1_convolution".
        kind: Its kind.
        output_shape: Without the batch: (H, W, C) for maps, (units,) for vectors.
        parameters: All numbers the layer holds.
        fixed_parameters: Those of them that gradients do not change: the moving mean and variance of batch
            normalization, and all of a pretrained base.
        multiply_adds: Products that are summed up for one image on its way forward: kernel weights × output
            positions of a convolution (with padding "same" the products with the border's zeros count as well),
            inputs × units of a dense layer. All else is 0: biases, normalization, activations, pooling, scaling.
        receptive_field: Side in pixels of the square of the image that one output value can depend on. It is not
            cut to the image: with padding "same" it may reach beyond. From flatten or global average on it is the
            longer side of the image, as the vector draws on every position; likewise after a pretrained base, which
            averages over whole maps inside.
    """

    name: str
    keras_name: str
    kind: Kind
    output_shape: tuple[int, ...]
    parameters: int
    fixed_parameters: int
    multiply_adds: int
    receptive_field: int

    @property
    def trainable_parameters(self) -> int:
        """Parameters that training changes."""
        return self.parameters - self.fixed_parameters


@dataclass(frozen=True)
class LayerTable:
    """All layers of a network from pixels to probabilities, in order."""

    rows: tuple[LayerRow, ...]

    @property
    def parameters(self) -> int:
        """All numbers the network holds."""
        return sum(row.parameters for row in self.rows)

    @property
    def trainable_parameters(self) -> int:
        """Parameters that training changes."""
        return sum(row.trainable_parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Products summed up for one image on its way forward; what counts is said at `LayerRow`."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def receptive_field(self) -> int:
        """Side in pixels of what one value of the last map depends on, before flatten or global average."""
        return [row for row in self.rows if len(row.output_shape) == 3][-1].receptive_field


def layer_table(model: ModelConfig, image_shape: tuple[int, int, int], classes: int) -> LayerTable:
    """Compute the table of the network for images of (height, width, channels) and a number of classes.

    The receptive field grows by (window − 1) × jump in each layer, and the jump, the distance in pixels between two
    neighbouring values, by the layer's stride (Araujo, Norris, Sim: Computing Receptive Fields of Convolutional
    Neural Networks, Distill 2019).

    Raises:
        ConfigError: If a window is larger than the map it meets, or the network is too large to be built.
    """
    if min(image_shape) < 1 or classes < 2:
        raise ConfigError(
            "A network needs images with pixels and classes to tell apart. "
            f"Received: images of {_size(image_shape)}, {classes} classes. "
            "Allowed: height, width and channels from 1, classes from 2. Choose another data set."
        )
    rows: list[LayerRow] = []
    shape: tuple[int, ...] = image_shape
    field = jump = 1
    whole = max(image_shape[:2])
    for layer in layers(model, classes):
        kernel, others, fixed = _parameters(layer.operation, channels=shape[-1])
        shape = _output_shape(layer, shape)
        window, stride = _window(layer.operation)
        field += (window - 1) * jump
        jump *= stride
        row = LayerRow(
            name=layer.name,
            keras_name=layer.keras_name,
            kind=layer.operation.kind,
            output_shape=shape,
            parameters=kernel + others + fixed,
            fixed_parameters=fixed,
            multiply_adds=_multiply_adds(layer.operation, kernel, shape),
            receptive_field=field if len(shape) == 3 and model.base == "none" else whole,
        )
        _check_values(row)
        rows.append(row)
    table = LayerTable(tuple(rows))
    _check_parameters(table)
    return table


def _multiply_adds(operation: Operation, kernel: int, shape: tuple[int, ...]) -> int:
    """Count the products for one image: each weight once at every position of the output; a vector has just one."""
    return BASES[operation.name].multiply_adds if isinstance(operation, Pretrained) else kernel * prod(shape[:-1])


def _window(operation: Operation) -> tuple[int, int]:
    """Return side and stride of the window that slides over the map; 1 and 1 if values are taken one by one."""
    match operation:
        case Convolution():
            return operation.kernel_size, operation.stride
        case Pool():
            return operation.size, operation.size
        case _:
            return 1, 1


def _parameters(operation: Operation, channels: int) -> tuple[int, int, int]:
    """Count weights that inputs are multiplied by, other learned numbers, and numbers that are not learned."""
    match operation:
        case Pretrained(name=name):
            return 0, 0, BASES[name].parameters
        case Convolution(filters=filters, kernel_size=size):
            return size * size * channels * filters, filters if operation.bias else 0, 0
        case Dense(units=units):
            return channels * units, units, 0
        case BatchNorm():
            return 0, 2 * channels, 2 * channels  # scale and offset; moving mean and variance
        case _:
            return 0, 0, 0


def _output_shape(layer: Layer, shape: tuple[int, ...]) -> tuple[int, ...]:
    operation = layer.operation
    match operation:
        case Pretrained(name=name):
            return BASES[name].output_shape
        case Convolution(padding="same"):
            return (*(-(-side // operation.stride) for side in shape[:2]), operation.filters)
        case Convolution():
            return (*_inside(layer, shape), operation.filters)
        case Pool():
            return (*_inside(layer, shape), shape[2])
        case Flatten():
            return (prod(shape),)
        case GlobalAverage():
            return shape[2:]
        case Dense():
            return (operation.units,)
        case _:
            return shape


def _inside(layer: Layer, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return height and width of the positions at which the window lies wholly inside the map."""
    window, stride = _window(layer.operation)
    if window > min(shape[:2]):
        place = layer.name.replace(" ·", ":")
        raise ConfigError(
            f"{place} {_size((window, window))} on {_size(shape[:2])} cannot be built, as the window is larger than "
            f"the map. Received: a map of {_size(shape)} from the layers before. Allowed: a window of at most "
            f"{min(shape[:2])}. Take fewer blocks, smaller kernels, less pooling or smaller strides, or padding same."
        )
    return tuple((side - window) // stride + 1 for side in shape[:2])


def _check_values(row: LayerRow) -> None:
    if prod(row.output_shape) > MAX_VALUES:
        raise ConfigError(
            f"{row.name} puts out more than memory can be expected to hold. Received: {_size(row.output_shape)}, "
            f"{prod(row.output_shape):,} values for each image. Allowed: up to {MAX_VALUES:,}. Take fewer filters, "
            "a larger stride or pooling in the blocks before, or smaller images."
        )


def _check_parameters(table: LayerTable) -> None:
    if table.parameters > MAX_PARAMETERS:
        largest = max(table.rows, key=lambda row: row.parameters)
        raise ConfigError(
            f"The network is too large to be trained here. Received: {table.parameters:,} parameters, "
            f"{largest.parameters:,} of them in {largest.name}. Allowed: up to {MAX_PARAMETERS:,}. Take fewer filters "
            "or units, more pooling, or global average instead of flatten."
        )


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(str(side) for side in shape)
