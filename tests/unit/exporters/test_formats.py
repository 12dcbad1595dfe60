"""Networks in every format, asked by the runtime that each is for."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
from ai_edge_litert.interpreter import Interpreter

from cnn_dash.datasets import catalogue
from cnn_dash.exporters.export import export
from cnn_dash.exporters.export_format import EXACT
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings

Train = Callable[..., Run]
ASKED = [name for name, form in FORMATS.items() if form.open is not None]


def test_every_format_of_one_run_gives_its_answers(train: Train, settings: Settings, tmp_path: Path) -> None:
    run = train()
    test = catalogue.load("mnist-5k", settings.data_dir).test
    for name in ASKED:
        form = FORMATS[name]
        file = tmp_path / form.file_name(run.id)
        steps: list[tuple[str, float]] = []
        made = export(settings, run, form, file, lambda *step, steps=steps: steps.append(step))
        assert made.bytes == file.stat().st_size > 1_000
        assert made.check.checked == 500
        assert made.check.note == form.checked_by
        assert made.check.max_difference is not None
        assert [steps[0], steps[-1]] == [("Loading the network", 0.3), ("Checking 450 of 500 images", 0.97)]
        assert [share for _, share in steps] == sorted(share for _, share in steps)
        if form.exact:
            assert made.check.max_difference <= EXACT, name
            assert made.check.changed_answers == 0, name
            assert made.check.same
        else:
            assert 0 < made.check.max_difference < 0.2
            assert made.check.changed_answers is not None
            assert made.check.changed_answers < 25
        # Raw pixels go in, and the classes of the test images mostly come out.
        assert form.open is not None
        answers = form.open(file)(test.images[:200])
        assert answers.dtype == np.float32
        np.testing.assert_allclose(answers.sum(axis=1), 1, atol=0.02)
        assert run.result is not None
        right = (answers.argmax(axis=1) == test.labels[:200]).mean()
        assert right > run.result.accuracy - 0.15


EVERY_LAYER = [
    {"activation": "gelu", "padding": "same", "batch_norm": True, "pooling": "average", "dropout": 0.2},
    {"activation": "elu", "stride": 2, "pooling": "none"},
    {"activation": "tanh", "padding": "same", "pooling": "max", "pool_size": 3},
]


def test_every_kind_of_layer_leaves_exactly(train: Train, settings: Settings, tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        f"model.blocks.{place}.{name}": value
        for place, block in enumerate(EVERY_LAYER)
        for name, value in block.items()
    }
    changes |= {"model.head": "global_average", "model.dense.0.activation": "leaky_relu"}
    run = train(changes)
    for name in ASKED:
        form = FORMATS[name]
        made = export(settings, run, form, tmp_path / form.file_name(run.id))
        assert made.check.checked == 500, (name, made.check.note)
        if form.exact:
            assert made.check.same, (name, made.check)


def test_inputs_outputs_and_what_lies_inside(train: Train, settings: Settings, tmp_path: Path) -> None:
    run = train()
    made = {}
    for name in ASKED:
        made[name] = tmp_path / FORMATS[name].file_name(run.id)
        export(settings, run, FORMATS[name], made[name])

    session = onnxruntime.InferenceSession(str(made["onnx"]), providers=["CPUExecutionProvider"])
    assert [(one.name, one.type, one.shape) for one in (*session.get_inputs(), *session.get_outputs())] == [
        ("pixels", "tensor(uint8)", ["images", 28, 28, 1]), ("probabilities", "tensor(float)", ["images", 10])
    ]  # fmt: skip
    kept = {one.key: one.value for one in onnx.load(str(made["onnx"])).metadata_props}
    assert json.loads(kept["class_names"]) == list("0123456789")
    assert kept["model_card"].startswith("# Model card: ")

    for name in ("litert", "litert-int8"):
        interpreter = Interpreter(model_path=str(made[name]))
        interpreter.allocate_tensors()
        (pixels,), (probabilities,) = interpreter.get_input_details(), interpreter.get_output_details()
        assert (pixels["dtype"], list(pixels["shape"])) == (np.uint8, [1, 28, 28, 1])
        assert (probabilities["dtype"], list(probabilities["shape"])) == (np.float32, [1, 10])
        with zipfile.ZipFile(made[name]) as archive:
            assert archive.read("labels.txt").decode().split() == list("0123456789")
            assert archive.read("README.md").startswith(b"# Model card: ")
    assert made["litert-int8"].stat().st_size < made["litert"].stat().st_size

    with zipfile.ZipFile(made["keras"]) as archive:
        assert archive.read("README.md").startswith(b"# Model card: ")
    loaded = keras.saving.load_model(made["keras"], safe_mode=True)
    assert loaded.input_shape == (None, 28, 28, 1)
    with zipfile.ZipFile(made["savedmodel"]) as archive:
        assert {"saved_model/saved_model.pb", "saved_model/README.md"} <= set(archive.namelist())
