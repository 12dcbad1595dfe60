"""What an exported program looks like: short, tidy, with nothing that its run does not use."""

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.errors import RequestError
from cnn_dash.exporters.notebook import notebook
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.exporters.script import script
from cnn_dash.hyperparameters import override
from cnn_dash.runs.status import Source, Status
from tests.unit.exporters.programs import source_of

REPOSITORY = Path(__file__).parents[3]
HOSTILE = 'a "" """ \\ `b` <script> *c* # '


def config(changes: dict[str, Any] | None = None, preset: str = "compact-valid") -> RunConfig:
    return override(presets.get(preset).config(), changes or {})


def many() -> dict[str, str]:
    """Programs of all kinds."""
    found = {f"preset-{name}": script(source_of(config(preset=name))) for name in presets.PRESETS}
    for name in ("mnist", "fashion-mnist", "kmnist", "kmnist-10k", "own", "x" * 60):
        found[f"data-{name}"] = script(source_of(config({"data.dataset": name}), name=HOSTILE * 20))
    choices = itertools.product(
        ("constant", "cosine", "one_cycle", "step", "reduce_on_plateau"), (0, 0.5, 20), ("", "2/5", "2/3,3/4")
    )
    for number, (schedule, warm, stages) in enumerate(choices):
        changes = {
            "train.schedule": schedule, "train.warmup_epochs": warm, "train.stages": stages, "train.epochs": 6,
            "train.step_every": 1 + number % 2, "train.early_stopping": number % 2 == 0,
            "train.keep_best": number % 3 == 0, "train.patience": 1 + number % 2,
            "train.monitor": ("val_loss", "val_accuracy", "val_auc")[number % 3],
            "train.optimizer": ("adam", "adamw", "rmsprop", "sgd", "nadam")[number % 5],
            "train.label_smoothing": 0.1 * (number % 2), "train.augmentation.shift": 0.15 * (number % 3),
            "train.augmentation.zoom": 0.3 * (number % 2), "train.augmentation.rotation": 12.5 * (number % 4),
        }  # fmt: skip
        found[f"{number}-{schedule}"] = script(source_of(config(changes)))
    return found


def test_ruff_has_nothing_to_say(tmp_path: Path) -> None:
    for name, text in many().items():
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
        compile(text, name, "exec")
    rules = ("--config", str(REPOSITORY / "pyproject.toml"))
    # T201: in a script, to print is right.
    for command in (("check", "--ignore", "T201", "--no-cache"), ("format", "--check", "--no-cache")):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *rules, str(tmp_path)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_plain_recipe_is_a_short_program() -> None:
    text = script(source_of(config({"data.dataset": "mnist"})))
    assert len(text.splitlines()) < 110
    for unused in ("callbacks", "Schedule", "Random", "Dropout", "smoothing", "to_categorical", "shuffled", "AUC"):
        assert unused not in text
    assert "keras.datasets.mnist.load_data()" in text
    assert "optimizer=keras.optimizers.RMSprop(LEARNING_RATE)," in text
    assert text.endswith('model.save("model.keras")\n')


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schedule": "cosine"}, "CosineDecay(LEARNING_RATE, decay_steps=EPOCHS * STEPS)"),
        (
            {"schedule": "step"},
            "ExponentialDecay(\n    LEARNING_RATE, decay_steps=5 * STEPS, decay_rate=0.5, staircase",
        ),
        ({"schedule": "reduce_on_plateau"}, 'ReduceLROnPlateau("val_loss", factor=0.5, patience=3, min_delta=0,'),
        ({"schedule": "one_cycle"}, "fall = half_cosine(1, 1 / 10000, (done - 0.3) / 0.7)"),
        ({"early_stopping": True}, 'EarlyStopping("val_loss", patience=5)'),
        ({"early_stopping": True, "stages": "2/5"}, "if epoch + 1 in {2}:"),
        (
            {"keep_best": True, "monitor": "val_accuracy"},
            'EarlyStopping("val_accuracy", patience=EPOCHS, mode="max", restore_best_weights=True)',
        ),
        ({"label_smoothing": 0.1}, "CategoricalCrossentropy(label_smoothing=0.1)"),
        ({"augmentation.rotation": 10}, 'layers.RandomRotation(10 / 360, fill_mode="constant"),'),
        ({"augmentation.shift": 0.1}, 'layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),'),
    ],
)
def test_where_keras_has_it_the_program_says_it_in_keras_words(changes: dict[str, Any], said: str) -> None:
    assert said in script(source_of(config({f"train.{path}": value for path, value in changes.items()})))


def test_a_name_that_somebody_chose_is_only_text() -> None:
    source = source_of(config(), name=HOSTILE)
    assert f"# The network “{HOSTILE.strip()}”, trained" in script(source)
    cells = notebook(source)["cells"]
    assert '“a "" """ \\\\ \\`b\\` \\<script\\> \\*c\\* \\#”' in "".join(cells[0]["source"])


def test_a_run_that_was_stopped_says_so() -> None:
    text = script(source_of(config(), status=Status.STOPPED, epochs=5))
    assert "a test accuracy of 97.00% and a test loss of 0.1000. It was stopped after 3 of 5 epochs." in text


@pytest.mark.parametrize("name", ["script", "notebook"])
def test_a_run_without_a_recipe_has_none(name: str, tmp_path: Path) -> None:
    source = source_of(config())
    external = source_of(config(), source=Source.EXTERNAL)
    external.run.config = None
    assert FORMATS[name].offered(source.run)
    assert not FORMATS[name].offered(external.run)
    assert FORMATS["keras"].offered(external.run)
    with pytest.raises(RequestError, match=r"The recipe of run 12 is not known here\. Received: a run of another"):
        FORMATS[name].write(external, tmp_path / "file")


def test_a_notebook_is_as_jupyter_wants_it(tmp_path: Path) -> None:
    file = tmp_path / "x.ipynb"
    FORMATS["notebook"].write(source_of(config({"train.schedule": "one_cycle"})), file)
    made = json.loads(file.read_text("utf-8"))
    assert set(made) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    titles = ["".join(cell["source"]).splitlines()[0] for cell in made["cells"] if cell["cell_type"] == "markdown"]
    assert titles == [
        "# Train the network of run 12 again", "## Settings", "## Data", "## Network", "## Learning rate",
        "## Training", "## Test",
    ]  # fmt: skip
    for cell in made["cells"]:
        code = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | code
        assert all(line.endswith("\n") for line in cell["source"][:-1])
        assert not cell["source"][-1].endswith("\n")
