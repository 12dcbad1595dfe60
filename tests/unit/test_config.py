"""What comes from outside into a configuration, and what a person is told when it cannot be used."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_dash.config import LARGEST, MAX_BLOCKS, MAX_DENSE, RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import (
    bounds,
    choices,
    differences,
    explanation,
    field,
    flatten,
    in_effect,
    load,
    override,
    setting,
    stops,
)
from cnn_dash.presets import get

COMPACT = get("compact-valid").config()
PATHS = tuple(flatten(LARGEST))


def test_json_there_and_back_is_the_same():
    assert load(COMPACT.model_dump_json()) == COMPACT
    assert load(COMPACT.model_dump()) == COMPACT
    assert load({}) == load("{}") == RunConfig()


def test_numbers_may_come_as_text():
    changed = override(COMPACT, {"train.epochs": "3", "train.learning_rate": "1e-2", "train.keep_best": "true"})
    assert (changed.train.epochs, changed.train.learning_rate, changed.train.keep_best) == (3, 0.01, True)
    assert COMPACT.train.epochs == 5


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("train.epochs", "0", "train.epochs (Epochs) cannot be used. Received: '0'. Allowed: a whole number from 1 to"),
        ("train.epochs", "1001", "Received: '1001'. Allowed: a whole number from 1 to 1000."),
        ("train.epochs", 2.5, "Received: 2.5. Allowed: a whole number"),
        ("train.epochs", "9" * 5000, "Allowed: a whole number"),
        ("train.learning_rate", "nan", "Received: 'nan'. Allowed: a number from 0.000001 to 1."),
        ("train.learning_rate", "inf", "Received: 'inf'. Allowed: a number"),
        ("train.step_factor", "1", "Received: '1'."),
        ("train.keep_best", "perhaps", "Received: 'perhaps'. Allowed: true or false."),
        ("train.optimizer", "lion", "Received: 'lion'. Allowed: adam, adamw, rmsprop, sgd, nadam."),
        ("train.lr", "1", "There is no such setting. Received: 'train.lr'. Allowed: data.dataset, "),
        ("train.augmentation", "1", "Received: '1'."),
        ("model.blocks.0", "1", "model.blocks.0 is a group of settings, not one."),
        ("model.blocks.7.filters", "1", "this network has no such layer."),
        (f"model.blocks.{'9' * 5000}.filters", "1", "this network has no such layer."),
        ("model.blocks.².filters", "1", "this network has no such layer."),
        ("data.dataset", "../etc", "Received: '../etc'."),
    ],
)
def test_a_value_that_cannot_be_used_is_answered_with_a_sentence(path, value, sentence):
    with pytest.raises(ConfigError) as caught:
        override(COMPACT, {path: value})
    assert sentence in str(caught.value)


def test_each_wrong_setting_of_a_file_has_its_sentence():
    with pytest.raises(ConfigError) as caught:
        load({"train": {"epochs": 0, "optimizer": "lion"}, "colour": "red"})
    assert str(caught.value).count("Received: ") == 3


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"train"'])
def test_what_is_no_configuration_is_refused(text):
    with pytest.raises(ConfigError):
        load(text)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=3))
def test_any_text_is_taken_or_refused_and_never_breaks(changes):
    with contextlib.suppress(ConfigError):
        override(COMPACT, changes)


def test_differences_say_what_was_and_what_is():
    changed = override(COMPACT, {"train.epochs": 7, "model.blocks.1.filters": 48})
    assert differences(changed, COMPACT) == {"model.blocks.1.filters": (64, 48), "train.epochs": (5, 7)}
    fewer = COMPACT.model_copy(update={"model": COMPACT.model.model_copy(update={"dense": ()})})
    assert differences(fewer, COMPACT)["model.dense.0.units"] == (64, None)
    assert differences(COMPACT, fewer)["model.dense.0.units"] == (None, 64)
    assert differences(get("compact-valid").config(), COMPACT.model_copy(update={"preset": None})) == {}


def test_every_setting_has_a_label_and_an_explanation():
    for path in PATHS:
        info = field(path)
        assert info.title
        assert str(info.description).endswith(".")


def test_the_largest_configuration_has_every_setting():
    assert set(flatten(COMPACT)) <= set(PATHS)
    assert len([path for path in PATHS if path.endswith(".filters")]) == MAX_BLOCKS == bounds("model.blocks")[1]
    assert len([path for path in PATHS if path.endswith(".units")]) == MAX_DENSE == bounds("model.dense")[1]


@pytest.mark.parametrize("path", [path for path in PATHS if not any(digit in path for digit in "12345")])
def test_what_is_said_of_a_setting_beyond_its_type_fits_the_setting(path):
    extra = setting(path)
    low, high = bounds(path)
    assert set(extra.labels) <= set(choices(path))
    assert all(low <= stop <= high for stop in stops(path))
    assert list(stops(path)) == sorted(set(stops(path)))
    if extra.log:  # a logarithmic scale has no place for 0
        assert 0 < low < high < float("inf")
    if extra.unit == "%":
        assert 0 <= low <= high <= 1
    for name, allowed in extra.only_if.items():
        other = f"{path.rpartition('.')[0]}.{name}"
        assert allowed
        assert set(allowed) <= (set(choices(other)) or {True, False})


def test_every_number_can_be_searched_between_its_bounds():
    numbers = [path for path in PATHS if field(path).annotation in (int, float)]
    assert len(numbers) > 50
    assert all(bounds(path)[1] < float("inf") for path in numbers)
    assert setting("train.learning_rate").log
    assert setting("model.blocks.5.filters").log


@pytest.mark.parametrize(
    ("path", "changes", "expected"),
    [
        ("train.momentum", {}, False),
        ("train.momentum", {"train.optimizer": "sgd"}, True),
        ("train.warmup_epochs", {"train.schedule": "one_cycle"}, False),
        ("train.step_factor", {"train.schedule": "reduce_on_plateau"}, True),
        ("train.monitor", {}, False),
        ("train.monitor", {"train.keep_best": True}, True),
        ("train.monitor", {"train.early_stopping": True}, True),
        ("train.patience", {"train.keep_best": True}, False),
        ("model.blocks.1.pool_size", {"model.blocks.0.pooling": "none"}, True),
        ("model.blocks.1.pool_size", {"model.blocks.1.pooling": "none"}, False),
        ("train.epochs", {}, True),
    ],
)
def test_a_setting_has_an_effect_only_with_what_it_belongs_to(path, changes, expected):
    assert in_effect(path, flatten(override(COMPACT, changes))) is expected


def test_an_explanation_says_without_which_choice_a_setting_has_no_effect():
    assert explanation("train.momentum").endswith("Has an effect only with optimizer SGD.")
    assert explanation("train.step_factor").endswith("only with learning rate schedule step or reduce on plateau.")
    assert explanation("train.monitor").endswith("only with early stopping or restore best weights.")
    assert explanation("train.epochs") == field("train.epochs").description


def test_bounds_and_choices_are_those_that_are_checked():
    assert bounds("train.epochs") == (1, 1000)
    assert bounds("model.blocks") == (1, 6)
    assert bounds("model.dense") == (0, 3)
    assert choices("model.blocks.3.padding") == ("valid", "same")
