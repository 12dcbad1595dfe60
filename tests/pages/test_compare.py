"""Comparing runs without a browser: what is drawn, and what it takes from the address."""

import math
from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import override
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings
from tests.factories import epoch_metrics, make_external_run


def page(ids: list[int]) -> None:
    """The script of the test."""
    from cnn_dash.ui.runs.comparison import render_compare
    from cnn_dash.ui.session.resources import open_store

    render_compare([open_store().run(run_id) for run_id in ids])


@pytest.fixture
def compare(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Compare the runs of these numbers."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    st.cache_resource.clear()

    def opened(*ids: int, **query: str | list[str]) -> AppTest:
        app = AppTest.from_function(page, default_timeout=60, args=(list(ids),))
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    yield opened
    st.cache_resource.clear()


@pytest.fixture
def trained(store: RunStore) -> RunStore:
    """Runs 1 and 2 have failed after an epoch, with seeds of their own."""
    for seed in (1, 2):
        store.create(override(RunConfig(), {"train.seed": seed}), parameters=10, multiply_adds=100)
        lease = Lease.claim(store, Worker("w", 1, "here"))
        assert lease is not None
        lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, None, 0.001, 1.5, 3000.0))
        lease.end(Status.FAILED, message="It was too much.")
    return store


def words(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(one.value) for kind in ("caption", "warning", "subheader") for one in app.get(kind))


def html(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def test_nothing_selected_says_what_to_do_next(compare: Callable[..., AppTest]) -> None:
    assert "Tick one" in words(compare())


def test_two_runs_have_results_and_what_is_different(compare: Callable[..., AppTest], trained: RunStore) -> None:
    app = compare(1, 2)
    assert "What is different\nResults" in words(app)
    assert ">Seed<" in html(app)
    assert ">Learning rate<" not in html(app)


def test_one_run_has_its_results_alone(compare: Callable[..., AppTest], trained: RunStore) -> None:
    app = compare(1)
    assert "What is different" not in words(app)
    assert "Validation accuracy, best" in html(app)


def test_the_same_settings_are_said_to_be_the_same(compare: Callable[..., AppTest], store: RunStore) -> None:
    for _ in range(2):
        store.create(RunConfig(), parameters=10, multiply_adds=100)
    said = words(compare(1, 2))
    assert "the same settings" in said
    assert "No epoch has been finished yet" in said


def test_too_many_runs_are_cut_with_a_sentence(compare: Callable[..., AppTest], store: RunStore) -> None:
    for _ in range(21):
        store.create(RunConfig(), parameters=10, multiply_adds=100)
    app = compare(*range(1, 22))
    assert "Received: 21. Allowed: 20" in words(app)
    assert "Run 20" in html(app)
    assert "Run 21" not in html(app)


def test_the_view_comes_from_the_address(compare: Callable[..., AppTest], trained: RunStore) -> None:
    app = compare(1, 2, runs_axis="Time", runs_smoothing="0.6", runs_log="true", runs_figures=["Loss", "AUC"])
    assert not app.exception
    state = app.session_state
    assert (state["runs_axis"], state["runs_smoothing"], state["runs_log"]) == ("Time", 0.6, True)
    assert state["runs_figures"] == ["Loss", "AUC"]


def test_a_view_that_there_is_not_is_the_usual_one(compare: Callable[..., AppTest], trained: RunStore) -> None:
    app = compare(1, runs_axis="Weeks", runs_smoothing="7", runs_figures="Beauty")
    assert not app.exception
    assert (app.session_state["runs_axis"], app.session_state["runs_smoothing"]) == ("Epoch", 0.0)
    assert len(app.session_state["runs_figures"]) == 4


def test_without_plots_one_is_asked_to_choose(compare: Callable[..., AppTest], trained: RunStore) -> None:
    app = compare(1, 2)
    app.get("button_group")[0].set_value([]).run()
    assert "No plot is chosen" in words(app)


def test_runs_of_another_program_are_compared_by_what_they_recorded(
    compare: Callable[..., AppTest], trained: RunStore
) -> None:
    make_external_run(trained, [{"f1": 0.5, "val_f1": math.nan}, {"f1": 0.75, "val_f1": 0.5}], params={"lr": 0.1})
    make_external_run(trained, [{"val_mae": 3.0}], params={"lr": 0.2})
    app = compare(1, 3, 4)
    assert app.session_state["runs_figures"] == ["Loss", "Accuracy", "AUC", "Learning rate", "f1", "mae"]
    assert "What is different\nResults" in words(app)
    assert [one.label.partition(" (")[0] for one in app.expander] == ["Only in runs of CNN Dash"]
    for word in (">Learning rate<", "f1, best", "0.7500", "val_mae, last", "their run"):
        assert word in html(app), word
    app = compare(3, 4)
    assert ">Learning rate<" not in html(app)
    assert app.session_state["runs_figures"] == ["f1", "mae"]


def test_a_choice_of_plots_outlives_a_selection_that_does_not_have_them(
    compare: Callable[..., AppTest], trained: RunStore
) -> None:
    make_external_run(trained, [{"f1": 0.5}])
    app = compare(1, 3, runs_figures=["Loss", "f1"])
    assert app.session_state["runs_figures"] == ["Loss", "f1"]
    app._script_path = compare(1)._script_path
    app.run()
    assert not app.exception
    assert app.session_state["runs_figures"] in (["Loss"], ["Loss", "f1"], ["Loss", "Accuracy", "AUC", "Learning rate"])
