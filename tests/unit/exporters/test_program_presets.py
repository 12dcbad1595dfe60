"""The script of every preset, run without CNN Dash: the same network, the same data, and as good as ours."""

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.datasets.npz_file import write_npz
from cnn_dash.exporters.export import Exported, export
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.exporters.source import ExportSource
from cnn_dash.hyperparameters import flatten, override
from cnn_dash.models.layer_table import layer_table
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.trained import train
from tests.unit.exporters.programs import Ran, run_programs

EPOCHS = 3
CHANCE = 0.06
NOTEBOOK_OF = "compact-valid"


@dataclass(frozen=True)
class Both:
    """A run of ours, and what its script made of itself."""

    run: Run
    config: RunConfig
    exported: Exported
    file: Path
    ran: Ran
    expected: np.ndarray  # probabilities of our network for the first test images
    data: Dataset


def cheap(name: str) -> RunConfig:
    """A preset with half of its filters, for a few epochs in which the rate falls: chance counts for less then."""
    config = presets.get(name).config()
    small = {path: value // 2 for path, value in flatten(config).items() if path.endswith((".filters", ".units"))}
    short = {"train.epochs": EPOCHS, "train.batch_size": 64, "train.learning_rate": 0.002, "train.schedule": "cosine"}
    return override(config, small | short)


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Both]:
    place = tmp_path_factory.mktemp("presets")
    settings = Settings.from_environment(
        {"CNN_DASH_HOME": str(place / "home"), "CNN_DASH_DATA_DIR": str(place / "data")}
    )
    store = RunStore(settings)
    write_npz("mnist-5k", settings.data_dir, place / "data.npz")
    trained, files = {}, {}
    for name in presets.PRESETS:
        run = train(store, cheap(name))
        file = place / name / FORMATS["script"].file_name(run.id)
        file.parent.mkdir()
        source = ExportSource(settings, run)
        np.savez(file.parent / "weights.npz", *source.model.get_weights())
        exported = export(settings, run, FORMATS["script"], file)
        expected = source.report.probabilities[:50]
        trained[name], files[name] = (run, run.recipe, exported, file, expected, source.dataset), file
    run, *_ = trained[NOTEBOOK_OF]
    files["notebook"] = place / "notebook" / FORMATS["notebook"].file_name(run.id)
    files["notebook"].parent.mkdir()
    export(settings, run, FORMATS["notebook"], files["notebook"])
    ran = dict(zip(files, run_programs(list(files.values()), place / "data.npz"), strict=True))
    trained["notebook"] = (*trained[NOTEBOOK_OF][:3], files["notebook"], *trained[NOTEBOOK_OF][4:])
    store.close()
    return {
        name: Both(run, config, exported, file, ran[name], expected, data)
        for name, (run, config, exported, file, expected, data) in trained.items()
    }


@pytest.fixture(params=list(presets.PRESETS))
def both(all_of_them: Mapping[str, Both], request: pytest.FixtureRequest) -> Both:
    return all_of_them[request.param]


def test_it_is_offered_unchecked_with_the_reason(both: Both) -> None:
    assert both.exported.bytes == both.file.stat().st_size > 2_000
    assert (both.exported.check.checked, both.exported.check.max_difference) == (0, None)
    assert both.exported.check.note.startswith("Not checked: it has no network yet. Run it")


def test_it_imports_nothing_but_keras_and_numpy(both: Both) -> None:
    nodes = list(ast.walk(ast.parse(both.file.read_text("utf-8"))))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert imported <= {"keras", "numpy", "os", "math"}


def test_it_has_the_same_images_in_the_same_splits(both: Both) -> None:
    data = both.data
    splits = {"train": data.train, "val": data.validation, "test": data.test}
    expected = {f"x_{name}": hashlib.md5(np.ascontiguousarray(one.images)).hexdigest() for name, one in splits.items()}
    expected |= {f"y_{name}": hashlib.md5(np.ascontiguousarray(one.labels)).hexdigest() for name, one in splits.items()}
    assert both.ran.told["md5"] == expected


def test_it_has_the_same_network(both: Both) -> None:
    rows = layer_table(both.config.model, (28, 28, 1), 10).rows
    # Our activations are layers; those of the script are mostly part of the layer before. They change no shape.
    ours = [list(row.output_shape) for row in rows if row.kind not in ("activation", "softmax")]
    theirs = [shape for kind, shape in both.ran.told["layers"] if kind not in ("Activation", "LeakyReLU")]
    assert theirs == ours
    assert both.ran.told["parameters"] == sum(row.parameters for row in rows)
    # With our weights, it answers as ours.
    np.testing.assert_allclose(both.ran.arrays["given"], both.expected, atol=1e-5)


def test_it_trains_as_well_as_ours_and_saves_the_network(both: Both) -> None:
    # Trained for so short, two of our own runs with other seeds differ by up to 0.057 (kuzushiji), the others by 0.02.
    assert both.run.result is not None
    accuracy = both.ran.told["accuracy"]
    assert abs(accuracy - both.run.result.accuracy) < CHANCE
    assert f"Test accuracy {accuracy:.2%}, loss " in both.ran.printed
    assert f"# The run reached a test accuracy of {both.run.result.accuracy:.2%}" in both.file.read_text("utf-8")
    assert len(both.ran.told["logs"]) == EPOCHS
    assert set(both.ran.told["logs"][0]) >= {"loss", "accuracy", "val_loss", "val_accuracy"}
    np.testing.assert_allclose(both.ran.arrays["saved"], both.ran.arrays["own"], atol=1e-5)


def test_a_notebook_runs_the_same_code_in_cells(all_of_them: Mapping[str, Both]) -> None:
    both, script = all_of_them["notebook"], all_of_them[NOTEBOOK_OF]
    told = json.loads(both.file.read_text("utf-8"))
    code = ["".join(cell["source"]) for cell in told["cells"] if cell["cell_type"] == "code"]
    text = script.file.read_text("utf-8")
    places = [text.index(cell) for cell in code]
    assert places == sorted(places)
    assert both.ran.told["layers"] == script.ran.told["layers"]
    assert both.ran.told["md5"] == script.ran.told["md5"]
    assert abs(both.ran.told["accuracy"] - script.ran.told["accuracy"]) < CHANCE
