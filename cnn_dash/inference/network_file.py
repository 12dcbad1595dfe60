"""The network of a run as its result folder holds it, and what is known of its input. Importing this imports Keras."""

import zipfile
from typing import Any

import keras

from cnn_dash.errors import StoreError
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.runs.folder import ResultFolder


def read_input(folder: ResultFolder) -> ModelInput:
    """Return how images go into the network.

    Raises:
        StoreError: If that is damaged, or nobody has said how pixels are scaled.
    """
    with folder.model_input.local_path() as file:
        known = ModelInput.read(file)
    if known.scaling is None:
        raise StoreError(
            "The range of the input pixels of this run's network is not known: another program trained it. Received: "
            "a network without a Rescaling layer. Allowed: one whose scaling is known. Open the run on the Predict "
            "page, which asks once, or let its program pass test_data."
        )
    return known


def read_network(folder: ResultFolder) -> Any:
    """Return the Keras model, not compiled; no code in the file is run.

    Raises:
        StoreError: If the file cannot be opened.
    """
    try:
        with folder.model.local_path() as file:
            return keras.saving.load_model(file, compile=False, safe_mode=True)
    except (OSError, ValueError, TypeError, KeyError, zipfile.BadZipFile) as error:
        raise StoreError(
            f"The network of this run cannot be opened. Received: {folder.model.name} ({error}). "
            "Train it again with the same settings."
        ) from error
