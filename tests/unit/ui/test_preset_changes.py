from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import override
from cnn_dash.ui.components.preset_changes import changes
from cnn_dash.ui.session.settings_url import resized

BASE = presets.get("compact-valid").config()


def test_a_preset_as_it_is_changes_nothing_whatever_it_is_trained_on():
    assert changes(BASE) == ()
    assert changes(presets.get("compact-valid").config("kmnist")) == ()


def test_what_was_changed_is_said_with_or_without_what_it_was():
    config = override(BASE, {"train.learning_rate": 0.002, "model.blocks.1.dropout": 0.25})
    assert changes(config) == ("block 2 dropout 25 %", "learning rate 0.002")
    assert changes(config, before=True) == ("block 2 dropout 0 % → 25 %", "learning rate 0.001 → 0.002")


def test_a_layer_that_was_added_or_left_out_is_said_once():
    assert changes(resized(BASE, 4, 0)) == ("dense layer 1 left out", "block 4 added")


def test_a_run_that_was_trained_longer_says_so():
    longer = BASE.model_copy(update={"train": BASE.train.longer(5, 8)})
    assert changes(longer)[0] == "epochs 8"
    assert "trained longer (" in changes(longer)[1]


def test_without_a_preset_or_with_one_of_another_version_there_is_nothing_to_compare_with():
    assert changes(RunConfig()) == ()
    assert changes(BASE.model_copy(update={"preset": "of-tomorrow"})) == ()
