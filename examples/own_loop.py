"""A custom training loop: a `CallbackList` calls `DashCallback`. Stop and Pause on the page work here too.

    python examples/own_loop.py

For a loop without Keras, use `cnn_dash.run`; see docs/callback.md.
"""

import argparse

import keras
import numpy as np

from cnn_dash.callbacks import DashCallback


def main(epochs: int = 3, images: int | None = None, batch_size: int = 64) -> DashCallback:
    """Train the model with `train_on_batch`, and test it."""
    (x_train, y_train), (x_test, y_test) = load(images)
    x_train, x_test = (np.expand_dims(x.astype("float32") / 255, -1) for x in (x_train, x_test))
    model = keras.Sequential(
        [keras.Input(x_train.shape[1:]), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    batches = -(-len(x_train) // batch_size)
    dash = DashCallback("Own loop", tags=["example"], test_data=(x_test, y_test))
    callbacks = keras.callbacks.CallbackList([dash], model=model, epochs=epochs, steps=batches)

    callbacks.on_train_begin()
    for epoch in range(epochs):
        callbacks.on_epoch_begin(epoch)
        model.reset_metrics()
        for batch in range(batches):
            callbacks.on_train_batch_begin(batch)
            part = slice(batch * batch_size, (batch + 1) * batch_size)
            logs = model.train_on_batch(x_train[part], y_train[part], return_dict=True)
            callbacks.on_train_batch_end(batch, logs)
            if model.stop_training:
                break
        tested = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
        callbacks.on_epoch_end(epoch, logs | {f"val_{name}": value for name, value in tested.items()})
        if model.stop_training:
            break
    callbacks.on_train_end()
    return dash


def load(images: int | None):
    """Return MNIST: the first `images` images, or all."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    return (x_train[:images], y_train[:images]), (x_test[:images], y_test[:images])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--images", type=int)
    main(**vars(parser.parse_args()))
