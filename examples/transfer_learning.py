"""Transfer learning in two stages, frozen and fine-tuned: two `fit` calls with one callback are one run.

python examples/transfer_learning.py
"""

import argparse

import keras
from keras import layers

from cnn_dash.callbacks import DashCallback

NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def main(epochs: int = 5, images: int | None = 5_000, size: int = 96, weights: str | None = "imagenet") -> DashCallback:
    """Train a head on MobileNetV2, then fine-tune all of it, on CIFAR-10 enlarged to `size` pixels."""
    (x_train, y_train), (x_test, y_test) = load(images)
    base = keras.applications.MobileNetV2(input_shape=(size, size, 3), include_top=False, weights=weights)
    base.trainable = False
    inputs = keras.Input(x_train.shape[1:])
    x = layers.Resizing(size, size)(inputs)
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = layers.GlobalAveragePooling2D()(base(x, training=False))
    model = keras.Model(inputs, layers.Dense(len(NAMES), activation="softmax")(layers.Dropout(0.2)(x)))

    dash = DashCallback("CIFAR-10 from MobileNetV2", tags=["example", "transfer"], class_names=NAMES)
    fit = {"batch_size": 32, "epochs": epochs, "validation_split": 0.1, "verbose": 2, "callbacks": [dash]}
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, **fit)

    base.trainable = True
    model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, **fit)
    dash.evaluate(x_test, y_test)
    return dash


def load(images: int | None):
    """Return CIFAR-10: the first `images` images, or all."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
    return (x_train[:images], y_train[:images]), (x_test[:images], y_test[:images])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--images", type=int, default=5_000)
    main(**vars(parser.parse_args()))
