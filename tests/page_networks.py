"""Networks that an HTML page has to carry out: the whole range of our recipes, and those of other programs."""

from collections.abc import Callable

import keras
import numpy as np

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig
from cnn_dash.models.build import build

L = keras.layers


def ours(shape: tuple[int, int, int] = (20, 17, 1), **block: object) -> Callable[[], keras.Model]:
    def made() -> keras.Model:
        first = ConvBlock.model_validate({"filters": 5} | block)
        second = ConvBlock(filters=4, padding="same", pooling="none")
        head = "global_average" if block.get("stride") == 2 else "flatten"
        dense = DenseLayer(units=7, activation=first.activation, dropout=0.5)
        return shaken(build(ModelConfig(blocks=(first, second), head=head, dense=(dense,)), shape, 4, seed=3))

    return made


def foreign(shape: tuple[int, ...], *layers: Callable[[], keras.Layer]) -> Callable[[], keras.Model]:
    def made() -> keras.Model:
        keras.utils.set_random_seed(3)
        return shaken(keras.Sequential([keras.Input(shape), *(layer() for layer in layers)]))

    return made


def shaken(model: keras.Model) -> keras.Model:
    """Give all weights values that are not those to begin with, such as the statistics of a batch normalization."""
    rng = np.random.default_rng(2)
    for variable in model.weights:
        if "seed" not in variable.path:
            value = np.asarray(variable)
            variable.assign(np.abs(value) + 0.1 + rng.random(value.shape) if "variance" in variable.path else
                            value + rng.normal(0, 0.1, value.shape))  # fmt: skip
    return model


def _nested() -> keras.Model:
    keras.utils.set_random_seed(3)
    inner = keras.Sequential([keras.Input((9, 9, 3)), L.Conv2D(4, 3, activation="relu"), L.Flatten()])
    pixels = keras.Input((9, 9, 3))
    return shaken(keras.Model(pixels, L.Dense(3, activation="softmax")(inner(L.Rescaling(1 / 127.5, -1)(pixels)))))


def _to_two(function: str) -> Callable[[], keras.Layer]:
    return lambda: L.Dense(2, activation=function)


OURS = {
    "relu valid": ours(),
    "leaky relu, batch normalization": ours(activation="leaky_relu", batch_norm=True),
    "elu same average": ours(activation="elu", padding="same", pooling="average", pool_size=3),
    "gelu even kernel": ours(activation="gelu", kernel_size=4, padding="same"),
    "tanh stride": ours(activation="tanh", stride=2, padding="same", kernel_size=5),
    "odd stride": ours(stride=3, padding="same", kernel_size=2, pooling="none", dropout=0.3),
    "in colour": ours((16, 16, 3), padding="same", batch_norm=True),
}
OTHERS = {
    "same pooling": foreign(
        (11, 8, 2), lambda: L.MaxPooling2D(3, 2, "same"), lambda: L.AveragePooling2D(2, 2, "same"), L.Flatten,
        _to_two("softmax"),
    ),
    "padding, dilation, ReLU": foreign(
        (12, 12, 1), lambda: L.Rescaling([1 / 255], [-0.5]), lambda: L.ZeroPadding2D(((1, 0), (2, 3))),
        lambda: L.Conv2D(3, 3, dilation_rate=2, use_bias=False), lambda: L.ReLU(6.0), lambda: L.LeakyReLU(0.3),
        lambda: L.ELU(0.7), L.GlobalMaxPooling2D, lambda: L.Dropout(0.2), _to_two("softmax"),
    ),
    "dense on pixels": foreign(
        (6, 6, 2), L.RandomFlip, lambda: L.Normalization(mean=[100.0, 90.0], variance=[900.0, 400.0]),
        lambda: L.Dense(3, "silu"),
        lambda: L.Reshape((3, 12, 3)), lambda: L.GlobalAveragePooling2D(keepdims=True), L.Flatten,
        _to_two("softmax"),
    ),
    "selu, softplus": foreign(
        (5, 5, 1), lambda: L.Rescaling(1 / 255), lambda: L.Conv2D(3, 2, activation="selu"),
        lambda: L.Conv2D(3, 2, activation="softplus"), lambda: L.Activation("softsign"), L.Flatten,
        lambda: L.Dense(4, "hard_sigmoid"), lambda: L.Dense(4, "relu6"), lambda: L.Dense(2), L.Softmax,
    ),
    "sigmoid": foreign((4, 4, 1), lambda: L.Rescaling(1 / 255), L.Flatten, lambda: L.Dense(1, "sigmoid")),
    "nested": _nested,
}  # fmt: skip
NETWORKS = OURS | OTHERS


def images_for(model: keras.Model, count: int = 12) -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (count, *model.input_shape[1:]), np.uint8)
