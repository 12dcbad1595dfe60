"""Names, tags, the bin, the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError, IllegalTransition, RunNotFound
from cnn_dash.runs import annotations, disk, trash
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings
from tests.factories import epoch_metrics, run_dir


def new(store: RunStore) -> int:
    return store.create(RunConfig(), parameters=10, multiply_adds=100).id


def with_files(settings: Settings, run_id: int, kib: int) -> Path:
    folder = RunFolder.of(settings, run_id)
    folder.checkpoint("a.npz").put(lambda file: file.write_bytes(b"x" * 1024 * kib))
    folder.log.append(b"log")
    return run_dir(settings, run_id)


def test_what_a_person_adds_is_kept_and_the_rest_left_as_it_is(store: RunStore) -> None:
    run_id = new(store)
    annotations.annotate(store, run_id, title="  the \n best ", tags=["a b", "c,d", "a b", " "], notes=" see *this* \n")
    run = annotations.annotate(store, run_id, favourite=True)
    assert (run.name, run.tags, run.notes, run.favourite) == ("the best", ("a b", "c d"), "see *this*", True)
    assert annotations.annotate(store, run_id, title="").name == "own network on mnist-5k"


@pytest.mark.parametrize(
    "values",
    [{"title": "x" * 121}, {"notes": "x" * 10_001}, {"tags": ["x" * 41]}, {"tags": [str(i) for i in range(21)]}],
)
def test_what_is_too_long_is_refused_and_changes_nothing(store: RunStore, values: dict[str, object]) -> None:
    run_id = new(store)
    before = store.run(run_id)
    with pytest.raises(ConfigError, match="Received"):
        annotations.annotate(store, run_id, **values)  # type: ignore[arg-type]
    assert store.run(run_id) == before


UNSEEN = "\u202e\u2066\u200b\x00\x1b\ud800"


def test_characters_that_nobody_sees_do_not_get_into_a_name_a_note_or_a_tag(store: RunStore) -> None:
    run_id = new(store)
    run = annotations.annotate(
        store, run_id, title=f"be{UNSEEN}st", notes=f"98.72 %{UNSEEN}\n\tline", tags=[f"a{UNSEEN}b", UNSEEN]
    )
    assert (run.name, run.notes, run.tags) == ("best", "98.72 %\n\tline", ("ab",))
    with store.transaction() as connection:
        row = connection.execute(sa.select(runs.c.title, runs.c.notes, runs.c.tags)).one()
    assert tuple(row) == ("best", "98.72 %\n\tline", '["ab"]')
    assert annotations.annotate(store, run_id, title=UNSEEN).title is None


def test_those_that_an_older_version_let_in_are_not_read(store: RunStore) -> None:
    run_id = new(store)
    old = {"title": "be\u202est", "notes": "a\u2028b\u202e", "tags": '["a\u200bb"]'}
    with store.transaction() as connection:
        connection.execute(runs.update().values(old))
    run = store.run(run_id)
    assert (run.name, run.notes, run.tags) == ("best", "a\nb", ("ab",))


def test_a_deleted_run_is_out_of_sight_until_it_is_restored(store: RunStore, worker: Worker) -> None:
    first, second = new(store), new(store)
    trash.delete(store, [first])
    assert [run.id for run in store.runs()] == [second]
    assert [run.id for run in store.queue()] == [second]
    assert [run.id for run in store.deleted()] == [first]
    trash.restore(store, [first])
    assert [run.id for run in store.queue()] == [first, second]
    assert store.deleted() == []


def test_a_run_that_waits_in_the_bin_is_not_trained(store: RunStore, worker: Worker) -> None:
    trash.delete(store, [new(store)])
    assert Lease.claim(store, worker) is None


def test_a_run_in_training_is_not_deleted_nor_are_those_beside_it(lease: Lease) -> None:
    other = new(lease.store)
    with pytest.raises(IllegalTransition, match="cannot be deleted while it is running"):
        trash.delete(lease.store, [other, lease.run.id])
    assert lease.store.deleted() == []


def test_emptying_the_bin_deletes_figures_and_files_for_good(lease: Lease, settings: Settings) -> None:
    store = lease.store
    lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, None, 0.001, 1.0, 3000.0))
    lease.end(Status.FINISHED)
    folder = with_files(settings, lease.run.id, 1)
    kept = with_files(settings, new(store), 1)
    trash.delete(store, [lease.run.id])
    assert trash.empty_trash(store, older_than_s=3600) == []
    assert (folder / "log.txt").exists()
    assert trash.empty_trash(store) == [lease.run.id]
    assert not folder.exists()
    assert (kept / "log.txt").exists()
    with pytest.raises(RunNotFound):
        store.run(lease.run.id)
    assert store.epochs_of([lease.run.id]) == {lease.run.id: []}


def test_freeing_takes_the_checkpoints_of_ended_runs_alone(lease: Lease, settings: Settings) -> None:
    store, waiting = lease.store, new(lease.store)
    lease.record_checkpoint("a.npz")
    lease.end(Status.FINISHED)
    ended, kept = with_files(settings, lease.run.id, 3), with_files(settings, waiting, 3)
    assert disk.free_checkpoints(store, [lease.run.id, waiting]) == 3 * 1024
    assert store.run(lease.run.id).checkpoint is None
    assert not list((ended / "checkpoints").iterdir())
    assert (ended / "log.txt").exists()
    assert (kept / "checkpoints" / "a.npz").exists()


def test_freeing_leaves_what_a_run_writes_that_was_resumed_meanwhile(
    lease: Lease, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = lease.store
    lease.record_checkpoint("a.npz")
    lease.end(Status.STOPPED)
    folder = with_files(settings, lease.run.id, 3)
    transaction = store.transaction

    @contextmanager
    def slow_to_begin() -> Iterator[sa.Connection]:
        with transaction() as connection:
            yield connection
        (folder / "checkpoints" / "b.npz").write_bytes(b"0")

    monkeypatch.setattr(store, "transaction", slow_to_begin)
    assert disk.free_checkpoints(store, [lease.run.id]) == 3 * 1024
    assert [file.name for file in (folder / "checkpoints").iterdir()] == ["b.npz"]


def test_the_disk_use_of_the_store_is_that_of_all_it_writes(lease: Lease, settings: Settings) -> None:
    store = lease.store
    with_files(settings, lease.run.id, 3)
    settings.worker_log.write_bytes(b"0" * 50)
    use = disk.disk_use(store)
    assert (use.runs, use.log) == (3 * 1024 + 3, 50)
    assert use.total == use.runs + use.database + use.log
    if not settings.database_url:
        copy = settings.home / "cnn-dash.db.before-0002"
        copy.write_bytes(b"0" * 700)
        files = [settings.home / f"cnn-dash.db{end}" for end in ("", "-wal", "-shm")]
        assert disk.disk_use(store).database == 700 + sum(file.stat().st_size for file in files)
    else:
        assert use.database > 1_000_000  # an empty one already has its catalogue


def test_the_size_of_a_folder_counts_all_below_it(settings: Settings) -> None:
    with_files(settings, 1, 2)
    assert RunFolder.of(settings, 1).size_bytes() == 2 * 1024 + 3
    assert RunFolder.of(settings, 1).checkpoint_bytes() == 2 * 1024
    assert RunFolder.of(settings, 2).size_bytes() == 0


def test_a_run_of_another_version_can_be_deleted_for_good(store: RunStore) -> None:
    run_id = new(store)
    with store.transaction() as connection:
        connection.execute(runs.update().where(runs.c.id == run_id).values(config={"train": {"unheard_of": 1}}))
    trash.delete(store, [run_id])
    assert trash.empty_trash(store) == [run_id]
