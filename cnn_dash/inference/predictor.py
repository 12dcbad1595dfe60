"""A trained network that answers for single pictures. Importing this imports TensorFlow."""

import zipfile

import keras
import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.models.forward import forward
from cnn_dash.runs.folder import ResultFolder


def keep_session() -> None:
    """Let `keras.backend.clear_session` do nothing in this process.

    Streamlit calls it at the end of every run of every script, of every stroke on the canvas too: a full garbage
    collection of 0.3 s in which the server stands still, and what a network rests on that is being loaded in another
    thread is reset.
    """
    keras.backend.clear_session = lambda free_memory=True: None


class Predictor:
    """The network of one run, loaded and traced.

    Attributes:
        card: How pictures go in and what the answers mean.
    """

    def __init__(self, folder: ResultFolder) -> None:
        """Load the network.

        Raises:
            StoreError: If the run has no network, or its file is damaged.
        """
        with folder.model_input.local_path() as file:
            self.card = ModelInput.read(file)
        try:
            with folder.model.local_path() as file:
                model = keras.saving.load_model(file, compile=False, safe_mode=True)
        except (OSError, ValueError, TypeError, KeyError, zipfile.BadZipFile) as error:
            raise StoreError(
                f"The network of this run cannot be opened. Received: {folder.model.name} ({error}). "
                "Train it again with the same settings."
            ) from error
        self._forward = forward(model)
        self._forward(np.zeros((1, *self.card.image_shape), np.uint8))  # traced now rather than at the first picture

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the network says: prepared pictures uint8 (N, H, W, C) → probabilities float32 (N, classes)."""
        return self._forward(pictures)
