"""A bare `Model.fit` script, as a notebook has it: the yardstick of `throughput.py`, without anything of CNN Dash.

`bare_fit.py DATA.npz EPOCHS BATCH_SIZE [STEPS_PER_EXECUTION]` takes an archive with x_train, y_train, x_val and y_val,
and prints the seconds of `fit`, validation included.
"""

import sys
import time

import keras
import numpy as np
from keras import layers

file, epochs, batch_size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
steps_per_execution = int(sys.argv[4]) if len(sys.argv) > 4 else 1
with np.load(file) as data:
    x_train, y_train, x_val, y_val = (data[name] for name in ("x_train", "y_train", "x_val", "y_val"))
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    "rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=steps_per_execution
)
began = time.perf_counter()
model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs, validation_data=(x_val, y_val), verbose=0)
print(time.perf_counter() - began)
