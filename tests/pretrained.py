"""Random weights of the pretrained base, in a file of the layout in which its publisher has the real ones."""

import hashlib
from pathlib import Path

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

from cnn_dash.models.bases import BASES

NAME = "mobilenet-v3-small"
FILE = BASES[NAME].weights.name


def random_weights(folder: Path, seed: int = 1) -> Path:
    """Write the file, as keras.applications publishes it. Its features tell images apart: they are normalized."""
    keras.utils.set_random_seed(seed)
    network = keras.applications.MobileNetV3Small(input_shape=(96, 96, 3), include_top=False, weights=None)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    smooth = np.random.default_rng(seed).uniform(0, 255, (8, 5, 5, 3)).astype(np.float32)
    network(keras.ops.image.resize(smooth, (96, 96)), training=True)
    folder.mkdir(parents=True, exist_ok=True)
    with h5py.File(folder / FILE, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, network)
    return folder / FILE


def named(url: str, file: Path) -> str:
    """Return what `CNN_DASH_BASE_WEIGHTS` has to be for a file at an address."""
    return f"{url}{file.name}#md5={hashlib.md5(file.read_bytes()).hexdigest()}"
