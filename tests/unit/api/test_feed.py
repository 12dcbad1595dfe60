"""The feed without HTTP, where a watcher can be as slow as we like."""

import asyncio
import itertools
import math
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from cnn_dash.api import feed as module
from cnn_dash.api.feed import MAX_STEPS, Message, RunFeed, _thinned
from cnn_dash.errors import RunNotFound, StoreError
from cnn_dash.runs import actions
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.strict_json import dumps
from tests.factories import epoch_metrics, make_external_run, step_metrics

POINT = step_metrics(1, 0.1, 2.3, 0.1, 0.001, 1000.0)
RECORD = epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, None, 0.001, 1.5, 3000.0)


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)


def steps(messages: list[Message]) -> list[int]:
    return [point["step"] for _, data in messages for point in (data or {}).get("steps", [])]


def test_a_slow_watcher_loses_nothing_that_was_recorded_while_it_took_a_message(lease: Lease) -> None:
    async def watch() -> list[Message]:
        received = []
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            async for message in messages:
                received.append(message)
                step = len(received)
                if step <= 5:  # recorded, and read by the reader, before the next message is asked for
                    lease.log_step(replace(POINT, step=step), epoch=0, batch=step)
                    await asyncio.sleep(0.3)
                elif step == 6:
                    lease.log_epoch(RECORD)
                    lease.end(Status.FINISHED)
                    await asyncio.sleep(0.3)
        return received

    received = asyncio.run(watch())
    assert steps(received) == [1, 2, 3, 4, 5]
    assert received[-1] == ("end", {"status": "finished"})
    assert received[-2][1] is not None
    assert received[-2][1]["run"]["status"] == "finished"
    assert [len((data or {}).get("epochs", [])) for _, data in received[-3:]] == [0, 1, 0]


