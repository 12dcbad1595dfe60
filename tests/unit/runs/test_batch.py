"""Several runs started together."""

import pytest

from cnn_dash import presets
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import override
from cnn_dash.runs.batch import plan, submit_all
from cnn_dash.sweep import sweep

BASE = presets.get("compact-valid").config()


def test_the_time_of_a_batch_is_that_of_its_runs(store):
    one = plan(store.settings, [BASE], [])
    three = plan(store.settings, sweep(BASE, {"train.seed": "1,2,3"}), [])
    assert three.estimate.seconds == pytest.approx(3 * one.estimate.seconds)
    longer = plan(store.settings, sweep(BASE, {"train.epochs": "5,50"}), [])
    assert longer.estimate.seconds > 5 * one.estimate.seconds


def test_a_data_set_that_is_missing_is_counted_once(store, monkeypatch):
    monkeypatch.setattr("cnn_dash.runs.preview.catalogue.is_local", lambda name, _folder: name == "mnist-5k")
    runs = sweep(BASE, {"data.dataset": "mnist-5k, mnist", "train.seed": "1,2"})
    assert plan(store.settings, runs, []).download_mb == 12


def test_one_network_that_cannot_be_built_refuses_the_batch_before_anything_is_queued(store):
    with pytest.raises(ConfigError, match=r"1 of 3 runs cannot be trained. The first: block 3: convolution 11×11"):
        plan(store.settings, sweep(BASE, {"model.blocks.2.kernel_size": "3, 2, 11"}), [])
    assert store.runs() == []


def test_a_single_network_that_cannot_be_built_is_said_without_a_count(store):
    with pytest.raises(ConfigError, match=r"^block 3: "):
        plan(store.settings, [override(BASE, {"model.blocks.2.kernel_size": 11})], [])


def test_runs_of_a_batch_are_queued_in_order_and_share_a_tag(store):
    submit_all(store, plan(store.settings, [BASE], []))
    queued = submit_all(store, plan(store.settings, sweep(BASE, {"train.seed": "5,6"}), []))
    assert [run.recipe.train.seed for run in store.queue()] == [1, 5, 6]
    assert [run.tags for run in queued] == [("batch-2",)] * 2
    assert store.run(1).tags == ()
