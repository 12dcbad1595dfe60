"""How pictures are read by what is measured: the network, the one way from a picture to answers, and its doubt.

Whoever changes the reader changes `read` and `doubt`; the benchmark of pictures asks nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from common import data_dir  # noqa: F401  puts the repository on the path
from PIL import Image

from cnn_dash.errors import PictureError
from cnn_dash.inference import CENTRED, prepare
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.predictor import Predictor
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Network:
    """A trained network.

    Attributes:
        name: What it is called in a report.
        probabilities: From images uint8 (N, H, W, C) to probabilities float32 (N, classes).
        model_input: The input that it takes.
    """

    name: str
    probabilities: Callable[[np.ndarray], np.ndarray]
    model_input: ModelInput


@dataclass(frozen=True)
class Answer:
    """What was read in one place of a picture.

    Attributes:
        probabilities: float32 (classes,).
        box: Left, top, right and bottom in pixels of the picture; None if the reader does not say.
    """

    probabilities: np.ndarray
    box: Box | None = None

    @property
    def label(self) -> int:
        """The class that is most likely."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """Its probability, 0–1."""
        return float(self.probabilities.max())


def read(network: Network, picture: Image.Image, many: bool = False) -> list[Answer]:
    """Read a picture.

    Args:
        network: What reads.
        picture: Decoded, in its own mode.
        many: Whether all characters are asked for, in the order in which they are read, or the one that is meant.

    Returns:
        One answer, or several if many are asked for; none if the picture is refused.
    """
    try:
        pixels = prepare(picture, network.model_input.image_shape, network.model_input.framing)
    except PictureError:
        return []
    return [Answer(network.probabilities(pixels[None])[0])]


def doubt(answers: list[Answer]) -> float:
    """Return how doubtful it is that there is a digit at all, 0–1: 1 if the picture was refused."""
    return 1 - answers[0].confidence if answers else 1.0


def network_of_run(name: str) -> Network:
    """Return the network of a run, a number or `latest`, of the store that the environment names."""
    store = RunStore(Settings.from_environment())
    run = store.latest(Status.FINISHED) if name == "latest" else store.run(int(name))
    if run is None:
        raise SystemExit("No run has finished yet.")
    predictor = Predictor(ResultFolder.of(store.settings, run))
    return Network(f"run {run.id}, {run.name}", predictor.probabilities, predictor.model_input)


def network_of_file(file: Path) -> Network:
    """Return the network of a Keras file; of what it takes, `input.json` beside it tells, or else MNIST is supposed."""
    import keras

    from cnn_dash.models.forward import forward

    beside = file.with_name("input.json")
    digits = ModelInput(tuple("0123456789"), (28, 28, 1), CENTRED)
    model_input = ModelInput.read(beside) if beside.exists() else digits
    return Network(file.name, forward(keras.saving.load_model(file, compile=False)), model_input)
