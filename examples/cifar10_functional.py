"""A functional model for colour images, with augmentation and early stopping; the best model is kept.

python examples/cifar10_functional.py
"""

import argparse

import keras
from keras import layers

from cnn_dash.callbacks import DashCallback

NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def build(shape: tuple[int, int, int], classes: int) -> keras.Model:
    """Return a small residual network that takes pixels 0–255."""
    inputs = keras.Input(shape)
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.Rescaling(1 / 255)(x)
    for filters in (16, 32, 64):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
        shortcut = x
        x = layers.SeparableConv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Add()([x, shortcut])
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes)(x), name="small_residual")


def main(epochs: int = 30, images: int | None = None) -> DashCallback:
    """Train and test the model on the first `images` images, or on all."""
    (x_train, y_train), (x_test, y_test) = load(images)
    model = build(x_train.shape[1:], len(NAMES))
    steps = epochs * -(-len(x_train) // 64)
    rate = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    dash = DashCallback(
        "CIFAR-10 residual",
        config={"data": "cifar10", "augmentation": ["flip"]},
        tags=["example"],
        save="best",
        monitor="val_accuracy",
        test_data=(x_test, y_test),
        class_names=NAMES,
    )
    stop = keras.callbacks.EarlyStopping("val_accuracy", patience=5)
    model.fit(x_train, y_train, batch_size=64, epochs=epochs, validation_split=0.1, verbose=2, callbacks=[dash, stop])
    return dash


def load(images: int | None):
    """Return CIFAR-10: the first `images` images, or all."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
    return (x_train[:images], y_train[:images]), (x_test[:images], y_test[:images])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--images", type=int)
    main(**vars(parser.parse_args()))
