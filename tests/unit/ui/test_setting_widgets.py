import pytest

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import bounds, field, flatten, stops
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.train import setting_widgets

NUMBERS = [path for path in widget_keys.SETTINGS.values() if stops(path) and ".1." not in path]


@pytest.fixture
def session(monkeypatch):
    state = {}
    monkeypatch.setattr(setting_widgets.st, "session_state", state)
    return state


@pytest.mark.parametrize("path", NUMBERS)
def test_the_stops_of_a_slider_reach_as_far_as_the_setting_may(session, path):
    low, high = bounds(path)
    reached = []
    for value in (low, high):  # the value itself is always a stop: each end is looked for beside the other
        session[widget_keys.setting(path)] = value
        options = setting_widgets.number_options(path)
        assert options == sorted(set(options))
        assert {type(option) for option in options} == {field(path).annotation}
        reached.append((options[0], options[-1]))
    if path != "train.step_factor":  # whose bounds are not allowed themselves
        assert reached == [(low, high)] * 2


def test_a_value_between_the_stops_becomes_one(session):
    session["train_learning_rate"] = 0.0123
    options = setting_widgets.number_options("train.learning_rate")
    assert 0.0123 in options
    assert options == sorted(options)


def test_every_setting_has_a_key_of_its_own():
    assert len(widget_keys.SETTINGS) == len(set(widget_keys.SETTINGS.values()))
    shown = {path for path in flatten(RunConfig()) if path != "preset"}
    assert shown <= set(widget_keys.SETTINGS.values())
