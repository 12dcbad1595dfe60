"""Several values of some settings, and the runs they make."""

import pytest

from cnn_dash import presets
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import differences
from cnn_dash.sweep import MAX_RUNS, sweep, values

BASE = presets.get("compact-valid").config()


def test_several_values_of_several_settings_give_their_product():
    runs = sweep(BASE, {"train.learning_rate": "0.001, 0.003", "train.seed": "1, 2, 3"})
    pairs = [(run.train.learning_rate, run.train.seed) for run in runs]
    assert pairs == [(0.001, 1), (0.001, 2), (0.001, 3), (0.003, 1), (0.003, 2), (0.003, 3)]
    assert differences(runs[-1], BASE) == {"train.learning_rate": (0.001, 0.003), "train.seed": (1, 3)}


def test_nothing_tried_is_one_run():
    assert sweep(BASE, {}) == [BASE]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("train.seed", "1..4", [1, 2, 3, 4]),
        ("train.seed", "7, 1 .. 3,2", [7, 1, 2, 3]),
        ("train.learning_rate", "0.001, 1e-3, 0.0010,", [0.001]),
        ("train.optimizer", " adam ,sgd", ["adam", "sgd"]),
        ("train.keep_best", "true, false, 1", [True, False]),
        ("model.blocks.1.filters", "16,32", [16, 32]),
        ("train.augmentation.rotation", "0, 10", [0.0, 10.0]),
        ("data.dataset", "mnist-5k, mnist", ["mnist-5k", "mnist"]),
    ],
)
def test_values_are_read_as_a_person_writes_them(path, text, found):
    assert values(BASE, path, text) == found


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("train.learning_rate", "0.001, fast", "Received: 'fast'. Allowed: a number from 0.000001 to 1."),
        ("train.learning_rate", "1..3", "Received: '1..3'. Allowed: a number"),
        ("train.learning_rate", "nan", "Received: 'nan'."),
        (
            "train.epochs",
            "5, 0",
            "Epochs cannot have this value. Received: '0'. Allowed: a whole number from 1 to 1000.",
        ),
        ("train.epochs", " , ", "Epochs has no values to try. Received: nothing."),
        ("train.seed", "3..1", "Allowed: a range that goes up"),
        ("train.seed", "1..9999999999", f"over at most {MAX_RUNS} values"),
        ("train.optimizer", "lion", "Allowed: adam, adamw, rmsprop, sgd, nadam."),
        ("model.blocks.4.filters", "16", "this network has no such layer"),
        ("train.colour", "red", "There is no such setting."),
    ],
)
def test_what_cannot_be_tried_is_a_sentence(path, text, sentence):
    with pytest.raises(ConfigError) as refused:
        sweep(BASE, {path: text})
    assert sentence in str(refused.value)


def test_too_many_runs_are_refused_before_any_is_made():
    with pytest.raises(ConfigError, match=r"Received: 200 × 3 = 600. Allowed: 200 at once."):
        sweep(BASE, {"train.seed": f"1..{MAX_RUNS}", "train.epochs": "1,2,3"})
    assert len(sweep(BASE, {"train.seed": f"1..{MAX_RUNS}"})) == MAX_RUNS
