"""`cnn_dash.run`: a loop of any library, recorded by hand."""

import threading
import time

import pytest

import cnn_dash
from cnn_dash.recording import manual
from cnn_dash.runs import actions
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore
from tests.waiting import PATIENCE_S


def test_steps_are_recorded_and_the_end_of_the_context_is_the_end(store: RunStore) -> None:
    with cnn_dash.run("torch", config={"lr": 0.3, "net": {"depth": 2}}, tags=["t"], notes="n") as run:
        for step in range(5):
            run.log({"loss": 1 / (1 + step), "val_loss": 0.5}, step=step)
    changes = store.changes(run.id or 0)
    found = changes.run
    assert (found.source, found.status, found.name, found.tags) == (Source.EXTERNAL, Status.FINISHED, "torch", ("t",))
    assert found.settings == {"lr": 0.3, "net.depth": 2}
    assert [(one.step, one.position) for one in changes.steps] == [(step, float(step)) for step in range(5)]
    assert (found.metrics["loss"].last, found.metrics["val_loss"].last) == (0.2, 0.5)


def test_epochs_are_recorded_beside_steps(store: RunStore) -> None:
    with cnn_dash.run(epochs=2, steps_per_epoch=2, monitor="val_f1") as run:
        for epoch in (1, 2):
            for batch in (1, 2):
                run.log({"loss": 0.5})
                assert batch
            run.log_epoch(epoch, {"loss": 0.4, "val_f1": epoch / 4})
    changes = store.changes(run.id or 0)
    assert [one.position for one in changes.steps] == [0, 0.5, 1, 1.5]
    assert [one.epoch for one in changes.epochs] == [1, 2]
    assert (changes.run.progress, changes.run.monitor, changes.run.epochs) == (1.0, "val_f1", 2)


def test_an_exception_ends_the_run_and_goes_on_its_way(store: RunStore) -> None:
    with pytest.raises(ZeroDivisionError), cnn_dash.run("broken") as run:
        run.log({"loss": 1 / 0})
    found = store.run(run.id or 0)
    assert (found.status, found.message) == (
        Status.FAILED, "Training was ended in epoch 1 by ZeroDivisionError: division by zero",
    )  # fmt: skip


def test_stop_is_told_and_pause_holds(store: RunStore) -> None:
    def person() -> None:
        until = time.monotonic() + PATIENCE_S
        while run.id is None and time.monotonic() < until:
            time.sleep(0.02)
        actions.pause(store, run.id or 0)
        while not store.run(run.id or 0).held and time.monotonic() < until:
            time.sleep(0.02)
        held.append(store.run(run.id or 0).held)
        actions.stop(store, run.id or 0)

    held: list[bool] = []
    with cnn_dash.run("loop") as run:
        threading.Thread(target=person).start()
        began = time.monotonic()
        while not run.stop_requested and time.monotonic() - began < 30:
            run.log({"loss": 1.0})
            time.sleep(0.01)
    found = store.run(run.id or 0)
    assert held == [True]
    assert (found.status, found.message) == (Status.STOPPED, "Stopped from CNN Dash.")


def test_what_is_no_number_is_left_out_with_one_word_about_it(
    store: RunStore, caplog: pytest.LogCaptureFixture
) -> None:
    with cnn_dash.run() as run:
        for step in range(3):
            run.log({"loss": 0.5, "name": "x", "": 1, "many": list(range(1000)), "nested": {"a": 1}}, step=step)
    assert set(store.changes(run.id or 0).epochs[-1].metrics) == {"loss", "a"}
    assert caplog.text.count("'name' is not recorded") == 1


def test_a_fast_loop_has_few_summaries(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manual, "SUMMARY_EVERY_S", 60.0)
    with cnn_dash.run() as run:
        for step in range(500):
            run.log({"loss": float(step)}, step=step)
    changes = store.changes(run.id or 0)
    assert (len(changes.steps), [one.epoch for one in changes.epochs]) == (500, [0, 499])


def test_nothing_else_is_found_in_the_package() -> None:
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = cnn_dash.runn


def test_what_cannot_be_recorded_does_not_end_the_loop(store: RunStore, caplog: pytest.LogCaptureFixture) -> None:
    with cnn_dash.run("odd") as run:
        run.log({"loss": 0.5}, step=0)
        run.log({"loss": 0.4}, epoch=float("nan"))
        run.log({"loss": 10**400}, step=2)
        run.log_epoch("one", {"loss": 0.3})  # type: ignore[arg-type]
        run.log({"loss": 0.25}, step=3)
    changes = store.changes(run.id or 0)
    assert changes.run.status is Status.FINISHED
    assert [one.metrics["loss"] for one in changes.steps if "loss" in one.metrics] == [0.5, 0.25]
    assert "could not record something" in caplog.text
