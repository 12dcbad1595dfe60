"""How pictures are read by what is measured: the network, the one way from a picture to answers, and its doubt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from common import data_dir
from PIL import Image

from cnn_dash.datasets import catalogue
from cnn_dash.errors import PictureError
from cnn_dash.inference import CENTRED, answers
from cnn_dash.inference.familiarity import IMAGES, Familiarity
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.predictor import Predictor
from cnn_dash.inference.steps import Steps
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
        outputs: From images uint8 (N, H, W, C) to probabilities (N, classes) and features (N, D).
        model_input: The input that it takes.
        familiarity: What it has seen.
    """

    name: str
    outputs: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
    model_input: ModelInput
    familiarity: Familiarity | None

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return the probabilities, float32 (N, classes), of images uint8 (N, H, W, C)."""
        return self.outputs(images)[0]


@dataclass(frozen=True)
class Answer:
    """What was read in one place of a picture.

    Attributes:
        label: The class that is most likely.
        confidence: Its probability, 0 to 1.
        doubt: How doubtful it is that it is one of the classes; from 1 on, that is said.
        box: Left, top, right and bottom in pixels of the picture; None if it went in as a whole.
    """

    label: int
    confidence: float
    doubt: float
    box: Box | None


def read(network: Network, picture: Image.Image, steps: Steps | None = None) -> list[Answer]:
    """Return what the network reads on a picture, in the order in which one reads; nothing if it is refused."""
    try:
        found = answers.read(network, picture, steps)
    except PictureError:
        return []
    return [
        Answer(one.label, one.confidence, max(one.strangeness, one.indecision), _as_in_pillow(one.prepared.box))
        for one in found.answers
    ]


def doubt(found: list[Answer]) -> float:
    """Return how doubtful it is that there is a digit at all, from 0: without end if the picture was refused."""
    return max((answer.doubt for answer in found), default=float("inf"))


def _as_in_pillow(box: answers.Box | None) -> Box | None:
    return None if box is None else (box[1], box[0], box[3], box[2])


def network_of_run(name: str) -> Network:
    """Return the network of a run, a number or `latest`, of the store that the environment names."""
    store = RunStore(Settings.from_environment())
    run = store.latest(Status.FINISHED) if name == "latest" else store.run(int(name))
    if run is None:
        raise SystemExit("No run has finished yet.")
    predictor = Predictor(ResultFolder.of(store.settings, run))
    return Network(f"run {run.id}, {run.name}", predictor.outputs, predictor.model_input, predictor.familiarity)


def network_of_file(file: Path) -> Network:
    """Return the network of a Keras file that learned MNIST from its training images."""
    import keras

    from cnn_dash.models.forward import forward_with_features

    outputs = forward_with_features(keras.saving.load_model(file, compile=False))
    data = catalogue.load("mnist", data_dir())
    seen, known = (slice(None, None, len(split) // IMAGES) for split in (data.train, data.validation))
    probabilities, features = outputs(data.validation.images[known])
    familiarity = Familiarity.measure(
        outputs(data.train.images[seen])[1], features, probabilities, data.validation.labels[known]
    )
    digits = ModelInput(tuple("0123456789"), (28, 28, 1), CENTRED)
    return Network(file.name, outputs, digits, familiarity)
