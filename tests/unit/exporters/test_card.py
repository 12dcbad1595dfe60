"""The model card."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.errors import ConfigError
from cnn_dash.exporters.export import export
from cnn_dash.exporters.kept import kept, make, open_kept
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.inference import kept_temperature
from cnn_dash.inference.predictor import Predictor
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings


def test_it_says_what_one_has_to_know(
    train: Callable[..., Run], store: RunStore, settings: Settings, files: Callable[[str], Path]
) -> None:
    run = train()
    annotate(store, run.id, title="a | b <script>", notes="Mine.")
    run = store.run(run.id)
    export(settings, run, FORMATS["card"], files(".md"))
    card = files(".md").read_text("utf-8")
    lines = card.splitlines()
    assert lines[0] == "# Model card: a \\| b \\<script>"
    heads = [line for line in lines if line.startswith("#")][1:]
    assert heads == [
        "## How to use it", "## Data", "## Recipe", "## Metrics", "### Confusion matrix", "## Limits", "## Versions",
        "## Notes",
    ]  # fmt: skip
    assert run.result is not None
    assert "CC BY-SA 3.0" in card
    assert f"- Test accuracy: {run.result.accuracy:.2%} of 1,000 test images" in card
    assert "| `train.batch_size` | 128 |" in lines
    assert "| answer · logits | 10 | 170 |" in lines
    matrix = [line for line in lines if line.startswith("| **")]
    counts = [[int(cell) for cell in line.strip("| ").split(" | ")[1:]] for line in matrix]
    assert sum(map(sum, counts)) == 1000
    assert sum(counts[label][label] for label in range(10)) == round(1000 * run.result.accuracy)
    assert run.result.weights_sha256 in card
    assert lines[-1] == "Mine."


def test_a_kept_temperature_is_told_and_used_until_it_is_taken_back(
    train: Callable[..., Run], store: RunStore, settings: Settings
) -> None:
    run = train()
    folder = ResultFolder.of(settings, run)
    make(store, run.id, FORMATS["card"], lambda _step, _share: None)
    assert kept(settings, run, FORMATS["card"]) is not None
    fitted = Predictor(folder).familiarity
    assert fitted is not None

    kept_temperature.keep(folder, 2.5)
    assert kept(settings, run, FORMATS["card"]) is None  # it would not tell it
    make(store, run.id, FORMATS["card"], lambda _step, _share: None)
    with open_kept(settings, run, FORMATS["card"]) as file:
        card = file.read().decode()
    assert "divide their logarithms by 2.5 and take the softmax again" in card
    assert "the expected calibration error goes from" in card
    told = Predictor(folder).familiarity
    assert told is not None
    p = np.array([[0.7, 0.2, 0.1]], np.float32)
    by_hand = p ** (1 / 2.5) / (p ** (1 / 2.5)).sum()
    assert told.calibrated(p) == pytest.approx(by_hand, abs=1e-6)
    assert told.indecision(p) == fitted.indecision(p)  # what is doubtful stays

    kept_temperature.forget(folder)
    again = Predictor(folder).familiarity
    assert again is not None
    assert again.told_temperature == fitted.temperature
    assert kept(settings, run, FORMATS["card"]) is None


@pytest.mark.parametrize("value", [0.1, 9.0, float("nan")])
def test_a_temperature_out_of_bounds_is_refused(store: RunStore, settings: Settings, value: float) -> None:
    folder = RunFolder.of(settings, 1).result("result-0001")
    with pytest.raises(ConfigError, match=r"Allowed: 0\.25 to 8"):
        kept_temperature.keep(folder, value)
    assert kept_temperature.kept(folder) is None
