"""The stream of a run over a live HTTP server, read as a browser reads it."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import requests

from cnn_dash.runs import actions
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, StepMetrics, TestResult
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from tests.factories import epoch_metrics, step_metrics
from tests.waiting import PATIENCE_S

Event = tuple[str, dict[str, Any]]


def watch(server: str, run_id: int = 1) -> requests.Response:
    return requests.get(f"{server}/api/runs/{run_id}/events", stream=True, timeout=30)


def events(response: requests.Response) -> Iterator[Event]:
    name = ""
    for line in response.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def point(step: int) -> StepMetrics:
    return step_metrics(step, step / 10, 1 / step, 0.5, 0.001, 1000.0)


def record(epoch: int) -> EpochMetrics:
    return epoch_metrics(epoch, 0.5, 0.8, 0.4, 0.9, None, 0.001, 1.5, 3000.0)


def train(lease: Lease, first: int, last: int, pause_s: float = 0.01) -> None:
    """Record these steps, ten to an epoch."""
    for step in range(first, last + 1):
        lease.log_step(point(step), epoch=(step - 1) // 10, batch=(step - 1) % 10 + 1)
        if step % 10 == 0:
            lease.log_epoch(record(step // 10))
        time.sleep(pause_s)


def test_a_watcher_gets_all_of_it_in_order_and_the_end(server: str, lease: Lease) -> None:
    train(lease, 1, 15, pause_s=0)

    def go_on() -> None:
        train(lease, 16, 100)
        lease.end(Status.FINISHED, result=TestResult(0.98, 0.1, 3, 10.0, 1000.0, "x", "result-0001"))

    with watch(server) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        stream = events(response)
        received = [next(stream)]
        trainer = threading.Thread(target=go_on)
        trainer.start()
        received += stream
        trainer.join()
    names = [name for name, _ in received]
    assert names == ["snapshot", *["update"] * (len(names) - 2), "end"]
    assert len(names) > 4
    snapshot = received[0][1]
    assert [p["step"] for p in snapshot["steps"]] == list(range(1, 16))
    assert [e["epoch"] for e in snapshot["epochs"]] == [1]
    assert [p["step"] for _, data in received[:-1] for p in data["steps"]] == list(range(1, 101))
    assert [e["epoch"] for _, data in received[:-1] for e in data["epochs"]] == list(range(1, 11))
    assert received[-2][1]["run"]["status"] == "finished"
    assert received[-2][1]["run"]["test_accuracy"] == 0.98
    assert received[-1][1] == {"status": "finished"}


def test_a_run_that_has_ended_is_a_snapshot_and_the_end(server: str, lease: Lease) -> None:
    train(lease, 1, 10, pause_s=0)
    lease.end(Status.FAILED, message="The disk is full.")
    with watch(server) as response:
        received = list(events(response))
    assert [name for name, _ in received] == ["snapshot", "end"]
    assert received[0][1]["run"]["message"] == "The disk is full."
    assert len(received[0][1]["steps"]) == 10


def test_an_unknown_run_is_no_stream(server: str, lease: Lease) -> None:
    with watch(server, 7) as response:
        assert response.status_code == 404
        assert "no such run" in response.json()["error"]


def test_what_is_asked_and_what_the_worker_says_reach_the_watcher(server: str, lease: Lease) -> None:
    with watch(server) as response:
        stream = events(response)
        assert next(stream)[1]["run"]["request"] is None
        lease.set_message("Downloading.")
        assert next(stream)[1]["run"]["message"] == "Downloading."
        actions.pause(lease.store, 1)
        assert next(stream)[1]["run"]["request"] == "pause"
        actions.stop(lease.store, 1)
        assert next(stream)[1]["run"]["request"] == "stop"


def test_a_run_that_rests_ends_the_stream_and_a_new_one_tells_of_it(server: str, lease: Lease) -> None:
    train(lease, 1, 12, pause_s=0)
    with watch(server) as response:
        stream = events(response)
        next(stream)
        lease.end(Status.PAUSED)
        received = list(stream)
    assert received[-1] == ("end", {"status": "paused"})
    with watch(server) as response:  # somebody who comes while it rests
        received = list(events(response))
    assert [name for name, _ in received] == ["snapshot", "end"]
    assert received[0][1]["run"]["status"] == "paused"
    assert len(received[0][1]["steps"]) == 12


def test_a_run_whose_worker_vanishes_goes_on_in_the_same_stream_without_gap_or_double(
    server: str, lease: Lease
) -> None:
    train(lease, 1, 25, pause_s=0)
    with watch(server) as response:
        stream = events(response)
        assert next(stream)[0] == "snapshot"
        actions.give_up(lease.store, lease.store.run(1), "Its worker is gone.", most_crashes=5)
        name, data = next(stream)
        assert (name, data["run"]["status"]) == ("update", "interrupted")
        again = _claimed_again(lease.store)
        again.begin(train_images=640, batches=10, epoch=2, batch=0)  # from the checkpoint after the second epoch
        received = [next(stream)]
        while received[-1][0] != "snapshot":
            received.append(next(stream))
        train(again, 21, 40, pause_s=0)
        again.end(Status.FINISHED)
        drawn = [received[-1]]
        received = list(stream)
        drawn += received[:-1]
    assert [p["step"] for _, data in drawn for p in data["steps"]] == list(range(1, 41))
    assert [e["epoch"] for _, data in drawn for e in data["epochs"]] == [1, 2, 3, 4]
    assert received[-1] == ("end", {"status": "finished"})


def _claimed_again(store: RunStore) -> Lease:
    """The interrupted run, given to another worker at once instead of after `takeover_s`."""
    with store.transaction() as connection:
        connection.execute(runs.update().values(heartbeat_at=0.0))
    lease = Lease.claim(store, Worker("another", 2, "here"))
    assert lease is not None
    return lease


def test_many_watchers_cost_one_reader_and_all_see_the_same(server: str, lease: Lease, monkeypatch: Any) -> None:
    reads: list[float] = []
    changes = RunStore.changes

    def counted(self: RunStore, *args: Any, **kwargs: Any) -> Any:
        reads.append(time.monotonic())
        return changes(self, *args, **kwargs)

    monkeypatch.setattr(RunStore, "changes", counted)
    received: list[list[int]] = []

    def look() -> None:
        with watch(server) as response:
            steps = [p["step"] for name, data in events(response) if name != "end" for p in data["steps"]]
        received.append(steps)

    watchers = [threading.Thread(target=look) for _ in range(12)]
    for watcher in watchers:
        watcher.start()
    began = time.monotonic()
    train(lease, 1, 100, pause_s=0.02)
    lease.end(Status.FINISHED)
    for watcher in watchers:
        watcher.join()
    assert received == [list(range(1, 101))] * 12
    # A reader looks every 0.15 s; a few more for watchers that came when the run had ended.
    assert len(reads) <= (time.monotonic() - began) / 0.15 + 5


def test_nobody_reads_for_a_watcher_that_has_left(server: str, lease: Lease, monkeypatch: Any) -> None:
    with watch(server) as response:
        next(events(response))
    reads: list[float] = []
    changes = RunStore.changes

    def counted(self: RunStore, *args: Any, **kwargs: Any) -> Any:
        reads.append(time.monotonic())
        return changes(self, *args, **kwargs)

    monkeypatch.setattr(RunStore, "changes", counted)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        reads.clear()
        time.sleep(1.0)  # several looks of a reader
        if not reads:
            return
    raise AssertionError("the store is still read although nobody watches")
