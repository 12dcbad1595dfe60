"""The Labels tab of Evaluate: doubtful labels are looked at, and corrected in a new version of the data set."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.evaluation.label_check import LabelCheck, kept_check
from cnn_dash.runs import fold_runs
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.ui.session.resources import open_measurements
from tests.evaluate_page import grid_images, make_own_run

Open = Callable[..., AppTest]

pytestmark = pytest.mark.own_data_folder


@pytest.fixture
def run(store: RunStore, tmp_path: Path) -> Run:
    """A tested run on an own data set, wrong on all test images."""
    return make_own_run(store, tmp_path)


def labels_of(store: RunStore, name: str) -> np.ndarray:
    return import_dataset(catalogue.source(name, store.settings.data_dir), store.settings.data_dir, None).train_labels


def keep_check(store: RunStore, run: Run, *doubtful: int) -> None:
    """As if the training images had been checked: these are likely of the next class."""
    labels = labels_of(store, "shapes")
    likely = labels.copy()
    likely[list(doubtful)] = (labels[list(doubtful)] + 1) % 3
    sure = np.full(len(labels), 0.9, np.float32)
    found = LabelCheck(labels, likely, sure, 1 - sure, np.array(doubtful, np.int64), (7, 8, 9))
    found.write(kept_check(store.settings, run, "train"))


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption, *app.info, *app.success, *app.error])


def open_labels(open_page: Open, which: str) -> AppTest:
    app = open_page("evaluate", run="1")
    app.session_state["evaluate_view"] = "Labels"
    app.session_state["evaluate_labels_of"] = which
    return app.run()


def test_doubtful_training_images_get_their_likely_class_in_a_new_version(
    open_page: Open, run: Run, store: RunStore
) -> None:
    keep_check(store, run, 5, 2)
    before = labels_of(store, "shapes")
    app = open_labels(open_page, "Training images")
    assert not app.exception
    assert "**2** of" in texts(app)
    assert "3 networks" in texts(app)
    assert [image["key"] for image in grid_images(app)] == [5, 2]
    assert all(
        image["lines"][0].startswith("label: ") and "· 90.0 %" in image["lines"][1] for image in grid_images(app)
    )
    app.session_state["evaluate_ticks"] = (1, {"train": frozenset({2, 5})})
    app.run()
    app.button(key="evaluate_relabel").click().run()
    assert not app.exception
    assert app.get_by_key("evaluate_relabel_what").value == "Predicted class"
    app.button(key="evaluate_relabel_make").click().run()
    (job,) = open_measurements().all()
    assert job.future.result(60).version == 2
    expected = before.copy()
    expected[[2, 5]] = (before[[2, 5]] + 1) % 3
    np.testing.assert_array_equal(labels_of(store, "shapes@2"), expected)
    np.testing.assert_array_equal(labels_of(store, "shapes"), before)


def test_runs_that_check_are_started_stopped_deleted_and_brought_back(
    open_page: Open, run: Run, store: RunStore
) -> None:
    app = open_labels(open_page, "Training images")
    app.get_by_key("evaluate_labels_folds").set_value(3)
    app.number_input(key="evaluate_labels_epochs").set_value(2).run()
    app.button(key="evaluate_labels_start").click().run()
    assert not app.exception
    started = fold_runs.fold_runs(store, run.id)
    assert [one.recipe.data.dataset for one in started] == [f"shapes.fold{number}of3" for number in (1, 2, 3)]
    assert {one.recipe.train.epochs for one in started} == {2}
    app.button(key="evaluate_labels_stop").click().run()
    assert "did not finish" in "\n".join(one.value for one in app.warning)
    app.button(key="evaluate_labels_delete").click().run()
    assert fold_runs.fold_runs(store, run.id) == []
    app.button(key="evaluate_labels_undo").click().run()
    assert len(fold_runs.fold_runs(store, run.id)) == 3
    assert not app.exception


def test_test_labels_are_checked_by_the_predictions_of_the_run(open_page: Open, run: Run) -> None:
    app = open_labels(open_page, "Test images")
    for job in open_measurements().all():
        assert job.wait(60)
    app.run()
    assert not app.exception
    assert grid_images(app)
