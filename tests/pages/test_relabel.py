"""From mistakes to better data: images are relabelled on Evaluate, in a new version of the data set."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own.derive import Changes, derive
from cnn_dash.evaluation.versions import common_test_images
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.ui.session.resources import open_measurements
from tests.evaluate_page import grid_images, make_own_run
from tests.waiting import PATIENCE_S

Open = Callable[..., AppTest]

pytestmark = pytest.mark.own_data_folder


@pytest.fixture
def run(store: RunStore, tmp_path: Path) -> Run:
    """A tested run on an own data set, wrong on all test images."""
    return make_own_run(store, tmp_path)


def texts(app: AppTest) -> str:
    found = [*app.markdown, *app.caption, *app.info, *app.success, *app.error]
    return "\n".join(one.value for one in found)


def open_dialog(app: AppTest, *ticked: int, **widgets: object) -> AppTest:
    """Open the dialog for some images; its widgets have these values: here no fragment is run by itself."""
    app.session_state["evaluate_ticks"] = (1, {"test": frozenset(ticked)})
    app.run()
    for name, value in widgets.items():
        app.session_state[f"evaluate_relabel_{name}"] = value
    return app.button(key="evaluate_relabel").click().run()


def test_relabelled_images_are_in_a_new_version_on_which_the_run_is_trained_again(
    open_page: Open, run: Run, store: RunStore
) -> None:
    before = catalogue.load("shapes", store.settings.data_dir).test.labels
    label = int((before[0] + 1) % 3)
    app = open_dialog(open_page("evaluate"), 0, 2, **{"class": label})
    assert not app.exception
    assert "What becomes of these 2 images?" in app.get_by_key("evaluate_relabel_what").label
    app.button(key="evaluate_relabel_make").click().run()
    (job,) = open_measurements().all()
    made = job.future.result(PATIENCE_S)
    assert (made.name, made.version, made.parent) == ("shapes", 2, "shapes")
    after = catalogue.load("shapes@2", store.settings.data_dir).test.labels
    expected = before.copy()
    expected[[0, 2]] = label
    np.testing.assert_array_equal(after, expected)
    np.testing.assert_array_equal(catalogue.load("shapes", store.settings.data_dir).test.labels, before)


def test_changes_are_gathered_before_a_version_is_made(open_page: Open, run: Run, store: RunStore) -> None:
    count = len(catalogue.load("shapes", store.settings.data_dir).test)
    app = open_dialog(open_page("evaluate"), 0, what="Leave out")
    app.button(key="evaluate_relabel_add").click().run()
    assert "Planned: 1 left out" in texts(app)
    assert not any(image["ticked"] for image in grid_images(app))
    assert open_dialog(app, 1, what="Tag").button(key="evaluate_relabel_add").disabled
    app = open_dialog(app, 1, what="Tag", tag="odd")
    assert "Planned before: 1 left out." in texts(app)
    app.button(key="evaluate_relabel_make").click().run()
    (job,) = open_measurements().all()
    assert job.future.result(PATIENCE_S).changes[0] == "1 left out, 1 tagged."
    assert len(catalogue.load("shapes@2", store.settings.data_dir).test) == count - 1


def test_what_cannot_be_done_is_said_and_nothing_is_made(open_page: Open, run: Run, store: RunStore) -> None:
    app = open_dialog(open_page("evaluate"), 0, what="Tag", tag="two words")
    app.button(key="evaluate_relabel_make").click().run()
    (job,) = open_measurements().all()
    assert "A tag is one word" in str(job.future.exception(60))
    assert "shapes@2" not in catalogue.names(store.settings.data_dir)


def test_a_plan_can_be_discarded(open_page: Open, run: Run) -> None:
    app = open_dialog(open_page("evaluate"), 0, what="Leave out")
    app.button(key="evaluate_relabel_add").click().run()
    app.button(key="evaluate_relabel").click().run()
    app.button(key="evaluate_relabel_discard").click().run()
    assert "Planned" not in texts(app)


def test_a_data_set_that_comes_with_the_program_has_no_versions(
    open_page: Open, tested_run: Callable[..., Run]
) -> None:
    tested_run()
    app = open_page("evaluate")
    app.session_state["evaluate_ticks"] = (1, {"test": frozenset({0})})
    app.run()
    assert app.button(key="evaluate_relabel").disabled


def test_before_and_after_are_compared_on_the_images_of_both_versions(run: Run, store: RunStore) -> None:
    derive("shapes", store.settings.data_dir, Changes(relabel={("test", 0): 2}, exclude=[("test", 1), ("test", 3)]))
    data = run.recipe.data.model_copy(update={"dataset": "shapes@2"})
    after = replace(run, config=run.recipe.model_copy(update={"data": data}))
    common = common_test_images(run, after, store.settings)
    assert common is not None
    images = [catalogue.load(name, store.settings.data_dir).test.images for name in ("shapes", "shapes@2")]
    assert common[0].tolist() == [0, 2, *range(4, len(images[0]))]
    np.testing.assert_array_equal(images[0][common[0]], images[1][common[1]])
    assert common_test_images(run, run, store.settings) is None
