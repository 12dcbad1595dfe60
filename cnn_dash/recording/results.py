"""What outlives a fit: the network, how a picture goes into it, and what it answered for test images.

The files are those of a run of ours, so that pages read both alike. They are made here, in the thread that trains, and
brought into the store by the writer.
"""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cnn_dash.recording.answers import (
    MOST_SHOWN,
    MOST_SHOWN_BYTES,
    Answers,
    as_bytes,
    batches_of,
    kind_of_outputs,
    labels_of,
    scaling_of,
)
from cnn_dash.recording.writer import ResultWrite

if TYPE_CHECKING:
    from cnn_dash.inference.frame import Framing
    from cnn_dash.inference.model_input import ModelInput
    from cnn_dash.recording.target import RunTarget
    from cnn_dash.runs.external import Kept

log = logging.getLogger(__name__)


def answers_of(model: Any, x: Any, y: Any = None) -> Answers:
    """Let a network answer test images.

    Args:
        model: A Keras model with one input and one output.
        x: Images, or batches of images and labels; see `batches_of`.
        y: Labels, if they do not come with `x`.

    Raises:
        DataError: If there are no test images and labels in it.
    """
    from cnn_dash.inference.model_input import probabilities_of

    labels: list[np.ndarray] = []
    outputs: list[np.ndarray] = []
    shown: list[np.ndarray] = []
    shown_bytes = 0
    low, high, whole = np.inf, -np.inf, True
    for images, marks in batches_of(x, y):
        found = np.asarray(model.predict_on_batch(images), np.float32)[: len(images)]  # each replica answers them all
        outputs.append(found.reshape(len(images), -1))
        labels.append(labels_of(marks))
        low, high = min(low, float(images.min())), max(high, float(images.max()))
        whole &= bool(np.issubdtype(images.dtype, np.integer)) or high > 1
        if sum(len(one) for one in shown) < MOST_SHOWN and shown_bytes < MOST_SHOWN_BYTES:
            shown.append(images)
            shown_bytes += images.size
    raw = np.concatenate(outputs)
    kind, scaling = kind_of_outputs(raw), scaling_of(low, high, whole=whole)
    pictures = as_bytes(np.concatenate(shown)[:MOST_SHOWN], scaling)
    return Answers(np.concatenate(labels), probabilities_of(raw, kind), pictures, scaling, kind)


def input_of(model: Any, class_names: Sequence[str] | None, answers: Answers | None) -> "ModelInput | None":
    """Return how a picture goes into a network; None if it takes no images."""
    from cnn_dash.inference.model_input import ModelInput

    try:
        sizes = list(model.input_shape[1:])
        classes = int(model.output_shape[-1])
    except (AttributeError, TypeError, ValueError, IndexError):  # several inputs or outputs, or not built
        return None
    images = None if answers is None else answers.images
    if len(sizes) == 2:  # grey images without a channel are given one by nobody: the network would not take it
        return None
    if len(sizes) != 3 or sizes[2] not in (1, 3):
        return None
    if images is not None:  # a network for images of any size
        sizes = [size or images.shape[place] for place, size in enumerate(sizes, start=1)]
    if None in sizes:
        return None
    height, width, channels = map(int, sizes)
    classes = 2 if classes == 1 else classes
    names = () if class_names is None else tuple(map(str, class_names))
    names += tuple(map(str, range(len(names), classes)))
    scaling: Any = answers.scaling if answers is not None else "0-255" if _scales_itself(model) else None
    outputs: Any = answers.outputs if answers is not None else _outputs(model)
    framing = None if images is None else _framing(images)
    return ModelInput(names[:classes], (height, width, channels), framing, scaling, outputs)


def _framing(images: np.ndarray) -> "Framing | None":
    """Return how images frame their ink; None where the libraries for that are not: the dashboard finds it out then."""
    try:
        from cnn_dash.inference.framing import framing_of
    except ImportError:
        return None
    return framing_of(images)


