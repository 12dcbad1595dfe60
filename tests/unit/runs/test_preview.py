"""The one check before a run, and what it says of it."""

import pytest

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import override
from cnn_dash.models.layer_table import layer_table
from cnn_dash.runs.estimate import estimate
from cnn_dash.runs.preview import preview
from cnn_dash.runs.submit import change, queue, submit

BASE = presets.get("compact-valid").config()


def test_a_preview_has_the_layers_the_data_and_the_time(settings):
    shown = preview(settings, BASE)
    assert shown.dataset is catalogue.get("mnist-5k")
    assert shown.table == layer_table(BASE.model, (28, 28, 1), 10)
    work = shown.table.multiply_adds
    assert shown.estimate == estimate(BASE.train, train_images=4000, multiply_adds=work, earlier=[])
    assert shown.download_mb == 0


def test_data_that_is_not_on_this_machine_has_to_be_downloaded(settings, tmp_path):
    elsewhere = settings.model_copy(update={"data_dir": tmp_path / "empty"})
    assert preview(elsewhere, override(BASE, {"data.dataset": "mnist"})).download_mb == 12


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"data.dataset": "imagenet"}, "There is no such data set"),
        ({"preset": "of-tomorrow"}, "There is no such preset"),
        ({"model.blocks.2.kernel_size": 11}, "cannot be built"),
    ],
)
def test_whoever_starts_or_changes_a_run_meets_the_same_check(store, changes, sentence):
    config = override(BASE, changes)
    run = submit(store, BASE)
    for check in (preview, lambda _, config: submit(store, config), lambda _, config: change(store, run.id, config)):
        with pytest.raises(ConfigError, match=sentence):
            check(store.settings, config)
    assert [waiting.config for waiting in store.queue()] == [BASE]


def test_a_queued_run_knows_what_its_preview_said(store):
    shown = preview(store.settings, BASE)
    run = queue(store, shown)
    assert (run.parameters, run.multiply_adds) == (shown.table.parameters, shown.table.multiply_adds)
