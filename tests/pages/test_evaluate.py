"""The Evaluate page: what a person does with the mistakes of a network."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.disturbances import DISTURBANCES
from cnn_dash.evaluation.kept import kept_file
from cnn_dash.evaluation.nearest import Nearest
from cnn_dash.evaluation.robustness import Robustness
from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.inference.kept_temperature import kept
from cnn_dash.jobs import Job
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.ui.evaluate import confidence_view, image_dialog, robustness_view
from cnn_dash.ui.evaluate.two_runs_view import same_origin
from cnn_dash.ui.session.resources import open_calculations, open_explorations, open_measurements
from tests.evaluate_page import grid_images
from tests.factories import make_tested_run
from tests.waiting import PATIENCE_S

Open = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption, *app.info, *app.warning, *app.error])


def test_a_cell_is_chosen_by_keyboard_and_its_images_are_shown_most_confident_first(
    open_page: Open, tested_run: Callable[..., Run]
) -> None:
    tested_run()
    app = open_page("evaluate")
    cells = app.selectbox(key="evaluate_cell")
    assert cells.value is None
    assert "→" in cells.options[0]
    app.selectbox(key="evaluate_cell").select((3, 4)).run()
    assert not app.exception
    assert {tuple(image["lines"]) for image in grid_images(app)} == {("4 · 91.0 %", "true: 3")}
    assert "True class 3, predicted class 4, most confident first." in texts(app)
    app.selectbox(key="evaluate_cell").set_value(None).run()
    assert "1 to 10 of 1,000" in texts(app)


def test_the_matrix_shows_counts_rows_or_columns(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    app = open_page("evaluate")
    assert app.get_by_key("evaluate_confusion").value == "counts"
    for scale in ("rows", "columns"):
        app.get_by_key("evaluate_confusion").set_value(scale).run()
        assert not app.exception


def test_another_order_of_the_images_brings_the_hardest_first(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    app = open_page("evaluate")
    app.selectbox(key="evaluate_order").select("hardest").run()
    assert [image["correct"] for image in grid_images(app)] == [False] * 10


def test_a_clicked_image_opens_with_its_probabilities_and_offers_to_look_for_alike_ones(
    open_page: Open, tested_run: Callable[..., Run]
) -> None:
    tested_run()
    app = open_page("evaluate")
    app.session_state["evaluate_opened"] = 9
    app.run()
    assert not app.exception
    assert "Image 9 of the test set" in texts(app)
    assert any("aria-label" in one.value and "role=" in one.value for one in app.html)
    app.run()
    assert "Image 9 of the test set" not in texts(app)


def test_ticked_images_can_be_taken_as_a_list_and_cleared(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    app = open_page("evaluate")
    assert not app.get("download_button")
    app.session_state["evaluate_ticks"] = (1, {"test": frozenset({0, 9})})
    app.run()
    assert [image["key"] for image in grid_images(app) if image["ticked"]] == [0, 9]
    assert "**2** images selected" in texts(app)
    app.button(key="evaluate_ticks_clear").click().run()
    assert not any(image["ticked"] for image in grid_images(app))
    assert "selected" not in texts(app)


def test_ticks_belong_to_a_run(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    tested_run()
    app = open_page("evaluate", run="1")
    app.session_state["evaluate_ticks"] = (1, {"test": frozenset({0})})
    app.selectbox(key="evaluate_run").select(2).run()
    assert not any(image["ticked"] for image in grid_images(app))


def open_view(app: AppTest, view: str) -> AppTest:
    """Open a tab, and wait until what it computes in the background is there."""
    app.session_state["evaluate_view"] = view
    app.run()
    for jobs in (open_calculations(), open_measurements()):
        for job in jobs.all():
            assert job.wait(PATIENCE_S)
    return app.run()


def test_classes_have_their_metrics_and_curves(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    app = open_view(open_page("evaluate"), "Classes")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Recall (macro)"] == "0.9000"
    (table,) = app.dataframe
    assert list(table.value["images"]) == [100] * 10
    assert table.value["recall"].mean() == pytest.approx(0.9)
    app = open_view(app, "Classes")
    assert len(app.multiselect(key="evaluate_curve_classes").value) == 5
    assert len(app.get("plotly_chart")) == 2


def test_only_the_open_view_is_computed(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    app = open_page("evaluate")
    assert open_calculations().all() == []
    assert not app.metric[4:]


def test_confidence_of_a_run_without_a_temperature_is_shown_as_it_is(
    open_page: Open, tested_run: Callable[..., Run]
) -> None:
    tested_run()
    app = open_view(open_page("evaluate"), "Confidence")
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Calibration error"] == "1.00 %"
    assert shown["Temperature"] == "–"
    assert shown["Overconfidence"] == "+1.0 %"
    assert "There is no temperature" in texts(app)


def test_a_temperature_is_kept_with_a_run_and_taken_back(
    open_page: Open, tested_run: Callable[..., Run], store: RunStore
) -> None:
    run = tested_run()
    folder = ResultFolder.of(store.settings, run)
    folder.familiarity.put(Familiarity(np.eye(3, dtype=np.float32), 1.5, 0.5, 1.0).write)
    app = open_view(open_page("evaluate"), "Confidence")
    app.number_input(key="evaluate_temperature_1").set_value(2.0).run()
    app = open_view(app, "Confidence")
    assert {metric.label: metric.value for metric in app.metric}["Temperature"] == "2.00"
    assert kept(folder) is None
    app.button(key="evaluate_temperature_keep").click().run()
    assert kept(folder) == 2.0
    assert "The temperature **2** is kept with run 1" in texts(app)
    app = open_view(app, "Mistakes")
    assert "Confidences by the kept temperature, 2." in texts(app)
    assert "91.0 %" not in str(grid_images(app))  # as trained
    app = open_view(app, "Confidence")
    app.button(key="evaluate_temperature_undo").click().run()
    assert kept(folder) is None
    assert "91.0 %" in str(grid_images(open_view(app, "Mistakes")))


def test_subsets_name_what_falls_behind_and_show_its_images(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    app = open_view(open_page("evaluate"), "Subsets")
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3  # all MNIST digits are of one size
    choice = app.selectbox(key="evaluate_subset")
    assert len(choice.options) == 15
    choice.set_value(choice.options[3].partition(" · ")[0]).run()
    assert not app.exception
    assert len(grid_images(app)) == 10


def test_the_accuracy_of_a_selection_on_the_map_is_told_and_its_images_are_shown(
    open_page: Open, tested_run: Callable[..., Run]
) -> None:
    run = tested_run()
    app = open_view(open_page("evaluate"), "Subsets")
    app.toggle(key="evaluate_map_on").set_value(True).run()
    for job in open_explorations().all():
        assert job.wait(60)
    assert run.result is not None
    key = ("test map", "PCA", run.id, run.result.folder, run.data_sha256)
    app.session_state["evaluate_map_selected"] = (key, list(range(9, 1000, 10)))  # every tenth is wrong
    app.run()
    assert not app.exception
    assert "**100** selected images: 0.00 %" in texts(app)
    assert "They fall behind the 90.00 %" in texts(app)
    app.selectbox(key="evaluate_subset").set_value("Selection on the map").run()
    assert [image["correct"] for image in grid_images(app)] == [False] * 10


def test_a_single_run_has_none_to_be_compared_with(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    app = open_view(open_page("evaluate"), "Two runs")
    assert "No other run was tested on the same images" in texts(app)


def test_two_runs_disagree_on_images_and_mcnemars_test_says_whether_it_is_chance(
    open_page: Open, tested_run: Callable[..., Run]
) -> None:
    tested_run()
    tested_run(wrong_every=5)
    app = open_view(open_page("evaluate", run="1"), "Two runs")
    app.selectbox(key="evaluate_other_run").select(2).run()
    app = open_view(app, "Two runs")
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    assert [shown[label] for label in ("Both right", "Only run 1 right", "Only run 2 right", "Both wrong")] == [
        "800",
        "100",
        "0",
        "100",
    ]
    assert shown["p (McNemar)"] == "< 0.0001"
    assert "Run 1 is more accurate by 10.00 percentage points" in texts(app)
    images = grid_images(app)
    assert len(images) == 10
    assert images[0]["lines"][0].startswith("run 1: ")
    app.get_by_key("evaluate_disagreement").set_value("only second").run()
    assert "There is no such image" in texts(app)


def measured(run: Run, settings: Settings) -> Robustness:
    """What a process would find: the accuracy falls from level to level."""
    found = Robustness(100, {one.name: tuple(0.9 - 0.1 * n for n in range(len(one.levels))) for one in DISTURBANCES})
    found.write(kept_file(ResultFolder.of(settings, run), "robustness.json"))
    return found


def with_network(store: RunStore) -> Run:
    run = make_tested_run(store)
    assert run.has_network
    return run


def test_robustness_is_measured_on_request_and_kept(
    open_page: Open, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, other = with_network(store), with_network(store)
    asked = []

    def run_task(job: Job[Any], settings: Settings, run_id: int, task: str) -> None:
        asked.append((run_id, task))
        measured(store.run(run_id), settings)

    monkeypatch.setattr(robustness_view, "run_task", run_task)
    app = open_view(open_page("evaluate", run="1"), "Robustness")
    assert not app.get("plotly_chart")
    app.button(key="evaluate_robustness").click().run()
    app = open_view(app, "Robustness")
    assert not app.exception
    assert len(app.get("plotly_chart")) == len(DISTURBANCES)
    assert asked == [(run.id, "robustness")]
    assert "evaluate_robustness" not in [button.key for button in app.button]

    # A second run beside it is measured too; the first one is known, also to a server that has just started.
    open_measurements.clear()
    app.multiselect(key="evaluate_robustness_runs").select(other.id).run()
    assert app.button(key="evaluate_robustness").label == f"Measure run {other.id}"
    app.button(key="evaluate_robustness").click().run()
    app = open_view(app, "Robustness")
    assert asked[1:] == [(other.id, "robustness")]
    assert f"Run {other.id}</span>" in "".join(one.value for one in app.html)


def test_a_measurement_that_fails_says_why_and_can_be_tried_again(
    open_page: Open, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_network(store)

    def run_task(job: Job[Any], settings: Settings, run_id: int, task: str) -> None:
        raise StoreError("The machine ran out of memory. Close other programs.")

    monkeypatch.setattr(robustness_view, "run_task", run_task)
    app = open_view(open_page("evaluate"), "Robustness")
    app.button(key="evaluate_robustness").click().run()
    app = open_view(app, "Robustness")
    assert "ran out of memory" in texts(app)
    assert app.button(key="evaluate_robustness").label == "Measure run 1"


def test_the_nearest_training_images_of_an_opened_image_are_looked_for_on_request(
    open_page: Open, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_network(store)

    def run_task(job: Job[Any], settings: Settings, run_id: int, task: str) -> None:
        alike = np.tile(np.array([[5, 17, 4_000 - 1]]), (1000, 1))
        found = Nearest(alike, np.full(alike.shape, 0.5, np.float32), 4000)
        found.write(kept_file(ResultFolder.of(settings, run), "nearest.npz"))

    monkeypatch.setattr(image_dialog, "run_task", run_task)
    app = open_page("evaluate")
    app.session_state["evaluate_opened"] = 9
    app.run()
    assert "Which of the training images does the network find most like this one?" in texts(app)
    search = partial(image_dialog._search, store.settings, run)
    open_measurements().start(image_dialog._key(run), search).wait(PATIENCE_S)
    app.session_state["evaluate_opened"] = 9
    app.run()
    assert not app.exception
    assert "of 3 are of the predicted class" in texts(app)
    assert sum(one.value.count("Training image of class") for one in app.html) == 3


@pytest.mark.parametrize(
    ("first", "second", "offered"),
    [
        (("flowers", "a"), ("flowers", "a"), True),
        (("flowers", "a"), ("flowers", None), True),
        (("flowers", "a"), ("flowers@2", "b"), True),
        (("flowers@2", "b"), ("flowers@3", "c"), True),
        (("flowers", "a"), ("flowers", "b"), False),
        (("flowers", "a"), ("animals", "a"), False),
    ],
)
def test_runs_on_the_same_data_set_or_another_version_of_it_can_be_compared(
    store: RunStore, first: tuple[str, str | None], second: tuple[str, str | None], offered: bool
) -> None:
    run = make_tested_run(store)
    one, other = (
        replace(run, config=None, params={"dataset": name}, data_sha256=content) for name, content in (first, second)
    )
    assert same_origin(one, other) is offered


def test_a_calculation_that_fails_says_why_until_it_is_tried_again(
    open_page: Open, tested_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    tested_run()
    calls: list[int] = []

    def fail(*_: object) -> None:
        calls.append(1)
        raise MemoryError("too large")

    with monkeypatch.context() as patched:
        patched.setattr(confidence_view, "reliability", fail)
        app = open_view(open_page("evaluate"), "Confidence")
        assert "MemoryError: too large" in app.error[0].value
        app.run()
    assert len(calls) == 1
    app.button(key="try_again_computing").click().run()
    app = open_view(app, "Confidence")
    assert not app.error
    assert app.metric
