"""ONNX, converted by tf2onnx from the graph of the network, as Keras' own export does."""

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.exporters.card import model_card
from cnn_dash.exporters.export_format import INPUT, OUTPUT, Answer, ExportFormat
from cnn_dash.exporters.source import ExportSource

OPSET = 18
"""ONNX Runtime reads it since 1.14, of February 2023; the networks need nothing newer."""


def _write(source: ExportSource, file: Path) -> None:
    import onnx
    import tensorflow as tf
    import tf2onnx

    model = source.model
    # Not by `model.export(format="onnx")`, whose input takes float32 only and which cannot convert GELU.
    signature = [tf.TensorSpec([None, *source.model_input.image_shape], tf.uint8, name=INPUT)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def probabilities(pixels: tf.Tensor) -> dict[str, tf.Tensor]:
        return {OUTPUT: model(tf.cast(pixels, tf.float32), training=False)}

    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)  # an operation that it does not know is told below
    made, _ = tf2onnx.convert.from_function(
        probabilities, input_signature=signature, opset=OPSET, custom_op_handlers={"Erfc": (_erfc, [])}
    )
    for place in (*made.graph.input, *made.graph.output):
        place.type.tensor_type.shape.dim[0].dim_param = "images"
    onnx.helper.set_model_props(
        made, {"class_names": json.dumps(source.model_input.class_names), "model_card": model_card(source)}
    )
    try:
        onnx.checker.check_model(made)
    except onnx.checker.ValidationError as error:
        raise StoreError(
            f"The network of run {source.run.id} has a layer that ONNX cannot express. Received: "
            f"{str(error).splitlines()[0]}. Take another format, such as keras or savedmodel."
        ) from error
    onnx.save(made, str(file))


def _erfc(graph: Any, node: Any, name: str, _arguments: Any) -> Any:
    """Convert erfc(x), by which Keras computes GELU and which ONNX does not have, as 1 − erf(x)."""
    import tf2onnx

    outputs, x = list(node.output), node.input[0]
    kept = {"shapes": [graph.get_shape(outputs[0])], "dtypes": [graph.get_dtype(outputs[0])]}
    graph.remove_node(node.name)
    one = graph.make_const(tf2onnx.utils.make_name("one"), np.ones((), np.float32))
    erf = graph.make_node("Erf", [x], **kept)
    return graph.make_node("Sub", [one.output[0], erf.output[0]], outputs=outputs, name=name, **kept)


def _open(file: Path) -> Answer:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])

    def answer(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(session.run([OUTPUT], {INPUT: images})[0])

    return answer


ONNX = ExportFormat(
    name="onnx",
    label="ONNX",
    suffix=".onnx",
    about="For ONNX Runtime: servers, Windows, .NET, Java, C++ and the browser, without Python or TensorFlow.",
    media_type="application/octet-stream",
    write=_write,
    open=_open,
)
