"""LiteRT (formerly TensorFlow Lite), in float32 and in 8-bit numbers."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.exporters.card import model_card
from cnn_dash.exporters.export_format import INPUT, OUTPUT, Answer, ExportFormat
from cnn_dash.exporters.saved_model import write_folder
from cnn_dash.exporters.source import ExportSource


def _write(source: ExportSource, file: Path, *, int8: bool) -> None:
    import tensorflow as tf

    images = source.calibration_images() if int8 else None
    with tempfile.TemporaryDirectory() as place:
        # From a SavedModel: a concrete function of Keras 3 would be converted without its weights.
        write_folder(source, Path(place), images=1, dtype="float32" if int8 else "uint8")
        converter = tf.lite.TFLiteConverter.from_saved_model(place)
        if images is not None:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = partial(_one_by_one, images)
            # The second set is for what has no 8-bit kernel: it is left in float32.
            converter.target_spec.supported_ops = [
                tf.lite.OpsSet.TFLITE_BUILTINS_INT8,
                tf.lite.OpsSet.TFLITE_BUILTINS,
            ]
            converter.inference_input_type = tf.uint8
        try:
            made = converter.convert()
        except Exception as error:  # the converter's own, which has no public name
            raise StoreError(
                f"The network of run {source.run.id} has a layer that LiteRT cannot express. Received: "
                f"{str(error).splitlines()[0]}. Take another format, such as keras or onnx."
            ) from error
    file.write_bytes(made)
    # Files that belong to a model are appended to it as a zip, as TensorFlow Lite's metadata has them.
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels.txt", "\n".join(source.model_input.class_names) + "\n")
        archive.writestr("README.md", model_card(source))


def _one_by_one(images: NDArray[np.uint8]) -> Iterator[list[NDArray[np.float32]]]:
    for image in images:
        yield [image[None].astype(np.float32)]


def _open(file: Path) -> Answer:
    # TensorFlow's own interpreter (tf.lite.Interpreter) is deprecated in favour of this one.
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(file), num_threads=min(2, os.cpu_count() or 1))
    run: Any = interpreter.get_signature_runner("serving_default")

    def answer(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.concatenate([run(**{INPUT: image[None]})[OUTPUT] for image in images])

    return answer


LITERT = ExportFormat(
    name="litert",
    label="LiteRT, float32",
    suffix=".tflite",
    about="For Android, iOS and embedded devices, one image at a time. Formerly TensorFlow Lite.",
    media_type="application/octet-stream",
    write=partial(_write, int8=False),
    open=_open,
)
LITERT_INT8 = ExportFormat(
    name="litert-int8",
    label="LiteRT, int8",
    suffix="-int8.tflite",
    about="The same, quantized to 8 bits and calibrated on training images: a quarter of the size, often faster, "
    "slightly less accurate.",
    media_type="application/octet-stream",
    write=partial(_write, int8=True),
    open=_open,
    bytes_per_parameter=1,
    exact=False,
)
