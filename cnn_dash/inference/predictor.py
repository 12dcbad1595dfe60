"""A trained network that predicts single images. Importing this imports TensorFlow."""

import zipfile
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.inference.framing import framing_of
from cnn_dash.inference.kept_temperature import read_familiarity
from cnn_dash.inference.model_input import ModelInput, probabilities_of
from cnn_dash.inference.network_file import read_input, read_network
from cnn_dash.models.forward import forward_with_features
from cnn_dash.runs.folder import ResultFolder


class Predictor:
    """The network of one run, loaded and traced.

    Attributes:
        model_input: The input that it takes, and the classes that it predicts.
        familiarity: What it has seen, by which doubtful pictures are told; None if that was not measured.
    """

    def __init__(self, folder: ResultFolder) -> None:
        """Load the network.

        Raises:
            StoreError: If the run has no network, its file is damaged, or nobody has said how pixels go in.
        """
        self.model_input = with_framing(read_input(folder), folder)
        model = read_network(folder)
        self.familiarity: Familiarity | None = read_familiarity(folder)
        self._forward = forward_with_features(model, *self.model_input.factor_and_offset)
        self.outputs(np.zeros((1, *self.model_input.image_shape), np.uint8))  # traced now, not at the first image

    def outputs(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Run the network: prepared images uint8 (N, H, W, C) → probabilities (N, classes) and features (N, D)."""
        outputs, features = self._forward(images)
        return probabilities_of(outputs, self.model_input.outputs), features

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Run the network: prepared images uint8 (N, H, W, C) → probabilities float32 (N, classes)."""
        return self.outputs(images)[0]


def with_framing(known: ModelInput, folder: ResultFolder) -> ModelInput:
    """Add how images frame their ink, which a program without the libraries for that could not tell of its own."""
    if known.framing is not None or known.image_shape[2] != 1:
        return known
    try:
        with folder.test_images.local_path() as file, np.load(file, allow_pickle=False) as archive:
            images = archive["images"]
    except FileNotFoundError:  # a network of ours, or one that was not tested
        return known
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):  # damaged: Evaluate says so
        return known
    fits = images.ndim == 4 and images.dtype == np.uint8 and len(images) > 0
    return replace(known, framing=framing_of(images)) if fits else known
