"""TensorFlow's SavedModel, zipped, with a serving signature that takes raw pixels."""

import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.exporters.card import model_card
from cnn_dash.exporters.export_format import INPUT, OUTPUT, Answer, ExportFormat
from cnn_dash.exporters.source import ExportSource


def write_folder(source: ExportSource, folder: Path, images: int | None = None, dtype: str = "uint8") -> None:
    """Write a SavedModel whose signature `serving_default` is pixels (N, H, W, C) → probabilities (N, classes).

    Args:
        source: The run.
        folder: Where to.
        images: N, if it is to be fixed.
        dtype: Type of the pixels.
    """
    import keras
    import tensorflow as tf

    model = source.model

    def probabilities(pixels: tf.Tensor) -> dict[str, tf.Tensor]:
        return {OUTPUT: model(tf.cast(pixels, tf.float32), training=False)}

    archive = keras.export.ExportArchive()
    archive.track(model)
    signature = [tf.TensorSpec([images, *source.model_input.image_shape], dtype, name=INPUT)]
    archive.add_endpoint("serve", probabilities, input_signature=signature)
    archive.write_out(str(folder), verbose=False)


def _write(source: ExportSource, file: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "saved_model"
        write_folder(source, folder)
        (folder / "README.md").write_text(model_card(source), "utf-8")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in sorted(folder.rglob("*")):
                archive.write(one, one.relative_to(folder.parent))


def _open(file: Path) -> Answer:
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as place:
        with zipfile.ZipFile(file) as archive:
            archive.extractall(place)
        loaded = tf.saved_model.load(str(Path(place) / "saved_model"))
    serve = loaded.signatures["serving_default"]

    def answer(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        _ = loaded  # a signature does not keep the variables alive
        return np.asarray(serve(**{INPUT: tf.constant(images)})[OUTPUT].numpy())

    return answer


SAVED_MODEL = ExportFormat(
    name="savedmodel",
    label="SavedModel",
    suffix="-savedmodel.zip",
    about="For TensorFlow Serving, Vertex AI and other TensorFlow servers: a folder in a zip file. Its signature "
    "serving_default takes uint8 pixels and needs no Keras.",
    media_type="application/zip",
    write=_write,
    open=_open,
)
