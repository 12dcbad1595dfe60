"""Settings to an address and back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.datasets.catalogue import SOURCES
from cnn_dash.hyperparameters import bounds, choices, field, flatten, load, override
from cnn_dash.ui.session import settings_url


def values(path: str) -> st.SearchStrategy:
    """Whatever a setting may be."""
    if path == "data.dataset":
        return st.sampled_from(list(SOURCES))
    if path == "train.stages":
        return st.lists(st.tuples(st.integers(1, 9999), st.integers(1, 9999)), max_size=3).map(
            lambda plans: ",".join(f"{ended}/{planned}" for ended, planned in plans)
        )
    if field(path).annotation is bool:
        return st.booleans()
    if options := choices(path):
        return st.sampled_from(options)
    low, high = bounds(path)
    if field(path).annotation is int:
        return st.integers(int(low), int(high))
    return st.floats(low, high, exclude_min=path.endswith("factor"), exclude_max=path.endswith("factor"))


@st.composite
def configurations(draw: st.DrawFn) -> RunConfig:
    """A valid configuration: a preset, resized, with some settings changed."""
    preset = draw(st.sampled_from(list(presets.PRESETS)))
    config = settings_url.resized(presets.get(preset).config(), draw(st.integers(1, 6)), draw(st.integers(0, 3)))
    if draw(st.booleans()):
        config = config.model_copy(update={"preset": None})
    changed = draw(st.sets(st.sampled_from([path for path in flatten(config) if path != "preset"])))
    return override(config, {path: draw(values(path)) for path in sorted(changed)})


@given(configurations())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_configuration_comes_back_from_its_address(config):
    query = settings_url.to_query(config)
    assert all(isinstance(value, str) for value in query.values())
    assert settings_url.from_query(query) == (config, [])


def test_an_address_says_only_what_differs_from_the_preset():
    config = override(presets.get("compact-same").config("mnist"), {"train.epochs": 3, "train.keep_best": True})
    assert settings_url.to_query(config) == {
        "train_preset": "compact-same",
        "train_dataset": "mnist",
        "train_epochs": "3",
        "train_keep_best": "true",
    }


def test_an_address_without_a_preset_is_one_of_the_default():
    assert settings_url.from_query({}) == (presets.get("compact-valid").config(), [])


def test_settings_that_started_from_no_preset_keep_none():
    config = load({})
    query = settings_url.to_query(config)
    assert query["train_preset"] == "none"
    assert settings_url.from_query(query) == (config, [])


def test_a_preset_that_is_no_longer_there_is_none():
    config = presets.get("compact-same").config().model_copy(update={"preset": "of-an-older-version"})
    assert settings_url.from_query(settings_url.to_query(config)) == (config.model_copy(update={"preset": None}), [])


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            {"train_block1_filters": "-3"},
            "Block 1 · Filters cannot be used. Received: '-3'. Allowed: a whole number from 1 to 512. 32 stands there "
            "instead.",
        ),
        (
            {"train_block5_filters": "64"},
            "Block 5 · Filters is left out. Received: '64', but the network has 3 convolution blocks.",
        ),
        (
            {"train_blocks": "99"},
            "Convolution blocks cannot be used. Received: '99'. Allowed: a whole number from 1 to 6. 3 stands there "
            "instead.",
        ),
        (
            {"train_optimizer": "lion"},
            "Optimizer cannot be used. Received: 'lion'. Allowed: adam, adamw, rmsprop, sgd, nadam. RMSprop stands "
            "there instead.",
        ),
        (
            {"train_stages": "7 of 30"},
            "Earlier training cannot be used. Received: '7 of 30'. Allowed: a text like 7/30, or none. none stands "
            "there instead.",
        ),
        ({"train_colour": "red"}, "There is no such setting. Received: 'train_colour'. It is left out."),
    ],
)
def test_what_cannot_be_used_is_said_in_the_words_of_the_page(query, sentence):
    assert settings_url.from_query(query) == (presets.get("compact-valid").config(), [sentence])


def test_an_unknown_data_set_and_preset_are_said_with_those_there_are():
    config, problems = settings_url.from_query({"train_dataset": "cifar-10", "train_preset": "nobody"})
    assert config == presets.get("compact-valid").config()
    assert [problem.partition(" cannot")[0] for problem in problems] == ["Preset", "Data set"]
    assert "mnist-5k, digits, mnist" in problems[1]


@pytest.mark.parametrize("key", ["train_blocks", "train_dense", "train_epochs", "train_block1_filters", "train_seed"])
@pytest.mark.parametrize("value", ["9" * 5000, "-1", "²", "many", ""])
def test_a_value_that_cannot_be_used_is_said_and_left_out(key, value):
    config, problems = settings_url.from_query({key: value})
    assert config == presets.get("compact-valid").config()
    assert len(problems) == 1
    assert "Received: " in problems[0]
    assert "Allowed: a whole number from " in problems[0]
    assert len(problems[0]) < 250


def test_a_new_layer_repeats_the_last_of_its_kind():
    config = settings_url.resized(presets.get("compact-valid").config(), 5, 2)
    assert config.model.blocks[3:] == (config.model.blocks[2],) * 2
    assert config.model.dense[1] == config.model.dense[0]
