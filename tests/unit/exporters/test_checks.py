"""What an export says of itself: checked against the run, or why not; and what cannot leave."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.callbacks import DashCallback
from cnn_dash.errors import DataError, RequestError, StoreError
from cnn_dash.evaluation.report import write_report
from cnn_dash.exporters import registry
from cnn_dash.exporters.check import Check
from cnn_dash.exporters.check_text import check_text
from cnn_dash.exporters.export import export
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.recording import writer
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.factories import on_disk
from tests.unit.exporters.conftest import bytes_of, outside

Train = Callable[..., Run]


@pytest.fixture
def record(store: RunStore, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Have a callback record the training of a network of another program, whose pixels are scaled outside of it."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    def record(outputs: str = "probabilities", factor: float = 1 / 255, *, tested: bool = True) -> Run:
        model = outside(outputs)
        x = bytes_of() * np.float32(factor)
        y = np.arange(len(x)) % (4 if model.output_shape[-1] > 1 else 2)
        loss = "sparse_categorical_crossentropy" if model.output_shape[-1] > 1 else "binary_crossentropy"
        model.compile("sgd", loss)
        callback = DashCallback(test_data=(x, y) if tested else None, class_names=["a", "b"], save="last")
        model.fit(x, y, epochs=1, verbose=0, callbacks=[callback])
        assert callback.run_id is not None
        for one in list(writer._writers):
            one.close(10.0)
        return store.run(callback.run_id)

    return record


@pytest.mark.parametrize("outputs", ["probabilities", "logits", "sigmoid", "sigmoid logits"])
@pytest.mark.parametrize("name", ["keras", "onnx", "litert", "savedmodel"])
def test_scaling_and_probabilities_of_another_program_are_inside(
    record: Callable[..., Run], settings: Settings, files: Callable[[str], Path], outputs: str, name: str
) -> None:
    run, form = record(outputs), FORMATS[name]
    made = export(settings, run, form, files(form.suffix))
    assert (made.check.checked, made.check.note) == (60, "")
    assert made.check.same, made.check
    assert form.open is not None
    answers = form.open(files(form.suffix))(bytes_of(5))
    assert answers.shape == (5, 4 if outputs in ("probabilities", "logits") else 2)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)


def test_images_in_a_scale_of_their_own_leave_it_unchecked(
    record: Callable[..., Run], store: RunStore, settings: Settings, files: Callable[[str], Path]
) -> None:
    run = record(factor=3 / 255 * -1)
    with pytest.raises(StoreError, match="The range of the input pixels"):
        export(settings, run, FORMATS["keras"], files(".keras"))
    folder = ResultFolder.of(settings, run)
    known = ModelInput.read(on_disk(settings, folder.model_input))
    told = ModelInput(known.class_names, known.image_shape, known.framing, "0-1", known.outputs)
    folder.model_input.put(told.write)
    made = export(settings, run, FORMATS["keras"], files(".keras"))
    assert made.check.checked == 0
    assert made.check.max_difference is None
    assert made.check.note.startswith("Not checked. The test images that its program left are not exactly")


def test_one_that_was_not_tested_is_unchecked_and_has_no_8_bit_form(
    record: Callable[..., Run], settings: Settings, files: Callable[[str], Path]
) -> None:
    run = record(tested=False)
    folder = ResultFolder.of(settings, run)
    known = ModelInput.read(on_disk(settings, folder.model_input))
    folder.model_input.put(ModelInput(known.class_names, known.image_shape, None, "0-1", known.outputs).write)
    made = export(settings, run, FORMATS["onnx"], files(".onnx"))
    assert made.check == Check(
        note=f"Not checked. The network of run {run.id} was not tested. Its program can pass test_data."
    )
    with pytest.raises(DataError, match="8-bit numbers need images"):
        export(settings, run, FORMATS["litert-int8"], files(".tflite"))


def test_a_file_that_answers_otherwise_is_told(train: Train, settings: Settings, files: Callable[[str], Path]) -> None:
    run = train()
    folder = ResultFolder.of(settings, run)
    with np.load(on_disk(settings, folder.evaluation)) as archive:
        labels, probabilities = archive["labels"], archive["probabilities"]
    folder.evaluation.put(lambda file: write_report(file, labels, np.roll(probabilities, 1, axis=1)))
    made = export(settings, run, FORMATS["keras"], files(".keras"))
    assert made.check.changed_answers == 500
    assert not made.check.same
    assert "More than rounding".lower() in check_text(made.check, FORMATS["keras"]).lower()


def test_other_data_leave_it_unchecked(train: Train, settings: Settings, files: Callable[[str], Path]) -> None:
    run = train()
    folder = ResultFolder.of(settings, run)
    labels = np.zeros(1000, np.int64)
    folder.evaluation.put(lambda file: write_report(file, labels, np.full((1000, 10), 0.1, np.float32)))
    made = export(settings, run, FORMATS["keras"], files(".keras"))
    assert made.check.note.startswith("Not checked. The test images of MNIST, 5,000 digits are no longer those")


def test_a_network_that_is_broken_or_missing_is_a_sentence(
    train: Train, settings: Settings, store: RunStore, files: Callable[[str], Path]
) -> None:
    run = train()
    file = on_disk(settings, ResultFolder.of(settings, run).model)
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(StoreError, match=r"cannot be opened\. Received: model\.keras"):
        export(settings, run, FORMATS["onnx"], files(".onnx"))
    file.unlink()
    with pytest.raises(StoreError, match=r"cannot be opened\. Received: model\.keras"):
        export(settings, run, FORMATS["keras"], files(".keras"))
    waiting = store.create(run.recipe, parameters=1, multiply_adds=1)
    with pytest.raises(StoreError, match="has no trained network"):
        export(settings, waiting, FORMATS["card"], files(".md"))


def test_the_registry_knows_its_formats() -> None:
    assert list(FORMATS) == [
        "keras", "html", "onnx", "litert", "litert-int8", "savedmodel", "script", "notebook", "card",
    ]  # fmt: skip
    assert len({form.suffix for form in FORMATS.values()}) == len(FORMATS)
    with pytest.raises(RequestError, match=r"Received: 'pickle'\. Allowed: keras, html"):
        registry.get("pickle")


@pytest.mark.parametrize(("difference", "said"), [(8.3e-7, "8.3e-07"), (0.0, "0")])
def test_a_check_in_words(difference: float, said: str) -> None:
    assert check_text(Check(500, difference, 0), FORMATS["onnx"]) == (
        f"Checked on 500 test images: no answer changed, largest difference of a probability {said}."
    )
    assert check_text(Check(note="Not checked. Why."), FORMATS["onnx"]) == "Not checked. Why."


def test_8_bit_numbers_may_change_answers() -> None:
    said = check_text(Check(500, 0.024, 1), FORMATS["litert-int8"])
    assert said == "Checked on 500 test images: 1 answer changed, largest difference of a probability 0.024."
