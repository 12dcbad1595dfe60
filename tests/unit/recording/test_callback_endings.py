"""How a `fit` ends, and that nothing that CNN Dash meets ends it."""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import pytest
import sqlalchemy as sa

from cnn_dash.callbacks import DashCallback
from cnn_dash.errors import ConfigError, IllegalTransition, StoreError
from cnn_dash.recording import ending, fit_recorder, writer
from cnn_dash.recording.results import Result
from cnn_dash.recording.target import RunTarget, Told
from cnn_dash.runs import actions, annotations, trash
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import Changes, RunStore, Worker
from cnn_dash.settings import Settings
from cnn_dash.workers.liveness import Liveness
from tests.unit.recording.conftest import net
from tests.waiting import PATIENCE_S, comes_true

Fit = Callable[..., keras.Model]
Recorded = Callable[..., Changes]
REPOSITORY = Path(__file__).parents[3]


class InEpoch(keras.callbacks.Callback):
    """Does something in the second epoch, before its second batch."""

    def __init__(self, what: Callable[["InEpoch"], object]) -> None:
        super().__init__()
        self.what = what
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch = epoch

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if (self.epoch, batch) == (1, 1):
            self.what(self)


def fail(_: object) -> None:
    raise ValueError("the data\nare bad")


def test_a_fit_that_ends_by_itself_has_finished(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback()
    fit(callback)
    run = recorded(callback).run
    assert (run.status, run.message, run.active) == (Status.FINISHED, None, False)


def test_stop_training_is_said(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback()
    fit(callback, callbacks=[InEpoch(lambda one: setattr(one.model, "stop_training", True))])
    run = recorded(callback).run
    assert (run.status, run.message) == (Status.STOPPED, "Ended after epoch 2: model.stop_training was set.")


def test_an_end_because_of_nan_is_said(fit: Fit, recorded: Recorded, data: Any) -> None:
    callback = DashCallback()
    fit(callback, x=data[0] * float("nan"), callbacks=[keras.callbacks.TerminateOnNaN()])
    run = recorded(callback).run
    assert (run.status, run.message) == (
        Status.STOPPED, "Ended in epoch 1: the loss is not a number (TerminateOnNaN).",
    )  # fmt: skip


def test_an_exception_that_the_program_deals_with_is_noticed(fit: Fit, store: RunStore) -> None:
    callback = DashCallback()
    with pytest.raises(ValueError, match="are bad"):
        fit(callback, callbacks=[InEpoch(fail)])
    assert comes_true(lambda: callback.run_id is not None and store.run(callback.run_id).status is Status.FAILED)
    run = store.run(callback.run_id or 0)
    assert (run.epoch, run.message) == (
        1, "Training was ended in epoch 2 by an exception that the program dealt with itself.",
    )  # fmt: skip


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Have Ctrl-C raise `KeyboardInterrupt`, also if the tests run in the background, where a shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_that_the_program_deals_with_is_told_from_an_exception(fit: Fit, store: RunStore) -> None:
    callback = DashCallback()
    with pytest.raises(KeyboardInterrupt):
        fit(callback, callbacks=[InEpoch(lambda _: os.kill(os.getpid(), signal.SIGINT))])
    assert comes_true(lambda: callback.run_id is not None and store.run(callback.run_id).status is Status.STOPPED)
    assert store.run(callback.run_id or 0).message == "Ended by Ctrl-C (KeyboardInterrupt) in epoch 2."
    fit(DashCallback())
    assert callable(signal.getsignal(signal.SIGINT))


SCRIPT = """
import sys, keras, numpy as np
from cnn_dash.callbacks import DashCallback
from tests.unit.recording.test_callback_endings import InEpoch, net
x, y = np.zeros((64, 8, 8, 1), "float32"), np.zeros(64)
{more}
net().fit(x, y, batch_size=16, epochs=3, verbose=0, callbacks=[DashCallback("script"), InEpoch(what)])
"""

ENDS = {
    "exception": (
        "def what(_): raise RuntimeError('no luck')",
        Status.FAILED, "Training was ended in epoch 2 by RuntimeError: no luck",
    ),
    "ctrl-c": (
        "def what(_): import os, signal; os.kill(os.getpid(), signal.SIGINT)",
        Status.STOPPED, "Ended by Ctrl-C (KeyboardInterrupt) in epoch 2.",
    ),
    "exit": ("def what(_): sys.exit(3)", Status.STOPPED, "The program ended itself in epoch 2."),
}  # fmt: skip


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Where each of these scripts has its home, and what they said. Keras is imported once, for all of them."""
    place = tmp_path_factory.mktemp("ends")
    code = "import os, signal, sys, keras, cnn_dash.callbacks, tests.unit.recording.test_callback_endings\n"
    code += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # see `ctrl_c`
    for how, (more, *_) in ENDS.items():
        environment = Settings(home=place / how).environment()
        script = SCRIPT.format(more=more)
        code += f"if os.fork() == 0: os.environ.update({environment!r}); exec({script!r}); sys.exit()\nos.wait()\n"
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, cwd=REPOSITORY, stderr=subprocess.PIPE, timeout=200, check=True)
    return place, done.stderr


@pytest.mark.parametrize("how", ENDS)
def test_a_script_that_ends_says_how(scripts: tuple[Path, bytes], how: str) -> None:
    place, errors = scripts
    _, status, message = ENDS[how]
    with contextlib.closing(RunStore(Settings(home=place / how))) as store:
        run = store.runs()[0]
    assert (run.status, run.message, run.epoch) == (status, message, 1), errors


def test_an_end_that_is_noticed_while_the_program_ends_is_written(settings: Settings) -> None:
    begun, ended = threading.Event(), threading.Event()

    def beat() -> None:
        if not begun.is_set():
            begun.set()
            time.sleep(0.3)  # the program ends meanwhile
            one.put(lambda _: ended.set())

    one = writer.RunWriter(RunTarget(Told("script"), settings), on_beat=beat)
    one.put(lambda target: target.begin(0, 0, None, None))
    assert begun.wait(PATIENCE_S)
    one.close()
    assert ended.is_set()


def test_a_batch_that_is_told_after_the_end_leaves_the_run_ended(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback(log_freq="batch", save=None)  # PyTorch and JAX: another thread tells it
    fit(callback)
    before = recorded(callback)
    callback.on_train_batch_end(0, {"loss": 0.5})
    after = recorded(callback)
    assert (after.run.status, after.run.attempt) == (Status.FINISHED, before.run.attempt)
    assert after.steps == before.steps


def test_an_end_that_two_threads_notice_is_told_once() -> None:
    told: list[object] = []
    both = threading.Barrier(2, timeout=PATIENCE_S)
    watch = ending.FitWatch(told.append)

    def tell() -> None:
        both.wait()
        watch.tell(RuntimeError("no luck"))

    other = threading.Thread(target=tell)
    other.start()
    tell()
    other.join()
    assert len(told) == 1


def test_a_killed_process_is_interrupted_after_the_usual_silence_and_nobody_takes_it_over(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", takeover_s=2.0)
    store = RunStore(settings)
    code = SCRIPT.format(more="def what(_): import time; time.sleep(600)")
    environment = os.environ | settings.environment() | {"PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=REPOSITORY, stderr=subprocess.PIPE)
    assert comes_true(lambda: any(run.epoch == 1 for run in store.runs()))
    process.kill()
    process.communicate()
    liveness = Liveness(store, None, lambda _: None)  # type: ignore[arg-type]
    liveness.check()
    time.sleep(2.0)
    liveness.check()
    run = store.runs()[0]
    assert (run.status, run.active) == (Status.INTERRUPTED, False)
    time.sleep(0.5)
    assert Lease.claim(store, Worker("ours", 1, "here")) is None
    store.close()


def test_stop_on_the_page_stops_after_a_batch(fit: Fit, recorded: Recorded, store: RunStore) -> None:
    callback = DashCallback()

    def stop(_: object) -> None:
        assert comes_true(lambda: callback.run_id is not None)
        actions.stop(store, callback.run_id or 0)
        assert comes_true(lambda: callback._recorder.writer.request is Request.STOP)

    model = fit(callback, epochs=50, callbacks=[InEpoch(stop)])
    run = recorded(callback).run
    assert (run.status, run.message, run.request) == (Status.STOPPED, "Stopped from CNN Dash.", None)
    assert run.epoch == len(model.history.epoch) == 2
    assert run.has_network


def test_pause_holds_at_the_end_of_a_batch_with_heartbeats_until_it_is_resumed(
    fit: Fit, recorded: Recorded, store: RunStore
) -> None:
    callback = DashCallback(log_freq="batch")
    seen: list[bool] = []

    def resume() -> None:
        run_id = callback.run_id or 0
        if comes_true(lambda: store.run(run_id).held):
            first = store.run(run_id)
            seen.append(comes_true(lambda: store.run(run_id).heartbeat_at != first.heartbeat_at))
            seen.append(store.run(run_id).batch == first.batch)
        actions.resume(store, run_id)

    person = threading.Thread(target=resume)

    def pause(_: object) -> None:
        assert comes_true(lambda: callback.run_id is not None)
        actions.pause(store, callback.run_id or 0)
        assert comes_true(lambda: callback._recorder.writer.request is Request.PAUSE)
        person.start()

    fit(callback, callbacks=[InEpoch(pause)])
    person.join()
    changes = recorded(callback)
    assert seen == [True, True]
    assert (changes.run.status, changes.run.epoch, len(changes.steps)) == (Status.FINISHED, 3, 12)


def test_stop_while_it_is_paused(fit: Fit, recorded: Recorded, store: RunStore) -> None:
    callback = DashCallback()

    def pause(_: object) -> None:
        assert comes_true(lambda: callback.run_id is not None)
        actions.pause(store, callback.run_id or 0)
        assert comes_true(lambda: callback._recorder.writer.request is Request.PAUSE)
        threading.Timer(1.0, lambda: actions.stop(store, callback.run_id or 0)).start()

    fit(callback, epochs=50, callbacks=[InEpoch(pause)])
    assert recorded(callback).run.status is Status.STOPPED


def test_a_store_that_is_away_costs_nothing_but_time_until_it_is_back(
    fit: Fit, recorded: Recorded, monkeypatch: pytest.MonkeyPatch, warnings: Callable[[], str]
) -> None:
    monkeypatch.setattr(writer, "RETRY_S", 0.05)
    monkeypatch.setattr(fit_recorder, "END_PATIENCE_S", 0.1)
    away = threading.Event()
    away.set()
    opened = RunTarget.open

    def open_or_fail(self: RunTarget) -> Lease:
        if away.is_set():
            raise StoreError("The run store could not be used: disk I/O error.")
        return opened(self)

    monkeypatch.setattr(RunTarget, "open", open_or_fail)
    callback = DashCallback(log_freq="batch")
    model = fit(callback)
    assert len(model.history.epoch) == 3
    assert callback.run_id is None
    away.clear()
    changes = recorded(callback)
    assert (changes.run.status, len(changes.epochs), len(changes.steps)) == (Status.FINISHED, 3, 12)
    assert warnings().count("disk I/O error. It is kept in memory and written later.") == 1


def test_a_heartbeat_that_fails_has_nothing_written_twice(
    fit: Fit, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "RETRY_S", 0.05)
    monkeypatch.setattr(writer, "HEARTBEAT_EVERY_S", 0.0)
    beat = RunTarget.heartbeat
    calls = itertools.count()

    def every_other_fails(self: RunTarget) -> Request | None:
        if next(calls) % 2:
            raise StoreError("The run store could not be used: disk I/O error.")
        return beat(self)

    monkeypatch.setattr(RunTarget, "heartbeat", every_other_fails)
    written: list[str] = []
    write_log = RunTarget.write_log
    monkeypatch.setattr(
        RunTarget, "write_log", lambda self, text, at: (written.append(text), write_log(self, text, at))[1]
    )
    callback = DashCallback(save="last")
    fit(callback, epochs=1)
    run = recorded(callback).run
    assert (run.status, run.has_network) == (Status.FINISHED, True)
    assert len(written) == len(set(written))
    assert next(calls) > 2


def test_a_network_whose_files_are_gone_costs_itself_alone(
    fit: Fit, recorded: Recorded, monkeypatch: pytest.MonkeyPatch, warnings: Callable[[], str]
) -> None:
    add = Result.add_network

    def add_and_lose(self: Result, *told: Any) -> None:
        add(self, *told)
        shutil.rmtree(self._folder)

    monkeypatch.setattr(Result, "add_network", add_and_lose)
    callback = DashCallback()
    fit(callback, epochs=1)
    run = recorded(callback).run
    assert (run.status, run.has_network) == (Status.FINISHED, False)
    assert "is gone" in warnings()


def test_tags_that_fail_at_first_make_no_second_run(
    fit: Fit, recorded: Recorded, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "RETRY_S", 0.05)
    annotate = annotations.annotate
    calls = itertools.count()

    def fail_once(*told: Any, **named: Any) -> Run:
        if next(calls) == 0:
            raise StoreError("The run store could not be used: database is locked.")
        return annotate(*told, **named)

    monkeypatch.setattr(annotations, "annotate", fail_once)
    callback = DashCallback(tags=["mine"])
    fit(callback, epochs=1)
    assert recorded(callback).run.tags == ("mine",)
    assert len(store.select()) == 1


def test_a_locked_database_does_not_hold_up_the_training(
    fit: Fit, recorded: Recorded, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_recorder, "END_PATIENCE_S", 0.1)
    first = DashCallback()
    fit(first, epochs=1)
    recorded(first)
    engine = sa.create_engine(f"sqlite:///{store.settings.database_file}")
    callback = DashCallback(save=None)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        began = time.monotonic()
        fit(callback)
        assert time.monotonic() - began < 15
        connection.rollback()
    engine.dispose()
    assert recorded(callback).run.epoch == 3


def test_steps_have_so_much_room_in_memory_and_epochs_are_all_kept(
    fit: Fit, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_STEPS", 20)
    monkeypatch.setattr(writer, "RETRY_S", 0.05)
    monkeypatch.setattr(fit_recorder, "END_PATIENCE_S", 0.1)
    away = [True]
    opened = RunTarget.open

    def open_or_fail(self: RunTarget) -> Lease:
        if away:
            raise OSError(28, "No space left on device")
        return opened(self)

    monkeypatch.setattr(RunTarget, "open", open_or_fail)
    callback = DashCallback(log_freq="batch", save=None)
    fit(callback, epochs=30)
    away.clear()
    changes = recorded(callback)
    assert len(changes.epochs) == 30
    assert 5 <= len(changes.steps) <= 20
    assert changes.steps[-1].step == 120


def test_a_mistake_of_ours_is_logged_and_training_goes_on(
    fit: Fit, recorded: Recorded, monkeypatch: pytest.MonkeyPatch, warnings: Callable[[], str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    callback = DashCallback(log_freq="batch")
    monkeypatch.setattr(callback._recorder, "batch", broken)
    monkeypatch.setattr(Lease, "log_epoch", broken)
    model = fit(callback)
    assert len(model.history.epoch) == 3
    assert recorded(callback).run.status is Status.FINISHED
    assert warnings().count("CNN Dash could not record something; training goes on") == 1


def test_a_run_that_is_deleted_while_it_trains_is_recorded_no_more(
    fit: Fit, store: RunStore, warnings: Callable[[], str]
) -> None:
    callback = DashCallback()

    def delete(_: object) -> None:
        assert comes_true(lambda: callback.run_id is not None)
        assert comes_true(lambda: deleted(callback.run_id or 0))

    def deleted(run_id: int) -> bool:
        try:
            actions.give_up(store, store.run(run_id), "It is gone.", most_crashes=5)
            trash.delete(store, [run_id])
        except IllegalTransition:  # its program has gone on with it in between
            return False
        trash.empty_trash(store)
        return True

    model = fit(callback, callbacks=[InEpoch(delete)])
    assert len(model.history.epoch) == 3
    assert comes_true(lambda: callback._recorder.writer.lost)
    assert "Training goes on; nothing more is recorded." in warnings()
    assert store.runs() == []


def test_settings_that_cannot_be_used_are_said_and_training_goes_on(
    fit: Fit, monkeypatch: pytest.MonkeyPatch, warnings: Callable[[], str]
) -> None:
    monkeypatch.setattr(fit_recorder, "END_PATIENCE_S", 2.0)
    monkeypatch.setenv("CNN_DASH_WORKERS", "many")
    assert len(fit(DashCallback()).history.epoch) == 3
    assert "CNN_DASH_WORKERS" in warnings()


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [({"log_freq": 0}, "'batch', or a number"), ({"save": "all"}, "'best', 'last'"), ({"resume": "12"}, "from 1")],
)
def test_arguments_that_mean_nothing_are_refused_with_a_sentence(wrong: dict[str, Any], allowed: str) -> None:
    with pytest.raises(ConfigError, match=f"Received: .*Allowed: .*{allowed}"):
        DashCallback(**wrong)


def test_a_run_of_ours_cannot_be_resumed_and_training_goes_on(
    fit: Fit, store: RunStore, warnings: Callable[[], str]
) -> None:
    from cnn_dash.config import RunConfig

    ours = store.create(RunConfig(), parameters=1, multiply_adds=1)
    callback = DashCallback(resume=ours.id)
    assert len(fit(callback).history.epoch) == 3
    assert comes_true(lambda: callback._recorder.writer.lost)
    assert "CNN Dash trains itself" in warnings()
    assert store.run(ours.id).status is Status.QUEUED


def test_the_net_of_these_tests_learns(data: Any) -> None:
    assert net().fit(*data, epochs=1, verbose=0)
