"""What can be done with a run on the Train page, by its status."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash import presets
from cnn_dash.runs import actions
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from tests.factories import epoch_metrics, make_external_run

Open = Callable[..., AppTest]

ACTIONS = {
    "live_pause",
    "live_resume",
    "live_stop",
    "live_retry",
    "live_edit",
    "live_longer_start",
    "train_to_evaluate",
    "train_to_predict",
}


@pytest.fixture
def queued(store: RunStore) -> Run:
    return submit(store, presets.get("compact-valid").config())


@pytest.fixture
def lease(store: RunStore, queued: Run) -> Lease:
    """Run 1, which a worker has trained for one epoch."""
    lease = Lease.claim(store, Worker("w", 1, "host"))
    assert lease is not None
    lease.begin(train_images=3600, batches=57)
    lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, 0.99, 0.001, 1.0, 3000.0), "0001-00001-0000000.npz")
    return lease


def buttons(app: AppTest) -> set[str]:
    assert not app.exception
    return {str(button.key) for button in app.button if not button.disabled} & ACTIONS


def test_a_waiting_run_can_be_paused_cancelled_and_edited(open_page: Open, queued: Run) -> None:
    app = open_page("train", run="1")
    assert buttons(app) == {"live_pause", "live_stop", "live_edit"}
    assert app.button(key="live_stop").label == "Cancel"


def test_a_running_run_can_be_paused_and_stopped(open_page: Open, lease: Lease) -> None:
    assert buttons(open_page("train", run="1")) == {"live_pause", "live_stop"}


def test_what_was_asked_is_said_and_not_asked_again(open_page: Open, store: RunStore, lease: Lease) -> None:
    app = open_page("train", run="1")
    app.button(key="live_pause").click().run()
    assert store.run(1).request is Request.PAUSE
    assert (app.button(key="live_pause").label, app.button(key="live_pause").disabled) == ("pausing…", True)
    assert buttons(app) == {"live_stop"}  # a stop outdoes a pause
    app.button(key="live_stop").click().run()
    assert store.run(1).request is Request.STOP
    assert app.button(key="live_stop").label == "stopping…"
    assert buttons(app) == set()


def test_a_paused_run_is_resumed(open_page: Open, store: RunStore, lease: Lease) -> None:
    lease.end(Status.PAUSED)
    app = open_page("train", run="1")
    assert buttons(app) == {"live_resume", "live_stop"}
    app.button(key="live_resume").click().run()
    assert store.run(1).status is Status.QUEUED
    assert buttons(app) == {"live_pause", "live_stop"}  # it was started: its settings are fixed


def test_an_interrupted_run_goes_on_by_itself_and_can_be_paused_or_stopped(
    open_page: Open, store: RunStore, lease: Lease
) -> None:
    actions.give_up(store, store.run(1), "Its worker is gone.", most_crashes=5)
    assert buttons(open_page("train", run="1")) == {"live_pause", "live_stop"}


def test_a_stopped_run_can_be_resumed(open_page: Open, store: RunStore, lease: Lease) -> None:
    lease.end(Status.STOPPED)
    app = open_page("train", run="1")
    assert buttons(app) == {"live_resume"}
    app.button(key="live_resume").click().run()
    assert store.run(1).status is Status.QUEUED


def test_a_failed_run_is_tried_again(open_page: Open, store: RunStore, lease: Lease) -> None:
    lease.end(Status.FAILED, message="The disk is full.")
    app = open_page("train", run="1")
    assert buttons(app) == {"live_retry"}
    app.button(key="live_retry").click().run()
    assert store.run(1).status is Status.QUEUED


def test_a_finished_run_is_trained_longer(open_page: Open, store: RunStore, tested_run: Callable[[], Run]) -> None:
    tested_run()
    app = open_page("train", run="1")
    assert buttons(app) == {"live_longer_start", "train_to_evaluate", "train_to_predict"}
    assert app.number_input(key="live_longer_epochs").value == 5  # as many as the preset has
    app.number_input(key="live_longer_epochs").set_value(3).run()
    assert any(caption.value.startswith("1 trained so far, 4 in all, about") for caption in app.caption)
    app.button(key="live_longer_start").click().run()
    train = store.run(1).config.train
    assert (train.epochs, train.stages) == (4, "1/5")
    assert store.run(1).status is Status.QUEUED


def test_somebody_else_who_was_faster_is_a_sentence(open_page: Open, store: RunStore, lease: Lease) -> None:
    lease.end(Status.PAUSED)
    app = open_page("train", run="1")
    actions.resume(store, 1)
    app.button(key="live_resume").click().run()
    assert not app.exception
    assert any("cannot be resumed" in error.value for error in app.error)
    app.run()
    assert not app.error


def test_the_settings_of_a_run_are_taken_over_and_undo_brings_the_others_back(open_page: Open, store: RunStore) -> None:
    submit(store, presets.get("compact-same").config("mnist-5k"))
    app = open_page("train", run="1", train_epochs="7")
    app.button(key="live_clone").click().run()
    assert not app.exception
    assert app.selectbox(key="train_preset").value == "compact-same"
    assert app.select_slider(key="train_epochs").value == 10
    assert app.query_params["train_preset"] == "compact-same"
    app.button(key="train_undo").click().run()
    assert app.selectbox(key="train_preset").value == "compact-valid"
    assert app.select_slider(key="train_epochs").value == 7


def test_edit_leads_to_the_form_with_the_run(open_page: Open, queued: Run) -> None:
    app = open_page("train", run="1")
    app.button(key="live_edit").click().run()
    assert app.query_params["edit"] == "1"


def test_a_run_of_another_program_can_be_paused_and_stopped(open_page: Open, store: RunStore) -> None:
    lease = make_external_run(
        store, [{"f1": 0.5}], params={"lr": 0.1, "opt": {"name": "lion"}}, layers=[{"name": "conv"}, {"units": 10}]
    )
    app = open_page("train", run="1")
    assert buttons(app) == {"live_pause", "live_stop"}
    assert "live_clone" not in {button.key for button in app.button}
    assert [expander.label for expander in app.expander][-2:] == ["Settings (2)", "Layers (2)"]
    tables = [frame.value.to_dict("records") for frame in app.dataframe]
    assert [{"Setting": "lr", "Value": "0.1"}, {"Setting": "opt.name", "Value": "lion"}] in tables
    assert [{"name": "conv", "units": "–"}, {"name": "–", "units": "10"}] in tables
    app.button(key="live_stop").click().run()
    assert store.run(1).request is Request.STOP
    for status in (Status.STOPPED, Status.INTERRUPTED, Status.FAILED, Status.FINISHED):
        with store.transaction() as connection:
            connection.execute(runs.update().values(status=status, request=None))
        assert buttons(open_page("train", run="1")) == set(), status
    assert lease.run.id == 1