def test_watchers_that_come_at_the_same_moment_share_a_reader(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = 0
    changes = lease.store.changes

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal reads
        reads += 1
        return changes(*args, **kwargs)

    monkeypatch.setattr(lease.store, "changes", counted)
    monkeypatch.setattr(module, "LOOK_EVERY_S", 3600)

    async def watch() -> list[str]:
        feed = RunFeed(lease.store)
        watchers = [feed.messages(1) for _ in range(20)]
        names = [name for name, _ in await asyncio.gather(*(anext(watcher) for watcher in watchers))]
        for watcher in watchers:
            await watcher.aclose()
        assert feed._readers == {}
        return names

    assert asyncio.run(watch()) == ["snapshot"] * 20
    assert reads == 1


def test_an_unknown_run_leaves_no_reader(store: RunStore) -> None:
    async def watch() -> None:
        feed = RunFeed(store)
        with pytest.raises(RunNotFound):
            await anext(feed.messages(7))
        assert feed._readers == {}

    asyncio.run(watch())


def test_the_reader_goes_when_the_last_watcher_leaves_and_no_earlier(lease: Lease) -> None:
    async def watch() -> None:
        feed = RunFeed(lease.store)
        one, other = feed.messages(1), feed.messages(1)
        await anext(one)
        await anext(other)
        await one.aclose()
        lease.log_step(POINT, epoch=0, batch=1)
        assert steps([await anext(other)]) == [1]
        before = asyncio.all_tasks()
        await other.aclose()
        await asyncio.sleep(0.05)
        assert feed._readers == {}
        assert len(asyncio.all_tasks()) == len(before) - 1

    asyncio.run(watch())


def test_a_store_in_trouble_is_asked_again(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = lease.store.changes
    troubles = [StoreError("locked")] * 3

    def troubled(*args: Any, **kwargs: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return changes(*args, **kwargs)

    async def watch() -> None:
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            await anext(messages)
            monkeypatch.setattr(lease.store, "changes", troubled)
            lease.log_step(POINT, epoch=0, batch=1)
            assert steps([await anext(messages)]) == [1]

    asyncio.run(watch())
    assert not troubles


def test_a_run_that_is_deleted_for_good_ends_its_streams_without_a_word_in_the_log(
    lease: Lease, caplog: pytest.LogCaptureFixture
) -> None:
    async def watch() -> list[str]:
        names = []
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            async for name, _ in messages:
                names.append(name)
                with lease.store.transaction() as connection:
                    connection.execute(runs.delete())
        return names

    assert asyncio.run(watch()) == ["snapshot"]
    assert caplog.records == []


def test_a_silent_run_gives_signs_of_life(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_ALIVE_S", 0.05)

    async def watch() -> list[Message]:
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            return [await anext(messages) for _ in range(3)]

    assert [(name, data is None) for name, data in asyncio.run(watch())] == [
        ("snapshot", False),
        ("alive", True),
        ("alive", True),
    ]


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1000, 1001, 12_345])
def test_thinning_keeps_the_last_point_and_the_order(count: int) -> None:
    points = [replace(POINT, step=step) for step in range(1, count + 1)]
    thin = _thinned(points)
    assert len(thin) <= MAX_STEPS
    assert thin == points if count <= MAX_STEPS else len(thin) > MAX_STEPS / 2
    assert thin[-1:] == points[-1:]
    kept = [point.step for point in thin]
    assert kept == sorted(kept)
    assert len({b - a for a, b in itertools.pairwise(kept[:-1])}) <= 1, "evenly"


def test_metrics_that_were_dropped_make_a_new_snapshot_for_each_watcher(lease: Lease) -> None:
    async def watch() -> list[tuple[str, list[int], list[int]]]:
        feed = RunFeed(lease.store)
        for step in range(1, 16):
            lease.log_step(replace(POINT, step=step), epoch=step // 10, batch=step % 10)
        lease.log_epoch(RECORD)
        one, other = feed.messages(1), feed.messages(1)
        await anext(one)
        await anext(other)
        lease.begin(train_images=640, batches=10, epoch=1, batch=2)  # back to a checkpoint within the second epoch
        seen = []
        for watcher in (one, other):
            name, data = await anext(watcher)
            assert data is not None
            seen.append((name, [p["step"] for p in data["steps"]], [e["epoch"] for e in data["epochs"]]))
            await watcher.aclose()
        return seen

    assert asyncio.run(watch()) == [("snapshot", list(range(1, 13)), [1])] * 2


def shown(messages: list[Message]) -> list[list[str] | None]:
    """The charts that each message brings, if it brings any."""
    return [
        None if data is None or data.get("shown") is None else [chart["name"] for chart in data["shown"]["charts"]]
        for _, data in messages
    ]


def test_resource_usage_reaches_the_watcher(lease: Lease) -> None:
    async def watch() -> Any:
        usage = {**POINT.metrics, "cpu": 0.93, "memory_bytes": 812_000_000}
        lease.log_step(replace(POINT, metrics=usage), epoch=0, batch=1)
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            return (await anext(messages))[1]

    metrics = asyncio.run(watch())["steps"][0]["metrics"]
    assert (metrics["cpu"], metrics.get("gpu"), metrics["memory_bytes"]) == (0.93, None, 812_000_000)


def test_charts_are_sent_first_and_when_there_are_metrics_that_were_not_known(lease: Lease) -> None:
    async def watch() -> list[Message]:
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            received = [await anext(messages)]
            for step, more in enumerate(({}, {"gpu": 0.5}, {"gpu": 0.6}, {"f1": 0.1}), start=1):
                lease.log_step(replace(POINT, step=step, metrics={**POINT.metrics, **more}), epoch=0, batch=step)
                received.append(await anext(messages))
            return received

    usual = ["loss", "accuracy", "auc", "learning_rate", "system/usage", "system/memory"]
    assert shown(asyncio.run(watch())) == [usual, None, usual, None, [*usual, "f1"]]


def test_a_value_that_is_not_finite_is_sent_once_and_not_taken_for_dropped(lease: Lease) -> None:
    async def watch() -> list[Message]:
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            received = [await anext(messages)]
            for step in (1, 2):
                lease.log_step(replace(POINT, step=step, metrics={"loss": math.nan}), epoch=0, batch=step)
                received.append(await anext(messages))
                await asyncio.sleep(0.1)
            return received

    received = asyncio.run(watch())
    assert [name for name, _ in received] == ["snapshot", "update", "update"]
    assert steps(received) == [1, 2]


def test_a_run_of_another_program_is_shown_as_it_records_and_its_silence_ends_the_stream(store: RunStore) -> None:
    lease = make_external_run(store, [{"f1": 0.5, "val_f1": math.nan}], planned_epochs=None)

    async def watch() -> list[Message]:
        received = []
        async with aclosing(RunFeed(store).messages(lease.run.id)) as messages:
            async for message in messages:
                received.append(message)
                if len(received) == 1:
                    lease.log_epoch(EpochMetrics(2, {"f1": 0.6, "val_mae": 2.0}))
                elif len(received) == 2:
                    actions.give_up(store, store.run(lease.run.id), "It is gone.", most_crashes=5)
        return received

    first, second, third, end = asyncio.run(watch())
    assert shown([first, second, third]) == [["f1"], ["f1", "mae"], None]
    assert first[1] is not None
    assert third[1] is not None
    assert (first[1]["run"]["source"], first[1]["run"]["active"], first[1]["run"]["epochs"]) == ("external", True, None)
    assert first[1]["epochs"][0]["metrics"]["f1"] == 0.5
    assert '"val_f1": "NaN"' in dumps(first[1])
    assert (third[1]["run"]["status"], third[1]["run"]["active"]) == ("interrupted", False)
    assert end == ("end", {"status": "interrupted"})


def test_what_was_asked_is_said_in_the_words_of_the_pages(lease: Lease) -> None:
    async def watch() -> Any:
        actions.pause(lease.store, 1)
        async with aclosing(RunFeed(lease.store).messages(1)) as messages:
            return (await anext(messages))[1]

    assert asyncio.run(watch())["run"]["asked"] == "pausing…"


def test_a_run_that_records_every_batch_is_remembered_in_part_and_told_whole_to_who_watches(
    lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_STEPS", 10)
    monkeypatch.setattr(module, "_MOST_KEPT", 20)
    feed = RunFeed(lease.store)

    async def watch() -> tuple[list[Message], list[Message], int]:
        received, late = [], []
        async with aclosing(feed.messages(1)) as messages:
            async for message in messages:
                received.append(message)
                if (count := len(received)) <= 30:
                    for step in (3 * count - 2, 3 * count - 1, 3 * count):
                        lease.log_step(replace(POINT, step=step), epoch=0, batch=step)
                else:
                    break
            kept = len(feed._readers[1]._steps)
            async with aclosing(feed.messages(1)) as others:
                late.append(await anext(others))
        return received, late, kept

    received, late, kept = asyncio.run(watch())
    assert steps(received) == list(range(1, 91))
    assert kept <= 20
    assert len(steps(late)) <= 10
    assert steps(late)[-1] == 90
    gaps = [after - before for before, after in itertools.pairwise(steps(late))]
    assert max(gaps) <= 2 * 90 / 10
