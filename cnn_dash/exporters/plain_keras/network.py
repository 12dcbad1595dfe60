"""The network of a run as `keras.Sequential`."""

from collections.abc import Iterator

from cnn_dash.config import Augmentation, ModelConfig
from cnn_dash.exporters.plain_keras.section import Section, block, fill
from cnn_dash.models.bases import BASES
from cnn_dash.models.layer_table import LayerTable, layer_table
from cnn_dash.models.layers import (
    BATCH_NORM_MOMENTUM,
    LEAKY_SLOPE,
    Activate,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    Layer,
    Operation,
    Pool,
    Pretrained,
    Rescaling,
    Softmax,
    layers,
)

_WHY = {
    Rescaling: "# The network takes raw pixels 0–255, so its users need not scale them.",
    BatchNorm: f"# Momentum {BATCH_NORM_MOMENTUM} instead of 0.99: a small data set has few steps per epoch.",
}


def network(model: ModelConfig, augmentation: Augmentation, image_shape: tuple[int, int, int], classes: int) -> Section:
    """Return the section that builds the network, with the augmentation as its first layers."""
    table = layer_table(model, image_shape, classes)
    if model.base != "none":
        return _on_base(model, table, image_shape, classes)
    text = [f"{table.parameters:,} parameters."]
    random = list(_augmentation(augmentation))
    if random:
        text.append("The random layers augment images in training only.")
    if sum(map(bool, (augmentation.shift, augmentation.rotation, augmentation.zoom))) > 1:
        text.append("Each of them interpolates; CNN Dash interpolates once, so its images are slightly sharper.")
    lines = [f"keras.Input({image_shape})", *random, *_code_of(list(layers(model, classes)))]
    return Section(
        "Network",
        (" ".join(text),),
        fill("model = keras.Sequential(\n    $layers\n)", layers=block("[", lines, "]")),
        ("import keras", "from keras import layers"),
    )


_BASE = """
# Raw pixels 0–255: the base scales them itself.
pixels = keras.Input($shape)
$rgb
large = layers.Resizing($size, $size)($x)
base = keras.applications.MobileNetV3Small(input_tensor=large, include_top=False, weights=BASE_WEIGHTS, pooling="avg")
base.trainable = False

x_train, x_val, x_test = (base.predict(x, batch_size=64, verbose=0) for x in (x_train, x_val, x_test))
$model
"""


def _on_base(model: ModelConfig, table: LayerTable, image_shape: tuple[int, int, int], classes: int) -> Section:
    """Return the section that builds the layers after a base, and computes what they learn from."""
    base = BASES[model.base]
    grey = image_shape[2] == 1
    rest = block("[", [f"keras.Input(({base.output_shape[2]},))", *_code_of(list(layers(model, classes))[2:])], "]")
    code = fill(
        _BASE,
        shape=image_shape,
        rgb="rgb = layers.Concatenate()([pixels, pixels, pixels])" if grey else "",
        x="rgb" if grey else "pixels",
        size=base.size,
        model=fill("model = keras.Sequential(\n    $layers\n)", layers=rest),
    )
    text = (
        f"{base.title} with {table.parameters:,} parameters in all, of which "
        f"{table.trainable_parameters:,} learn. {base.about} Images are enlarged to the {base.size} pixels that "
        "it was trained on. It stays as it is, so what it makes of each image is computed once; without augmentation.",
        "Keras downloads the weights; a path instead of “imagenet” takes a file.",
    )
    code = f'BASE_WEIGHTS = "imagenet"\n\n{code}'
    return Section("Network", text, code, ("import keras", "from keras import layers"))


def _augmentation(augmentation: Augmentation) -> Iterator[str]:
    fill = 'fill_mode="constant"'  # what comes in from outside is black
    if augmentation.zoom:
        # Keras' factor says how much of the image is seen, ours how large it gets; the range is the same.
        least, most = (round(1 / (1 + zoom) - 1, 6) for zoom in (augmentation.zoom, -augmentation.zoom))
        yield f"# {1 - augmentation.zoom:g} to {1 + augmentation.zoom:g} times as large."
        yield f"layers.RandomZoom(({least}, {most}), {fill})"
    if augmentation.rotation:
        yield f"layers.RandomRotation({augmentation.rotation:g} / 360, {fill})"
    if augmentation.shift:
        yield f"layers.RandomTranslation({augmentation.shift}, {augmentation.shift}, {fill})"


def _code_of(left: list[Layer]) -> Iterator[str]:
    """Yield layers as code; an activation that Keras knows by name is an argument of the layer before."""
    explained: set[type[Operation]] = set()
    while left:
        operation = left.pop(0).operation
        activation = _activation(left) if isinstance(operation, Convolution | Dense) else ""
        if activation:
            left.pop(0)
        if type(operation) not in explained and (why := _WHY.get(type(operation))):
            yield why
        explained.add(type(operation))
        yield _code(operation, activation)


def _activation(following: list[Layer]) -> str:
    """Return the activation that comes next, as an argument; empty if none does, or it is a layer of its own."""
    match following[0].operation if following else None:
        case Softmax():
            return ', activation="softmax"'
        case Activate(function=function) if function != "leaky_relu":
            return f', activation="{function}"'
        case _:
            return ""


def _code(operation: Operation, activation: str) -> str:
    match operation:
        case Pretrained():
            raise TypeError("a base is several layers")
        case Rescaling():
            return "layers.Rescaling(1 / 255)"
        case Convolution():
            stride = f", strides={operation.stride}" if operation.stride > 1 else ""
            padding = f', padding="{operation.padding}"' if operation.padding != "valid" else ""
            bias = "" if operation.bias else ", use_bias=False"
            return f"layers.Conv2D({operation.filters}, {operation.kernel_size}{stride}{padding}{bias}{activation})"
        case BatchNorm():
            return f"layers.BatchNormalization(momentum={BATCH_NORM_MOMENTUM})"
        case Activate(function="leaky_relu"):
            return f"layers.LeakyReLU({LEAKY_SLOPE})"
        case Activate():
            return f'layers.Activation("{operation.function}")'
        case Pool():
            kind = "MaxPooling2D" if operation.take == "max" else "AveragePooling2D"
            return f"layers.{kind}({operation.size})"
        case Dropout():
            return f"layers.Dropout({operation.rate})"
        case Flatten():
            return "layers.Flatten()"
        case GlobalAverage():
            return "layers.GlobalAveragePooling2D()"
        case Dense():
            return f"layers.Dense({operation.units}{activation})"
        case Softmax():  # always right after the last dense layer
            return 'layers.Activation("softmax")'