def _scales_itself(model: Any) -> bool:
    """Return whether a layer of a model brings pixels 0–255 to its own scale."""
    return any(
        type(layer).__name__ in ("Rescaling", "Normalization") or (hasattr(layer, "layers") and _scales_itself(layer))
        for layer in model.layers
    )


def _outputs(model: Any) -> str:
    """Return what a network gives, by the activation of its last layer."""
    last = model.layers[-1]
    name = getattr(getattr(last, "activation", None), "__name__", "") or type(last).__name__.lower()
    single = int(model.output_shape[-1]) == 1
    if single:
        return "sigmoid" if name == "sigmoid" else "sigmoid logits"
    return "probabilities" if name in ("softmax", "sigmoid") else "logits"


def weights_sha256(model: Any) -> str:
    """Return the SHA-256 over the bytes of all weights, float32 little-endian, in layer order."""
    digest = hashlib.sha256()
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight, "<f4").tobytes())
    return digest.hexdigest()


class Result:
    """Files of a result, in a folder of their own until the writer has brought them into the store.

    Args:
        folder: Where they are made, or lie already; None for a temporary one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cnn-dash-")) if folder is None else folder
        self.accuracy: float | None = None
        self.loss: float | None = None
        self.sha256: str | None = None
        self._names: list[str] = [file.name for file in self._folder.iterdir()]

    def add_network(self, model: Any, model_input: "ModelInput | None") -> None:
        """Save a network, and how a picture goes into it; without that it cannot predict pictures, and is not kept."""
        if model_input is None:
            log.warning("CNN Dash: the network takes no single images of 1 or 3 channels, so it is not kept.")
            return
        model.save(self._path("model.keras"))
        model_input.write(self._path("input.json"))
        self.sha256 = weights_sha256(model)

    def add_answers(self, answers: Answers, model_input: "ModelInput | None", class_names: Sequence[str]) -> None:
        """Save what a network answered, and the images beside which it is shown."""
        from cnn_dash.evaluation.metrics import accuracy, cross_entropy
        from cnn_dash.evaluation.report import write_report

        self.accuracy = accuracy(answers.labels, answers.probabilities)
        self.loss = cross_entropy(answers.labels, answers.probabilities)
        write_report(self._path("evaluation.npz"), answers.labels, answers.probabilities)
        classes = answers.probabilities.shape[1]
        names = [*map(str, class_names), *map(str, range(len(class_names), classes))][:classes]
        images = np.zeros((0, 1, 1, 1), np.uint8) if answers.images is None else answers.images
        with self._path("test_images.npz").open("wb") as stream:
            np.savez_compressed(stream, images=images, class_names=np.array(names, dtype=str))

    def _path(self, name: str) -> Path:
        if name not in self._names:
            self._names.append(name)
        return self._folder / name

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self._names

    def keep(self, target: "RunTarget", kept: "Kept") -> None:
        """Bring the files into the store and name them there; called by the writer, again if it fails."""
        name = f"{target.folder.result_name(target.open().run.attempt)}-{kept.folder}"
        folder = target.folder.result(name)
        for file in (folder.model, folder.model_input, folder.evaluation, folder.test_images):
            if file.name in self._names:
                source = self._folder / file.name
                if not source.is_file():  # the temporary folder was cleaned: it would be tried again for ever
                    log.warning("CNN Dash: %s is gone, and the network of this epoch is not kept.", source)
                    return
                file.put(partial(shutil.copyfile, source))
        target.record_result(
            replace(kept, folder=name, weights_sha256=self.sha256, accuracy=self.accuracy, loss=self.loss)
        )
        self.close()

    def close(self) -> None:
        """Delete the files here."""
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass(frozen=True)
class PendingResult(ResultWrite):
    """A result that the writer is to bring into the store."""

    result: Result
    kept: "Kept"

    def __call__(self, target: "RunTarget") -> None:
        """Bring it there."""
        self.result.keep(target, self.kept)

    def drop(self) -> None:
        """Delete its files."""
        self.result.close()

    def replaces(self, older: ResultWrite) -> bool:
        """Return whether it has a network: then that of an older one is out of date."""
        return isinstance(older, PendingResult) and self.result.sha256 is not None
