"""The description of a network's input; kept beside the network, so that a prediction needs no data set."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from cnn_dash.errors import StoreError
from cnn_dash.inference.frame import Framing

Scaling = Literal["0-255", "0-1", "-1-1"]
"""The numbers of black and white as a network takes them."""
Outputs = Literal["probabilities", "logits", "sigmoid", "sigmoid logits"]
"""What a network gives; of a single output, it is that of class 1."""


@dataclass(frozen=True)
class ModelInput:
    """The input that a network takes, and the classes that it predicts.

    Attributes:
        class_names: One name for each class; the index is the label.
        image_shape: Height and width in pixels, and channels, of the model's input.
        framing: How the images that it learned from frame their ink; None if a picture goes in as a whole.
        scaling: How pixels go in; None if nobody has said so yet. Networks of ours take 0–255.
        outputs: What the network gives. Networks of ours give probabilities.
    """

    class_names: tuple[str, ...]
    image_shape: tuple[int, int, int]
    framing: Framing | None
    scaling: Scaling | None = "0-255"
    outputs: Outputs = "probabilities"

    @property
    def factor_and_offset(self) -> tuple[float, float]:
        """By what a pixel of 0–255 is multiplied before the network gets it, and what is added then."""
        return {"0-1": (1 / 255, 0.0), "-1-1": (2 / 255, -1.0)}.get(self.scaling or "", (1.0, 0.0))

    def write(self, file: Path) -> None:
        """Write it as JSON."""
        file.write_bytes(_JSON.dump_json(self, indent=2))

    @classmethod
    def read(cls, file: Path) -> "ModelInput":
        """Read what `write` wrote.

        Raises:
            StoreError: If the file is missing or damaged.
        """
        try:
            return _JSON.validate_json(file.read_bytes())
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"This run cannot be used for predictions. Received: {file.name} ({error}). "
                "Train it again with the same settings."
            ) from error


def probabilities_of(outputs: NDArray[np.float32], kind: Outputs | str) -> NDArray[np.float32]:
    """Return probabilities float32 (N, classes) of what a network gives, (N, classes), or (N, 1) of class 1."""
    if kind == "logits":
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
    if kind == "probabilities":
        return outputs
    one = outputs if kind == "sigmoid" else 1 / (1 + np.exp(-outputs))
    return np.asarray(np.concatenate([1 - one, one], axis=1), np.float32)


_JSON = TypeAdapter(ModelInput)
