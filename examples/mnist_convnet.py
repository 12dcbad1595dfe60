"""A convnet for MNIST, as in the Keras guides, with `DashCallback` added.

python examples/mnist_convnet.py
"""

import argparse

import keras
import numpy as np
from keras import layers

from cnn_dash.callbacks import DashCallback


def main(epochs: int = 15, images: int | None = None) -> DashCallback:
    """Train and test the model on the first `images` images, or on all."""
    (x_train, y_train), (x_test, y_test) = load(images)
    x_train, x_test = (np.expand_dims(x.astype("float32") / 255, -1) for x in (x_train, x_test))
    classes = int(y_train.max()) + 1
    model = keras.Sequential(
        [
            keras.Input(shape=x_train.shape[1:]),
            layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    dash = DashCallback("MNIST convnet", tags=["example"], test_data=(x_test, y_test))
    model.fit(x_train, y_train, batch_size=128, epochs=epochs, validation_split=0.1, verbose=2, callbacks=[dash])
    return dash


def load(images: int | None):
    """Return MNIST: the first `images` images, or all."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    return (x_train[:images], y_train[:images]), (x_test[:images], y_test[:images])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--images", type=int)
    main(**vars(parser.parse_args()))
