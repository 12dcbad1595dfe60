"""Loads a network that somebody has brought, and tests it: a program of its own, which `process` starts.

`python -m cnn_dash.model_import FOLDER`, where `model.keras`, `request.json` and perhaps `images.npy` and `labels.npy`
lie. It leaves the files of a result in `result`, with the network saved again from memory, so that what is kept is what
was loaded and tested; and `facts.json`. Exit codes: 0 done, 3 refused, with a sentence in `refusal.txt`.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cnn_dash.keras_alone import leave_out_adapters
from cnn_dash.model_import.process import EXIT_REFUSED, REFUSAL_FILE

MEMORY_BYTES = 4 << 30
FILE_BYTES = 2 << 30
SECONDS = 3_600  # of processor time, on all processors together: should the parent not be there to end it
MOST_CLASSES = 1_000
_BATCH = 64


class _Unfit(Exception):
    """A network that cannot be used here; its text goes into the sentence."""


def main(folder: Path) -> int:
    """Do it; return the exit code."""
    _limit()
    try:
        facts = _load_and_test(folder, json.loads((folder / "request.json").read_text("utf-8")))
    except _Unfit as error:
        (folder / REFUSAL_FILE).write_text(str(error), "utf-8")
        return EXIT_REFUSED
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")
    return 0


def _limit() -> None:
    """Let a network that unpacks to gigabytes, or computes for hours, end this process."""
    with contextlib.suppress(ImportError):  # Windows: there, only the time that the parent waits is limited
        import resource

        limits = (
            (resource.RLIMIT_DATA, MEMORY_BYTES),  # not the address space, of which TensorFlow reserves much
            (resource.RLIMIT_FSIZE, FILE_BYTES),
            (resource.RLIMIT_CPU, SECONDS),
            (resource.RLIMIT_CORE, 0),
        )
        for what, most in limits:
            with contextlib.suppress(ValueError, OSError):  # a system may know no such limit, or have a lower one
                resource.setrlimit(what, (most, most))


def _load_and_test(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    import keras

    from cnn_dash.inference.model_input import ModelInput
    from cnn_dash.recording import model_facts
    from cnn_dash.recording.results import Result, answers_of, input_of

    try:
        model = keras.saving.load_model(folder / "model.keras", compile=False, safe_mode=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever a damaged file lets Keras, h5py and TensorFlow raise
        raise _Unfit(f"a network that Keras {keras.__version__} does not load: {_short(error)}") from None
    shape, classes = _shape_and_classes(model)
    tested = (folder / "images.npy").exists()
    answers = None
    try:
        if tested:
            images, labels = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("images", "labels"))
            if classes < int(labels.max()) + 1:
                raise _Unfit(f"a network of {classes} classes, and test images of {int(labels.max()) + 1}")
            height, width, channels = (size or images.shape[place] for place, size in enumerate(shape, start=1))
            way = ModelInput((), (height, width, channels), None, asked["scaling"])
            answers = answers_of(model, _batches(images, labels, way))
            if not np.isfinite(answers.probabilities).all():
                raise _Unfit("a network whose answers are not numbers")
            assert answers.images is not None  # of 1 or 3 channels, as `_shape_and_classes` has seen
            seen = [_fitted(one, way.image_shape) for one in images[: len(answers.images)]]
            answers = replace(answers, images=np.stack(seen), scaling=asked["scaling"])
        elif None in shape:
            raise _Unfit("a network for images of any size, and no data set; choose one, whose size it then has")
        else:
            model.predict_on_batch(np.zeros((1, *map(int, shape)), np.float32))  # type: ignore[arg-type]
    except (_Unfit, MemoryError):
        raise
    except Exception as error:
        raise _Unfit(f"a network that does not answer: {_short(error)}") from None
    model_input = input_of(model, asked["class_names"], answers)
    if model_input is None:
        raise _Unfit("a network that takes no single images")
    if asked["scaling"] is not None:
        model_input = replace(model_input, scaling=asked["scaling"])
    (folder / "result").mkdir()
    result = Result(folder / "result")
    result.add_network(model, model_input)
    if answers is not None:
        result.add_answers(answers, model_input, model_input.class_names)
    return {
        "sha256": result.sha256,
        "accuracy": result.accuracy,
        "loss": result.loss,
        "params": model_facts.params_of(model),
        "layers": model_facts.layers_of(model),
        "parameters": model_facts.parameters_of(model),
        "image_shape": list(model_input.image_shape),
        "classes": len(model_input.class_names),
        "scaling": model_input.scaling,
    }


def _shape_and_classes(model: Any) -> tuple[list[int | None], int]:
    """Return height, width and channels of the input of a network, and how many classes it tells apart."""
    if len(model.inputs or ()) != 1 or len(model.outputs or ()) != 1:
        raise _Unfit(f"a network with {len(model.inputs or ())} inputs and {len(model.outputs or ())} outputs")
    shape, output = list(model.inputs[0].shape[1:]), list(model.outputs[0].shape[1:])
    if len(shape) != 3 or shape[2] not in (1, 3):
        raise _Unfit(f"a network with an input of {_sizes(shape)}, which is no image of 1 or 3 channels")
    if len(output) != 1 or not output[0] or output[0] > MOST_CLASSES:
        raise _Unfit(f"a network with an output of {_sizes(output)}, not one of up to {MOST_CLASSES:,} classes")
    return shape, max(2, int(output[0]))


def _batches(images: Any, labels: Any, way: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield images as a network takes them, float32, and their labels."""
    factor, offset = way.factor_and_offset
    for begin in range(0, len(images), _BATCH):
        some = np.stack([_fitted(one, way.image_shape) for one in images[begin : begin + _BATCH]])
        yield some.astype(np.float32) * np.float32(factor) + np.float32(offset), labels[begin : begin + _BATCH]


def _fitted(image: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """Return an image uint8 (H, W, C) in the size and with the channels that a network takes."""
    height, width, channels = shape
    if image.shape[:2] != (height, width):
        import cv2

        image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA).reshape(height, width, -1)
    if image.shape[2] == channels:
        return image
    return image.repeat(3, axis=2) if channels == 3 else image.mean(axis=2, keepdims=True).round().astype(np.uint8)


def _sizes(shape: list[int | None]) -> str:
    return "×".join("any" if size is None else str(size) for size in shape) or "one number"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


if __name__ == "__main__":
    leave_out_adapters()
    sys.exit(main(Path(sys.argv[1])))
