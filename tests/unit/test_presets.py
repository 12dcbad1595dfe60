"""The presets against the table of the articles, as literals: nobody changes a recipe by accident."""

import pytest

from cnn_dash import presets
from cnn_dash.errors import ConfigError
from cnn_dash.models.layer_table import layer_table


def blocks(name: str, *settings: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(block, setting) for setting in settings) for block in presets.get(name).model.blocks]


def dense(name: str) -> list[tuple[int, str, float]]:
    return [(layer.units, layer.activation, layer.dropout) for layer in presets.get(name).model.dense]


def recipe(name: str) -> tuple[object, ...]:
    train = presets.get(name).train
    return train.optimizer, train.learning_rate, train.batch_size, train.epochs, train.validation_fraction


def test_there_are_four_and_the_default_comes_first():
    assert list(presets.PRESETS) == ["compact-valid", "compact-same", "rubikscode", "kuzushiji"]
    assert presets.DEFAULT_PRESET == "compact-valid"


@pytest.mark.parametrize(
    ("name", "source", "dataset", "accuracy", "loss"),
    [
        ("rubikscode", "rubikscode.net, 2018", "mnist", 0.9939, None),
        ("compact-valid", "a 2019 blog", "mnist", 0.9913, None),
        ("compact-same", "itnext.io, 2018", "mnist", 0.9927, 0.03166),
        ("kuzushiji", "towardsai.net", "kmnist", None, None),
    ],
)
def test_source_and_reported_figures(name, source, dataset, accuracy, loss):
    preset = presets.get(name)
    reported = (preset.source, preset.reported_on, preset.reported_accuracy, preset.reported_loss)
    assert reported == (source, dataset, accuracy, loss)


@pytest.mark.parametrize(
    ("name", "padding", "parameters"), [("compact-valid", "valid", 93_322), ("compact-same", "same", 257_162)]
)
def test_the_compact_networks(name, padding, parameters):
    assert blocks(name, "filters", "kernel_size", "stride", "padding", "activation", "pooling", "pool_size") == [
        (32, 3, 1, padding, "relu", "max", 2),
        (64, 3, 1, padding, "relu", "max", 2),
        (64, 3, 1, padding, "relu", "none", 2),
    ]
    assert blocks(name, "batch_norm", "dropout") == [(False, 0.0)] * 3
    assert presets.get(name).model.head == "flatten"
    assert dense(name) == [(64, "relu", 0.0)]
    assert layer_table(presets.get(name).model, (28, 28, 1), 10).parameters == parameters


def test_the_convolutions_of_compact_valid_alone_and_what_they_are_flattened_to():
    rows = layer_table(presets.get("compact-valid").model, (28, 28, 1), 10).rows
    assert sum(row.parameters for row in rows if len(row.output_shape) == 3) == 55_744
    assert next(row.output_shape for row in rows if len(row.output_shape) == 1) == (576,)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("compact-valid", ("rmsprop", 0.001, 64, 5, 0.1)),
        ("compact-same", ("rmsprop", 0.001, 200, 10, 0.1)),
        ("rubikscode", ("adam", 0.001, 64, 20, 0.2)),
        ("kuzushiji", ("adam", 0.001, 128, 30, 0.2)),
    ],
)
def test_the_recipes(name, settings):
    assert recipe(name) == settings
    train = presets.get(name).train
    assert (train.schedule, train.label_smoothing, train.augmentation.active) == ("constant", 0.0, False)
    assert (train.keep_best, train.early_stopping) == (name == "kuzushiji",) * 2


def test_rubikscode():
    assert blocks("rubikscode", "filters", "kernel_size", "activation", "pooling", "pool_size", "dropout") == [
        (32, 3, "leaky_relu", "max", 2, 0.25),
        (64, 3, "leaky_relu", "max", 2, 0.25),
        (128, 3, "leaky_relu", "max", 2, 0.25),
    ]
    assert dense("rubikscode") == [(128, "leaky_relu", 0.3)]


def test_kuzushiji_keeps_the_best_weights_by_validation_loss_and_stops_early():
    assert blocks("kuzushiji", "filters", "kernel_size", "activation", "pooling", "pool_size", "dropout") == [
        (32, 3, "relu", "max", 2, 0.25),
        (64, 3, "relu", "max", 2, 0.25),
        (128, 3, "relu", "max", 2, 0.25),
    ]
    assert dense("kuzushiji") == [(128, "relu", 0.5)]
    assert (presets.get("kuzushiji").train.monitor, presets.get("kuzushiji").train.patience) == ("val_loss", 5)


def test_a_preset_is_a_run_on_any_data_set():
    config = presets.get("compact-same").config("fashion-mnist")
    assert (config.preset, config.data.dataset) == ("compact-same", "fashion-mnist")
    assert (config.model, config.train) == (presets.get("compact-same").model, presets.get("compact-same").train)


def test_an_unknown_preset_is_answered_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"Received: 'nobody'\. Allowed: compact-valid, compact-same, rub"):
        presets.get("nobody")
