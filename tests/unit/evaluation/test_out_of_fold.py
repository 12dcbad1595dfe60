"""The labels of training images are checked by runs that have not learned from them."""

from dataclasses import replace

import numpy as np
import pytest

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.sources.fold import Fold
from cnn_dash.errors import ConfigError, IllegalTransition, StoreError
from cnn_dash.evaluation.label_check import LabelCheck, kept_check
from cnn_dash.evaluation.out_of_fold import out_of_fold
from cnn_dash.evaluation.processes import run_task
from cnn_dash.evaluation.run_images import report_of
from cnn_dash.hyperparameters import override
from cnn_dash.jobs import Job
from cnn_dash.runs import batch, fold_runs, trash
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.own_data import runs_that_need
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.training.run import train_run
from tests.factories import make_external_run, make_tested_run
from tests.trained import train

SMALL = {"train.epochs": 2, "train.batch_size": 64, "model.dense.0.units": 16} | {
    f"model.blocks.{block}.filters": 8 for block in range(3)
}


def test_each_training_image_is_judged_by_a_network_that_has_not_learned_from_it(store: RunStore) -> None:
    settings = store.settings
    run = train(store, override(presets.get("compact-valid").config(), SMALL))
    planned = batch.plan(settings, fold_runs.configs(run, 3, 1), [])
    started = fold_runs.start(store, run, planned)
    assert [one.title for one in started] == [f"Labels of run {run.id}, part {number} of 3" for number in (1, 2, 3)]
    assert all(fold_runs.tag_of(run.id) in one.tags and one.recipe.train.epochs == 1 for one in started)
    assert runs_that_need(store, "mnist-5k") == [run.id, *(one.id for one in started)]
    with pytest.raises(IllegalTransition, match="being checked already"):
        fold_runs.start(store, run, planned)
    with pytest.raises(StoreError, match="Not all parts"):
        run_task(Job(), settings, run.id, "labels-train")
    for _ in started:
        lease = Lease.claim(store, Worker("of-the-test", 1, "here"))
        assert lease is not None
        assert train_run(lease, settings) is Status.FINISHED

    networks = fold_runs.fold_runs(store, run.id)
    labels = import_dataset(catalogue.source("mnist-5k"), settings.data_dir, settings.imported_dir).train_labels
    report = out_of_fold(networks, labels, settings)
    assert (report.labels == labels).all()
    for one in networks:
        fold = Fold.of(one.recipe.data.dataset)
        assert fold is not None
        part = report.at(fold.held_out(labels))
        assert (part.probabilities == report_of(one, settings).probabilities).all()
    with pytest.raises(StoreError, match="no longer those"):
        out_of_fold(networks, (labels + 1) % 10, settings)

    run_task(Job(), settings, run.id, "labels-train")
    fold_runs.delete(store, networks)
    assert fold_runs.fold_runs(store, run.id) == []
    found = LabelCheck.read(kept_check(settings, run, "train"))
    assert found is not None
    assert found.networks == tuple(one.id for one in networks)
    assert (found.labels == labels).all()
    assert found.wrong[found.ranked].all()
    assert np.mean(found.wrong) == pytest.approx(1 - found.accuracy)


def test_wrong_labels_of_test_images_are_found_by_the_predictions_that_are_there(store: RunStore) -> None:
    run = make_tested_run(store)
    run_task(Job(), store.settings, run.id, "labels-test")
    found = LabelCheck.read(kept_check(store.settings, run, "test"))
    assert found is not None
    report = report_of(run, store.settings)
    assert (found.likely == report.predicted).all()
    assert report.wrong[found.ranked].all()
    assert len(found.ranked) > 0


def test_a_part_and_a_run_of_another_program_are_not_divided(store: RunStore) -> None:
    run = make_tested_run(store)
    part = override(run.recipe, {"data.dataset": "mnist-5k.fold1of3"})
    with pytest.raises(ConfigError, match="learned from a part"):
        fold_runs.configs(replace(run, config=part), 3, 1)
    with pytest.raises(IllegalTransition, match="another program"):
        fold_runs.configs(make_external_run(store).run, 3, 1)


def test_those_that_wait_are_stopped_and_deleted_together_and_brought_back(store: RunStore) -> None:
    run = make_tested_run(store)
    fold_runs.start(store, run, batch.plan(store.settings, fold_runs.configs(run, 4, 1), []))
    fold_runs.stop(store, fold_runs.fold_runs(store, run.id))
    stopped = fold_runs.fold_runs(store, run.id)
    assert [one.status for one in stopped] == [Status.STOPPED] * 4
    fold_runs.delete(store, stopped)
    assert fold_runs.fold_runs(store, run.id) == []
    trash.restore(store, [one.id for one in stopped])
    assert [one.id for one in fold_runs.fold_runs(store, run.id)] == [one.id for one in stopped]
