"""Runs that another program trains and records: kept as they were told, and never handed to our workers."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnn_dash.config import RunConfig
from cnn_dash.errors import IllegalTransition
from cnn_dash.runs import actions, trash
from cnn_dash.runs.activity import progress_text, take_snapshot
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.external import Kept, record_result, reopen
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochMetrics, Run, StepMetrics
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Request, Source, Status
from cnn_dash.runs.store import TESTED, RunStore, Worker
from tests.factories import make_external_run

LAYERS = [{"name": "conv", "output_shape": [26, 26, 8], "parameters": 80}, {"name": "dense", "activation": None}]


def test_it_comes_back_as_it_was_told(store: RunStore) -> None:
    run = make_external_run(store, params={"lr": 0.1, "dataset": "mine", "opt": {"b": [1, 2]}}, layers=LAYERS).run
    assert run == store.run(run.id)
    assert (run.source, run.status, run.config, run.name) == (Source.EXTERNAL, Status.RUNNING, None, "their run")
    assert run.settings == {"lr": 0.1, "dataset": "mine", "opt.b": [1, 2]}
    assert (run.layers, run.dataset, run.epochs, run.parameters) == (tuple(LAYERS), "mine", None, None)
    assert (run.active, run.waiting) == (True, False)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (math.nan, "NaN"), (-math.inf, "-Infinity"), (np.float32(0.5), 0.5), (RunConfig, str(RunConfig)),
        ((1, 2), [1, 2]), (None, None), ("ü\0\ud800\u202e", "ü"),
        ({"deep": {"er": math.inf}}, {"deep": {"er": "Infinity"}}),
    ],
)  # fmt: skip
def test_what_json_cannot_carry_is_kept_as_text(store: RunStore, told: Any, kept: Any) -> None:
    assert make_external_run(store, params={"value": told}).run.params == {"value": kept}


def test_params_and_layers_keep_their_order(store: RunStore) -> None:
    params = {"zeta": 1, "a": {"long name": 1, "b": 2}, "lr": 0.1, "": 0, "batch": 2}
    layers = [{"output_shape": [8], "name": "conv", "kind": "Conv2D"}]
    run = store.run(make_external_run(store, params=params, layers=layers).run.id)
    assert list(run.settings) == ["zeta", "a.long name", "a.b", "lr", "", "batch"]
    assert list(run.layers[0]) == ["output_shape", "name", "kind"]


def test_it_records_through_its_lease_like_one_of_ours(store: RunStore) -> None:
    lease = make_external_run(store, planned_epochs=4)
    lease.begin(train_images=None, batches=None)
    lease.log_step(StepMetrics(10, 0.5, {"loss": 0.9}), epoch=0, batch=10)
    lease.log_epoch(EpochMetrics(1, {"f1": math.nan, "val_f1": 0.5}))
    lease.log_epoch(EpochMetrics(2, {"f1": 0.75, "val_f1": 0.25}, 3.5))
    run = store.run(lease.run.id)
    assert (run.epoch, run.progress, run.metrics["f1"].best_epoch, run.metrics["val_f1"].best) == (2, 0.5, 2, 0.5)
    assert lease.record_heartbeat() is None
    lease.end(Status.FINISHED, message="Done.")
    assert store.run(lease.run.id).status is Status.FINISHED


def silent(store: RunStore) -> None:
    with store.transaction() as connection:
        connection.execute(runs.update().values(heartbeat_at=0.0))


def test_one_that_fell_silent_is_interrupted_and_never_claimed(store: RunStore, worker: Worker) -> None:
    lease = make_external_run(store, [{"f1": 0.5}])
    for _ in range(7):  # however often
        with store.transaction() as connection:
            connection.execute(runs.update().values(status=Status.RUNNING, crashes=6))
        after = actions.give_up(store, store.run(lease.run.id), "It is gone.", most_crashes=5)
        assert after is Status.INTERRUPTED
    run = store.run(lease.run.id)
    assert run.message == "It is gone. What it has recorded is kept."
    assert (run.active, run.waiting) == (False, False)
    silent(store)
    assert store.queue() == []
    assert not store.anything_waits()
    assert Lease.claim(store, worker) is None
    assert store.run(run.id).status is Status.INTERRUPTED


def interrupted(store: RunStore) -> Lease:
    lease = make_external_run(store, [{"f1": 0.5}])
    after = actions.give_up(store, store.run(lease.run.id), "It is silent.", most_crashes=5)
    assert after is Status.INTERRUPTED
    return lease


def test_one_that_was_taken_for_dead_goes_on_when_its_program_records_again(store: RunStore) -> None:
    lease = interrupted(store)
    assert store.run(lease.run.id).ended_at is not None
    lease.log_epoch(EpochMetrics(2, {"f1": 0.6}))
    run = store.run(lease.run.id)
    assert (run.status, run.message, run.epoch, run.attempt) == (Status.RUNNING, None, 2, 1)
    assert run.ended_at is None
    assert [epoch.epoch for epoch in store.epochs(run.id)] == [1, 2]
    lease.set_message("Evaluating.")
    assert lease.record_heartbeat() is None
    assert store.run(run.id).message == "Evaluating."


def test_one_that_was_taken_for_dead_can_end_itself(store: RunStore) -> None:
    lease = interrupted(store)
    lease.end(Status.FINISHED)
    assert store.run(lease.run.id).status is Status.FINISHED


@pytest.mark.parametrize("decide", [actions.stop, lambda store, run_id: trash.delete(store, [run_id])])
def test_one_that_was_stopped_or_deleted_meanwhile_does_not_go_on(
    store: RunStore, decide: Callable[[RunStore, int], object]
) -> None:
    lease = interrupted(store)
    decide(store, lease.run.id)
    before = store.run(lease.run.id)
    for write in (lease.record_heartbeat, lambda: lease.log_epoch(EpochMetrics(2, {"f1": 0.6}))):
        with pytest.raises(LeaseLost):
            write()
    assert store.run(lease.run.id) == before


def test_another_program_cannot_record_into_one_that_was_interrupted(store: RunStore) -> None:
    lease = interrupted(store)
    with pytest.raises(LeaseLost):
        Lease(store, replace(lease.run, worker_id="another")).record_heartbeat()
    assert store.run(lease.run.id).status is Status.INTERRUPTED


def test_one_in_front_of_the_queue_does_not_hold_up_ours(store: RunStore, worker: Worker) -> None:
    theirs = make_external_run(store)
    ours = store.create(RunConfig(), parameters=1, multiply_adds=1)
    actions.give_up(store, store.run(theirs.run.id), "It is gone.", most_crashes=5)
    silent(store)
    lease = Lease.claim(store, worker)
    assert lease is not None
    assert lease.run.id == ours.id


REFUSED: dict[str, tuple[Status, Callable[[RunStore, int], object]]] = {
    "pause interrupted": (Status.INTERRUPTED, actions.pause),
    "resume": (Status.STOPPED, actions.resume),
    "resume interrupted": (Status.INTERRUPTED, actions.resume),
    "retry": (Status.FAILED, actions.retry),
    "longer": (Status.FINISHED, lambda store, run_id: actions.train_longer(store, run_id, 3)),
    "edit": (
        Status.RUNNING,
        lambda store, run_id: actions.edit(store, run_id, RunConfig(), parameters=1, multiply_adds=1),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_only_a_run_of_ours_can_do_is_refused_with_a_sentence(store: RunStore, name: str) -> None:
    status, action = REFUSED[name]
    lease = make_external_run(store)
    with store.transaction() as connection:
        connection.execute(runs.update().values(status=status))
    with pytest.raises(IllegalTransition, match=r"recorded by another program\. Received: .*Allowed: .*where it came"):
        action(store, lease.run.id)
    assert store.run(lease.run.id).status is status


def test_a_stop_is_told_to_its_program_and_one_that_is_gone_is_stopped(store: RunStore) -> None:
    lease = make_external_run(store, [{"f1": 0.5}])
    assert actions.stop(store, lease.run.id).request is Request.STOP
    assert lease.record_heartbeat() is Request.STOP
    lease.end(Status.STOPPED)
    other = make_external_run(store, [{"f1": 0.5}])
    actions.give_up(store, store.run(other.run.id), "It is gone.", most_crashes=5)
    stopped = actions.stop(store, other.run.id)
    assert (stopped.status, stopped.message) == (Status.STOPPED, None)


def test_it_is_annotated_deleted_and_restored_like_one_of_ours(store: RunStore) -> None:
    run = make_external_run(store, [{"f1": 0.5}]).run
    assert annotate(store, run.id, title="Theirs", tags=["f1"]).name == "Theirs"
    silent(store)
    actions.give_up(store, store.run(run.id), "It is gone.", most_crashes=5)
    trash.delete(store, [run.id])
    trash.restore(store, [run.id])
    trash.delete(store, [run.id])
    assert trash.empty_trash(store) == [run.id]


@pytest.mark.parametrize(("planned", "text"), [(None, "epoch 2"), (4, "epoch 2 of 4 · 25 %")])
def test_its_progress_is_said_as_far_as_it_is_known(store: RunStore, planned: int | None, text: str) -> None:
    lease = make_external_run(store, [{"f1": 0.5}], planned_epochs=planned)
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    snapshot = take_snapshot(store)
    assert [run.id for run in snapshot.running] == [lease.run.id]
    assert progress_text(snapshot.running[0]) == text
    assert isinstance(store.run(lease.run.id), Run)


def test_it_has_a_network_if_it_left_one_and_predictions_if_it_was_tested(store: RunStore) -> None:
    trained, tested = make_external_run(store), make_external_run(store)
    record_result(trained, Kept("result-0001", 3, 30, 5.0, weights_sha256="0" * 64))
    record_result(tested, Kept("result-0001", 3, 30, 5.0, accuracy=0.99, loss=0.03))
    runs_now = store.run(trained.run.id), store.run(tested.run.id)
    assert [(run.has_network, run.has_predictions) for run in runs_now] == [(True, False), (False, True)]
    assert [run.id for run in store.trained_runs(5)] == [trained.run.id]
    assert [run.id for run in store.select(TESTED)] == [tested.run.id]


def test_a_step_and_an_epoch_0_are_read_too(store: RunStore) -> None:
    lease = make_external_run(store)
    lease.log_step(StepMetrics(0, 0.0, {"loss": 1.0}), epoch=0, batch=0)
    lease.log_epoch(EpochMetrics(0, {"loss": 1.0}))
    changes = store.changes(lease.run.id)
    assert ([one.step for one in changes.steps], [one.epoch for one in changes.epochs]) == ([0], [0])


def test_its_program_holds_on_until_it_may_go_on(store: RunStore) -> None:
    lease = make_external_run(store, [{"f1": 0.5}])
    assert actions.pause(store, lease.run.id).request_text == "pausing…"
    assert lease.acknowledge_request() is Request.PAUSE
    held = store.run(lease.run.id)
    assert (held.held, held.status, held.request_text) == (True, Status.RUNNING, "paused")
    assert progress_text(held) == "paused · epoch 2"
    assert actions.resume(store, lease.run.id).request is None
    assert lease.record_heartbeat() is None
    actions.pause(store, lease.run.id)
    lease.acknowledge_request()
    assert actions.stop(store, lease.run.id).request_text == "stopping…"


def test_one_that_holds_on_and_falls_silent_is_interrupted(store: RunStore) -> None:
    lease = make_external_run(store)
    actions.pause(store, lease.run.id)
    lease.acknowledge_request()
    after = actions.give_up(store, store.run(lease.run.id), "It is gone.", most_crashes=5)
    assert after is Status.INTERRUPTED
    assert lease.record_heartbeat() is Request.PAUSE  # a laptop that slept: it still holds on


def test_it_is_recorded_again_from_another_process(store: RunStore) -> None:
    first = make_external_run(store, [{"f1": 0.5}])
    first.end(Status.FINISHED)
    second = reopen(store, first.run.id, Worker("again", 7, "elsewhere"))
    assert (second.run.status, second.run.epoch, second.run.ended_at) == (Status.RUNNING, 1, None)
    with pytest.raises(LeaseLost):
        first.record_heartbeat()
    with pytest.raises(IllegalTransition, match=r"being recorded by another program\. Received: .*Allowed: .*End that"):
        reopen(store, first.run.id, Worker("third", 8, "elsewhere"))
    silent(store)
    assert reopen(store, first.run.id, Worker("third", 8, "elsewhere")).run.attempt == 3


def test_a_run_of_ours_is_not_recorded_by_another_program(store: RunStore, worker: Worker) -> None:
    ours = store.create(RunConfig(), parameters=1, multiply_adds=1)
    with pytest.raises(IllegalTransition, match="trains itself"):
        reopen(store, ours.id, worker)


def test_a_name_of_another_program_is_kept_in_one_visible_line(store: RunStore) -> None:
    run = store.record_external(Worker("theirs", 1, "there"), title="a\u202eb\n" + "x" * 300)
    assert run.name == f"ab {'x' * 117}"


def test_steps_after_an_epoch_are_dropped_although_its_length_is_not_known(store: RunStore) -> None:
    lease = make_external_run(store)
    for step, position in ((5, 0.5), (10, 1.0), (15, 1.5)):
        lease.log_step(StepMetrics(step, position, {"loss": 1.0}), epoch=0, batch=step)
    lease.begin(train_images=None, batches=None, epoch=1)
    assert [one.step for one in store.changes(lease.run.id).steps] == [5, 10]
