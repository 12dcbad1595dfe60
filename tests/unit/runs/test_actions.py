"""What a person asks of a run, in every status it may be in."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError, IllegalTransition
from cnn_dash.hyperparameters import override
from cnn_dash.runs import actions, trash
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, Run, TestResult
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import change, submit

RESULT = TestResult(0.99, 0.031, 3, 12.5, 3000.5, "ab" * 32, "result-0001")


def new(store: RunStore) -> int:
    return store.create(RunConfig(), parameters=10, multiply_adds=100).id


def queued(store: RunStore) -> list[int]:
    return [run.id for run in store.queue()]


def silent(store: RunStore) -> None:
    """Let the last sign of life of every worker be of long ago."""
    with store.transaction() as connection:
        connection.execute(runs.update().values(heartbeat_at=time.time() - 3600))


def in_status(lease: Lease, status: Status, *, trained: bool = True) -> Run:
    """The run of the lease, brought into a status."""
    store, run_id = lease.store, lease.run.id
    if trained:
        lease.record_checkpoint("a.npz")
    match status:
        case Status.RUNNING:
            pass
        case Status.INTERRUPTED:
            actions.give_up(store, store.run(run_id), "It is gone.", most_crashes=5)
        case Status.QUEUED:
            lease.end(Status.PAUSED)
            actions.resume(store, run_id)
        case Status.FINISHED | Status.STOPPED:
            lease.end(status, result=RESULT if trained else None)
        case _:
            lease.end(status)
    run = store.run(run_id)
    assert run.status is status
    return run


# ---- stop


def test_a_waiting_run_that_is_stopped_ends_at_once_and_is_never_claimed(store: RunStore, worker: Worker) -> None:
    run = actions.stop(store, new(store))
    assert run.status is Status.STOPPED
    assert run.message == actions.NOTHING_LEARNED
    assert run.ended_at is not None
    assert Lease.claim(store, worker) is None


def test_a_training_run_is_told_to_stop_and_goes_on_until_its_worker_ends_it(lease: Lease) -> None:
    assert lease.record_heartbeat() is None
    assert actions.stop(lease.store, lease.run.id).request is Request.STOP
    assert actions.stop(lease.store, lease.run.id).status is Status.RUNNING
    assert lease.record_heartbeat() is Request.STOP
    lease.end(Status.STOPPED)
    assert lease.store.run(lease.run.id).request is None


@pytest.mark.parametrize("status", [Status.FINISHED, Status.FAILED, Status.STOPPED])
def test_stopping_or_pausing_a_run_that_has_ended_changes_nothing(lease: Lease, status: Status) -> None:
    before = in_status(lease, status)
    assert actions.stop(lease.store, lease.run.id) == before == lease.store.run(lease.run.id)
    assert actions.pause(lease.store, lease.run.id) == before == lease.store.run(lease.run.id)


@pytest.mark.parametrize("status", [Status.PAUSED, Status.QUEUED, Status.INTERRUPTED])
def test_what_has_learned_something_goes_to_a_worker_to_be_tested_before_it_is_stopped(
    lease: Lease, worker: Worker, status: Status
) -> None:
    in_status(lease, status)
    asked = actions.stop(lease.store, lease.run.id)
    assert asked.status.waiting
    silent(lease.store)
    again = Lease.claim(lease.store, worker)
    assert again is not None
    assert (again.run.id, again.record_heartbeat()) == (lease.run.id, Request.STOP)


def test_a_paused_run_that_is_stopped_is_tested_before_those_that_wait(lease: Lease) -> None:
    other = new(lease.store)
    in_status(lease, Status.PAUSED)
    actions.stop(lease.store, lease.run.id)
    assert queued(lease.store) == [lease.run.id, other]


@pytest.mark.parametrize("status", [Status.PAUSED, Status.QUEUED, Status.INTERRUPTED])
def test_what_has_learned_nothing_is_stopped_at_once(lease: Lease, status: Status) -> None:
    in_status(lease, status, trained=False)
    assert actions.stop(lease.store, lease.run.id).status is Status.STOPPED


# ---- pause and resume


def test_a_training_run_is_told_to_pause(lease: Lease) -> None:
    assert actions.pause(lease.store, lease.run.id).status is Status.RUNNING
    assert lease.record_heartbeat() is Request.PAUSE
    lease.end(Status.PAUSED)
    assert lease.store.run(lease.run.id).status is Status.PAUSED


def test_a_stop_outdoes_a_pause_and_not_the_other_way_round(lease: Lease) -> None:
    actions.pause(lease.store, lease.run.id)
    assert actions.stop(lease.store, lease.run.id).request is Request.STOP
    assert actions.pause(lease.store, lease.run.id).request is Request.STOP


def test_a_pause_that_nobody_has_heard_yet_is_taken_back_by_resuming(lease: Lease) -> None:
    actions.pause(lease.store, lease.run.id)
    assert actions.resume(lease.store, lease.run.id).request is None
    assert lease.acknowledge_request() is None
    assert lease.store.run(lease.run.id).acknowledged_at is None, "there was nothing to hear"
    actions.pause(lease.store, lease.run.id)
    assert lease.acknowledge_request() is Request.PAUSE
    with pytest.raises(IllegalTransition, match="a run that is running"):
        actions.resume(lease.store, lease.run.id)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.INTERRUPTED])
def test_a_waiting_run_is_paused_at_once_and_resumed_at_the_end_of_the_queue(lease: Lease, status: Status) -> None:
    assert not lease.store.anything_waits()
    other = new(lease.store)
    assert lease.store.anything_waits()
    in_status(lease, status)
    assert actions.pause(lease.store, lease.run.id).status is Status.PAUSED
    assert queued(lease.store) == [other]
    resumed = actions.resume(lease.store, lease.run.id)
    assert resumed.checkpoint == "a.npz"
    assert queued(lease.store) == [other, lease.run.id]


@pytest.mark.parametrize("status", [Status.FINISHED, Status.FAILED, Status.QUEUED, Status.RUNNING, Status.INTERRUPTED])
def test_only_what_rests_can_be_resumed(lease: Lease, status: Status) -> None:
    before = in_status(lease, status)
    with pytest.raises(IllegalTransition, match=f"Received: a run that is {status}. Allowed: one that is paused"):
        actions.resume(lease.store, lease.run.id)
    assert lease.store.run(lease.run.id) == before


# ---- retry and train longer


def test_a_failed_run_is_tried_again_from_its_checkpoint(lease: Lease) -> None:
    in_status(lease, Status.FAILED)
    run = actions.retry(lease.store, lease.run.id)
    assert (run.status, run.message, run.checkpoint) == (Status.QUEUED, None, "a.npz")


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.FAILED])
def test_only_what_failed_can_be_tried_again(lease: Lease, status: Status) -> None:
    in_status(lease, status)
    with pytest.raises(IllegalTransition, match=f"Received: a run that is {status}. Allowed: one that failed"):
        actions.retry(lease.store, lease.run.id)


def test_a_finished_run_is_trained_longer_and_keeps_its_result_meanwhile(
    lease: Lease, record: Callable[[int], EpochMetrics]
) -> None:
    for epoch in (1, 2, 3):  # of 5: it stopped early
        lease.log_epoch(record(epoch))
    in_status(lease, Status.FINISHED)
    run = actions.train_longer(lease.store, lease.run.id, 4)
    assert (run.status, run.result) == (Status.QUEUED, RESULT)
    assert (run.recipe.train.epochs, run.recipe.train.plans) == (7, ((3, 5),))
    assert run.recipe.train.longer(7, 9).plans == ((3, 5), (7, 7))


@pytest.mark.parametrize("more", [0, 1000, -3])
def test_training_longer_goes_through_the_same_checks(
    lease: Lease, record: Callable[[int], EpochMetrics], more: int
) -> None:
    lease.log_epoch(record(1))
    before = in_status(lease, Status.FINISHED)
    with pytest.raises(ConfigError, match="epochs"):
        actions.train_longer(lease.store, lease.run.id, more)
    assert lease.store.run(lease.run.id) == before


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.FINISHED])
def test_only_what_finished_is_trained_longer(lease: Lease, status: Status) -> None:
    in_status(lease, status)
    with pytest.raises(IllegalTransition, match="Allowed: one that has finished"):
        actions.train_longer(lease.store, lease.run.id, 1)


# ---- the queue


@pytest.mark.parametrize(
    ("place", "order"),
    [("first", [3, 1, 2, 4]), ("up", [1, 3, 2, 4]), ("down", [1, 2, 4, 3]), ("last", [1, 2, 4, 3])],
)
def test_a_waiting_run_gets_another_place(store: RunStore, place: actions.Place, order: list[int]) -> None:
    for _ in range(4):
        new(store)
    actions.reorder(store, 3, place)
    assert queued(store) == order
    assert [*order, new(store)] == queued(store), "a new run comes last"


def test_places_beyond_the_ends_and_runs_that_do_not_wait_change_nothing(lease: Lease) -> None:
    store, first, second = lease.store, new(lease.store), new(lease.store)
    actions.reorder(store, first, "up")
    actions.reorder(store, second, "down")
    actions.reorder(store, lease.run.id, "first")
    assert queued(store) == [first, second]


def test_an_interrupted_run_keeps_its_place_and_is_given_away_when_its_worker_is_silent_for_long(
    lease: Lease, worker: Worker
) -> None:
    store = lease.store
    other = new(store)
    in_status(lease, Status.INTERRUPTED)
    assert queued(store) == [lease.run.id, other]
    claimed = Lease.claim(store, replace(worker, id="other"))
    assert claimed is not None
    assert claimed.run.id == other, "the heartbeat of the first one is too young"
    silent(store)
    claimed = Lease.claim(store, worker)
    assert claimed is not None
    assert (claimed.run.id, claimed.run.attempt, claimed.run.message) == (lease.run.id, 2, None)


def test_a_run_that_waits_for_the_first_time_can_be_changed(store: RunStore, worker: Worker) -> None:
    run = submit(store, RunConfig())
    config = override(run.recipe, {"train.epochs": 9, "model.blocks.0.filters": 7})
    changed = change(store, run.id, config)
    assert changed.config == config
    assert changed.parameters != run.parameters
    with pytest.raises(ConfigError):
        change(store, run.id, override(config, {"data.dataset": "nothing"}))
    Lease.claim(store, worker)
    with pytest.raises(IllegalTransition, match="can no longer be changed"):
        change(store, run.id, RunConfig())
    assert store.run(run.id).config == config


def test_what_has_been_trained_already_is_not_changed(lease: Lease) -> None:
    in_status(lease, Status.QUEUED)
    with pytest.raises(IllegalTransition, match="was never started"):
        change(lease.store, lease.run.id, RunConfig())


# ---- vanished workers


def test_a_vanished_worker_interrupts_the_run_once(lease: Lease) -> None:
    run = lease.store.run(lease.run.id)
    assert actions.give_up(lease.store, run, "It is gone.", most_crashes=5) is Status.INTERRUPTED
    assert actions.give_up(lease.store, run, "It is gone.", most_crashes=5) is None
    after = lease.store.run(run.id)
    assert (after.status, after.crashes) == (Status.INTERRUPTED, 1)
    assert after.message == "It is gone. It continues by itself from its last checkpoint."


def test_a_run_that_ended_or_whose_worker_spoke_meanwhile_is_not_interrupted(lease: Lease) -> None:
    run = lease.store.run(lease.run.id)
    lease.record_heartbeat()
    assert actions.give_up(lease.store, run, "It is gone.", most_crashes=5) is None
    run = lease.store.run(lease.run.id)
    lease.end(Status.FINISHED, result=RESULT)
    assert actions.give_up(lease.store, run, "It is gone.", most_crashes=5) is None
    assert lease.store.run(lease.run.id).status is Status.FINISHED


def test_a_worker_that_vanishes_instead_of_pausing_or_stopping_leaves_the_run_so(lease: Lease) -> None:
    actions.pause(lease.store, lease.run.id)
    run = lease.store.run(lease.run.id)
    assert actions.give_up(lease.store, run, "It is gone.", most_crashes=5) is Status.PAUSED
    assert lease.store.run(run.id).request is None


def test_an_untrained_run_whose_worker_vanishes_instead_of_stopping_is_stopped(lease: Lease) -> None:
    actions.stop(lease.store, lease.run.id)
    run = lease.store.run(lease.run.id)
    assert actions.give_up(lease.store, run, "It is gone.", most_crashes=5) is Status.STOPPED


# ---- what comes in between


def test_a_stop_that_comes_while_the_worker_pauses_is_not_lost(lease: Lease, worker: Worker) -> None:
    lease.record_checkpoint("a.npz")
    actions.pause(lease.store, lease.run.id)
    lease.acknowledge_request()
    actions.stop(lease.store, lease.run.id)
    lease.end(Status.PAUSED)
    run = lease.store.run(lease.run.id)
    assert (run.status, run.request) == (Status.QUEUED, Request.STOP)


def test_a_stop_that_waits_for_a_worker_is_not_undone_by_a_pause(lease: Lease) -> None:
    in_status(lease, Status.PAUSED)
    actions.stop(lease.store, lease.run.id)
    run = actions.pause(lease.store, lease.run.id)
    assert (run.status, run.request) == (Status.QUEUED, Request.STOP)


@pytest.mark.parametrize(
    ("status", "back"),
    [(Status.PAUSED, actions.resume), (Status.STOPPED, actions.resume), (Status.FAILED, actions.retry)],
)
def test_a_run_that_goes_on_is_out_of_the_bin(
    lease: Lease, worker: Worker, status: Status, back: Callable[[RunStore, int], Run]
) -> None:
    in_status(lease, status)
    trash.delete(lease.store, [lease.run.id])
    assert back(lease.store, lease.run.id).deleted_at is None
    assert Lease.claim(lease.store, worker) is not None


def test_a_run_in_the_bin_is_not_changed(store: RunStore) -> None:
    run = submit(store, RunConfig())
    trash.delete(store, [run.id])
    with pytest.raises(IllegalTransition):
        change(store, run.id, override(run.recipe, {"train.epochs": 9}))


def test_the_number_of_a_deleted_run_is_given_to_no_other_one(lease: Lease) -> None:
    store, run_id = lease.store, lease.run.id
    lease.end(Status.FAILED)
    trash.delete(store, [run_id])
    assert trash.empty_trash(store) == [run_id]
    assert new(store) == run_id + 1


def test_a_run_is_editable_as_its_row_says(lease: Lease, store: RunStore) -> None:
    """Of runs of every kind, the condition on rows finds those that `is_editable` names."""
    runs_of_all_kinds = [store.create(RunConfig(), parameters=1, multiply_adds=1).id for _ in range(3)]
    trash.delete(store, runs_of_all_kinds[:1])
    actions.pause(store, runs_of_all_kinds[1])
    lease.end(Status.PAUSED)
    actions.resume(store, lease.run.id)  # queued again, but trained in part
    everything = [store.run(run_id) for run_id in (lease.run.id, *runs_of_all_kinds)]
    with store.transaction() as connection:
        found = {row.id for row in connection.execute(sa.select(runs.c.id).where(actions.EDITABLE))}
    assert found == {run.id for run in everything if actions.is_editable(run)} == {runs_of_all_kinds[2]}


@pytest.mark.parametrize("ask", [actions.retry, actions.resume], ids=["retry", "resume"])
@pytest.mark.parametrize("there", [True, False], ids=["with the data", "without"])
def test_a_run_that_goes_on_looks_for_its_data_where_whoever_asks_has_them(
    lease: Lease, ask: Callable[[RunStore, int], Run], there: bool, tmp_path: Path
) -> None:
    in_status(lease, Status.FAILED if ask is actions.retry else Status.PAUSED)
    before = lease.store.run(lease.run.id)
    data_dir = str(tmp_path / "elsewhere")
    dataset = "mnist-5k" if there else "kmnist"  # the first is there with the program, the second nowhere
    config = override(before.recipe, {"data.dataset": dataset}).model_dump(mode="json")
    with lease.store.transaction() as connection:
        connection.execute(runs.update().values(config=config))
    elsewhere = RunStore(lease.store.settings.model_copy(update={"data_dir": Path(data_dir)}))
    assert ask(elsewhere, lease.run.id).data_dir == (data_dir if there else before.data_dir)
    elsewhere.close()
