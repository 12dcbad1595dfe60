"""Keras' own archive."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.exporters.card import model_card
from cnn_dash.exporters.export_format import Answer, ExportFormat
from cnn_dash.exporters.source import ExportSource


def _write(source: ExportSource, file: Path) -> None:
    source.model.save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.md", model_card(source))  # Keras reads the members that it knows by name


def _open(file: Path) -> Answer:
    import keras

    model = keras.saving.load_model(file, compile=False, safe_mode=True)

    def answer(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(model.predict_on_batch(images.astype(np.float32)), np.float32)

    return answer


KERAS = ExportFormat(
    name="keras",
    label="Keras",
    suffix=".keras",
    about="For Python: keras.saving.load_model loads it on TensorFlow, JAX or PyTorch, for inference, fine-tuning or "
    "a look at its layers.",
    media_type="application/zip",
    write=_write,
    open=_open,
)
