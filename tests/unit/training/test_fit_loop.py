"""The loop over the epochs, around an engine that learns by script: every call is seen, every loss is known."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cnn_dash.config import TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.errors import TrainingError
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.status import Request
from cnn_dash.training.checkpoint import Checkpoint
from cnn_dash.training.fit import Fitted, fit
from cnn_dash.training.listener import Save
from cnn_dash.training.schedule import learning_rate
from tests.unit.training.listening import Listening

VALIDATION = Split(np.zeros((2, 1, 1, 1), np.uint8), np.array([0, 1], np.int64))


class Model:
    """Its only weight counts the steps."""

    layers = ()

    def __init__(self) -> None:
        self.steps = 0

    def get_weights(self) -> list[np.ndarray]:
        return [np.array([self.steps])]

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self.steps = int(weights[0][0])


@dataclass
class Engine:
    """Has the given validation losses, epoch by epoch, and a training loss of 0.5 a picture.

    A step takes 1/128 s, the first call 10 s more, by a clock of its own.
    """

    val_losses: list[float] = field(default_factory=lambda: [1.0] * 100)
    loss: float = 0.5
    train: TrainConfig = field(default_factory=TrainConfig)
    images: int = 64
    model: Model = field(default_factory=Model)
    calls: list[tuple[np.ndarray, np.ndarray, int]] = field(default_factory=list)
    now_s: float = 0.0
    validated: int = 0

    def steps(self, indices: np.ndarray, rates: np.ndarray, first_step: int) -> tuple[float, int]:
        self.now_s += len(indices) / 128 + (0 if self.calls else 10)
        self.calls.append((indices.copy(), rates.copy(), first_step))
        self.model.steps += len(indices)
        return self.loss * indices.size, indices.size // 2

    def predictions(self, _images: np.ndarray) -> Iterator[np.ndarray]:
        p = math.exp(-self.val_losses[self.validated])
        yield np.array([[p, 1 - p]])
        yield np.array([[1 - p, p]])
        self.validated += 1

    def state(self) -> dict[str, np.ndarray]:
        return {"steps": np.array(self.model.steps), "validated": np.array(self.validated)}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self.model.steps, self.validated = int(state["steps"]), int(state["validated"])


class Listener(Listening):
    """Asks for something after so many looks."""

    def __init__(
        self,
        stop_after: float = math.inf,
        request: Request = Request.STOP,
        *,
        wants_step_metrics: bool = True,
        wants_checkpoint: bool = False,
    ) -> None:
        super().__init__()
        self.stop_after, self.request = stop_after, request
        self.wants_step_metrics, self.wants_checkpoint = wants_step_metrics, wants_checkpoint
        self.checkpoints: list[Checkpoint] = []
        self.looks = 0

    def pending_request(self) -> Request | None:
        self.looks += 1
        return self.request if self.looks > self.stop_after else None

    def log_epoch(self, record: EpochMetrics) -> None:
        super().log_epoch(record)
        self.checkpoints.append(self.save())

    def checkpoint(self, save: Save) -> None:
        self.checkpoints.append(save())


def run(
    engine: Engine, listener: Listener, images: int = 64, *, checkpoint: Checkpoint | None = None, **train: Any
) -> Fitted:
    engine.train = TrainConfig.model_validate({"batch_size": 16, "epochs": 3, **train})
    engine.images = images
    return fit(engine, VALIDATION, listener, checkpoint, [RecordingCallback(listener)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("images", "batch_size"), [(64, 16), (70, 16), (65, 64), (10, 16), (10, 4096), (16, 16), (1, 1), (300, 1)]
)
def test_every_epoch_sees_every_picture_once_and_counts_its_steps(images: int, batch_size: int) -> None:
    engine, listener = Engine(), Listener()
    fitted = run(engine, listener, images, batch_size=batch_size)
    batches = math.ceil(images / batch_size)
    seen: list[list[int]] = [[] for _ in range(3)]
    step = 0
    for indices, _, first_step in engine.calls:
        assert first_step == step
        assert indices.shape[1] == batch_size or indices.shape == (1, images % batch_size)
        seen[step // batches] += indices.ravel().tolist()
        step += len(indices)
    assert step == 3 * batches
    assert all(sorted(places) == list(range(images)) for places in seen)
    assert images == 1 or seen[0] != seen[1]
    assert (fitted.best_epoch, fitted.asked) == (1, None)
    assert [record.epoch for record in listener.epochs] == [1, 2, 3]
    assert all(record.metrics["loss"] == pytest.approx(0.5) for record in listener.epochs)
    assert all(point.metrics["loss"] == pytest.approx(0.5) for point in listener.steps)
    steps = [point.step for point in listener.steps]
    assert steps == sorted(set(steps))
    assert {batches, 2 * batches, 3 * batches} <= set(steps), "the end of an epoch is always a point"
    for point, (epoch, batch) in zip(listener.steps, listener.places, strict=True):
        assert point.step == epoch * batches + batch
        assert point.position == pytest.approx(point.step / batches)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle", "step"])
def test_every_step_has_the_rate_of_the_schedule(schedule: str) -> None:
    engine, listener = Engine(), Listener()
    run(engine, listener, 70, schedule=schedule, warmup_epochs=1, step_every=1)
    train = TrainConfig.model_validate(
        {"batch_size": 16, "epochs": 3, "schedule": schedule, "warmup_epochs": 1, "step_every": 1}
    )
    expected = np.array([learning_rate(train, step / 5) for step in range(15)], np.float32)
    np.testing.assert_allclose(np.concatenate([used for _, used, _ in engine.calls]), expected, rtol=1e-6)
    assert [record.metrics["learning_rate"] for record in listener.epochs] == pytest.approx(list(expected[4::5]))


def test_the_first_step_is_a_point_although_nobody_asks() -> None:
    listener = Listener(wants_step_metrics=False)
    run(Engine(), listener)
    assert [point.step for point in listener.steps] == [1, 4, 8, 12]


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine by whose clock the loop goes."""
    engine = Engine()
    for module in ("fit", "call_sizing"):
        monkeypatch.setattr(f"cnn_dash.training.{module}.time", SimpleNamespace(perf_counter=lambda: engine.now_s))
    return engine


def test_the_call_that_traces_the_graph_is_in_no_speed(timed: Engine) -> None:
    listener = Listener()
    fitted = run(timed, listener, 640)
    assert listener.steps[0].metrics["images_per_second"] == 0
    assert [point.metrics["images_per_second"] for point in listener.steps[1:]] == pytest.approx([2048] * 8)
    assert [record.metrics["images_per_second"] for record in listener.epochs] == pytest.approx([2048] * 3)
    assert fitted.images_per_second == pytest.approx(2048)
    assert listener.epochs[0].seconds == pytest.approx(10 + 40 / 128)


def test_an_epoch_that_is_one_call_has_no_speed_if_that_call_traced_the_graph(timed: Engine) -> None:
    listener = Listener()
    run(timed, listener, 16)
    assert [record.metrics["images_per_second"] for record in listener.epochs] == pytest.approx([0, 2048, 2048])


def test_a_point_covers_all_calls_since_the_point_before(timed: Engine) -> None:
    listener = Listener(wants_step_metrics=False)
    run(timed, listener, 640, epochs=1)
    assert [point.step for point in listener.steps] == [1, 40]
    assert [point.metrics["images_per_second"] for point in listener.steps] == pytest.approx([0, 2048])
    assert [point.metrics["accuracy"] for point in listener.steps] == [0.5, 0.5]


def test_the_small_last_batch_is_no_point_of_its_own() -> None:
    engine, listener = Engine(), Listener()
    run(engine, listener, 16 * 200 + 1)
    for before, last in itertools.pairwise(listener.steps):
        if last.step % 201 == 0:
            assert last.step - before.step > 1
    assert len(listener.steps) > 9, "this test says nothing if there are no points within an epoch"


def test_calls_grow_to_the_length_that_suits_the_stop_button(timed: Engine) -> None:
    run(timed, Listener(), 16 * 50, epochs=1)
    assert [len(indices) for indices, _, _ in timed.calls] == [1, 1, 4, 16, 19, 9]


def test_keep_best_goes_back_to_the_weights_of_the_best_epoch() -> None:
    engine = Engine([3.0, 1.0, 2.0])
    assert run(engine, Listener(), keep_best=True).best_epoch == 2
    assert engine.model.steps == 8


def test_without_keep_best_the_last_weights_stay() -> None:
    engine = Engine([3.0, 1.0, 2.0])
    assert run(engine, Listener()).best_epoch == 2
    assert engine.model.steps == 12


def test_early_stopping_ends_after_the_patience_and_is_no_stop_by_request() -> None:
    engine, listener = Engine([3.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0]), Listener()
    fitted = run(engine, listener, epochs=7, early_stopping=True, patience=3, keep_best=True)
    assert [record.epoch for record in listener.epochs] == [1, 2, 3, 4, 5]
    assert fitted.best_epoch == 2
    assert fitted.asked is None
    assert engine.model.steps == 8


def test_early_stopping_watches_the_figure_it_is_told_to() -> None:
    # Accuracy is 1 as long as the loss is below ln 2; it cannot improve on the first epoch.
    listener = Listener()
    run(Engine([0.6, 0.5, 0.4, 0.3]), listener, epochs=4, early_stopping=True, patience=1, monitor="val_accuracy")
    assert len(listener.epochs) == 2


def test_a_plateau_lowers_the_rate_and_waits_again() -> None:
    engine, listener = Engine([2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5]), Listener()
    run(
        engine, listener, epochs=7, schedule="reduce_on_plateau", plateau_patience=2, step_factor=0.1, learning_rate=1.0
    )
    assert [record.metrics["learning_rate"] for record in listener.epochs] == pytest.approx(
        [1, 1, 1, 1, 0.1, 0.1, 0.01]
    )


def test_a_stop_within_an_epoch_ends_before_the_next_call() -> None:
    engine, listener = Engine(), Listener(stop_after=2)
    fitted = run(engine, listener, 640)
    assert (fitted.best_epoch, fitted.asked) == (0, Request.STOP)
    assert len(engine.calls) == 2
    assert not listener.epochs
    assert [(one.epoch, one.batch) for one in listener.checkpoints] == [(0, engine.model.steps)]


def test_a_stop_with_keep_best_goes_back_to_the_best_finished_epoch() -> None:
    engine, listener = Engine([1.0, 2.0]), Listener()
    listener.stop_after = 10**6

    def stop_in_epoch_3(record: EpochMetrics) -> None:
        listener.epochs.append(record)
        if record.epoch == 2:
            listener.stop_after = listener.looks + 1  # not at the end of this epoch, but right after the next call

    listener.log_epoch = stop_in_epoch_3  # type: ignore[method-assign]
    fitted = run(engine, listener, 16 * 200, keep_best=True)  # many calls an epoch
    assert fitted.asked is Request.STOP
    assert len(listener.epochs) == 2
    assert engine.model.steps == 200


def test_a_request_in_the_middle_of_validation_is_not_kept_waiting() -> None:
    engine, listener = Engine(), Listener(stop_after=2, request=Request.PAUSE)
    fitted = run(engine, listener, 16)  # one call, then two parts of validation pictures
    assert fitted.asked is Request.PAUSE
    assert not listener.epochs
    assert [(one.epoch, one.batch) for one in listener.checkpoints] == [(0, 1)]


def test_a_stop_after_the_last_epoch_finds_the_run_finished() -> None:
    listener = Listener(stop_after=3)
    fitted = run(Engine(), listener, 16, epochs=1)
    assert fitted.asked is None
    assert len(listener.epochs) == 1


# ---- put down and taken up again

SCRIPT = [3.0, 1.0, 2.0, 2.0, 0.9, 2.0, 0.5, 2.0, 2.0, 2.0, 2.0, 2.0]
RECIPE = {
    "epochs": 12,
    "schedule": "reduce_on_plateau",
    "plateau_patience": 2,
    "early_stopping": True,
    "patience": 4,
    "keep_best": True,
}


@pytest.mark.parametrize("looks", [2, 3, 4, 5, 7])
def test_a_training_that_is_put_down_again_and_again_goes_as_if_nothing_had_happened(looks: int) -> None:
    whole_engine, whole = Engine(list(SCRIPT)), Listener()
    whole_fitted = run(whole_engine, whole, 70, **RECIPE)
    assert [record.epoch for record in whole.epochs] == list(range(1, 12)), "it stops early"
    engine, listener = Engine(list(SCRIPT)), Listener(request=Request.PAUSE)
    fitted = None
    checkpoint = None
    for _ in range(1000):
        listener.stop_after = listener.looks + looks
        engine = Engine(list(SCRIPT), calls=engine.calls)  # another process knows nothing but the checkpoint
        fitted = run(engine, listener, 70, checkpoint=checkpoint, **RECIPE)
        if fitted.asked is None:
            break
        checkpoint = listener.checkpoints[-1]
    assert fitted is not None
    assert (fitted.asked, fitted.best_epoch) == (None, whole_fitted.best_epoch)
    assert engine.model.steps == whole_engine.model.steps

    def metrics(of: Listener) -> list[tuple[float, ...]]:
        return [
            (r.epoch, r.metrics["loss"], r.metrics["accuracy"], r.metrics["val_loss"], r.metrics["learning_rate"])
            for r in of.epochs
        ]

    assert metrics(listener) == metrics(whole)
    steps = [first + index for indices, _, first in engine.calls for index in range(len(indices))]
    assert steps == list(range(11 * 5)), "every batch is trained once"
    one = np.concatenate([indices.ravel() for indices, _, _ in engine.calls])
    other = np.concatenate([indices.ravel() for indices, _, _ in whole_engine.calls])
    assert np.array_equal(one, other)
    points = [point.step for point in listener.steps]
    assert points == sorted(set(points))


def test_a_checkpoint_within_an_epoch_comes_with_a_point_so_that_the_curve_has_no_gap() -> None:
    listener = Listener(wants_step_metrics=False, wants_checkpoint=True)
    run(Engine(), listener, 16 * 50, epochs=1)
    kept = [(one.epoch, one.batch) for one in listener.checkpoints]
    assert kept[-1] == (1, 0)
    assert len(kept) > 2
    assert kept[:-1] == [place for place in listener.places if place[1] < 50]


def test_seconds_and_speed_go_on_where_they_were(timed: Engine) -> None:
    listener = Listener(stop_after=2, request=Request.PAUSE)
    run(timed, listener, 640, epochs=1)
    assert listener.checkpoints[-1].loop["seconds"] == pytest.approx(10 + 2 / 128)
    again = Listener()
    fitted = run(timed, again, 640, epochs=1, checkpoint=listener.checkpoints[-1])
    assert fitted.seconds_before == pytest.approx(10 + 2 / 128)
    assert again.epochs[0].seconds == pytest.approx(10 + 40 / 128)


def test_training_longer_is_training_so_long_from_the_beginning() -> None:
    recipe = {"early_stopping": True, "patience": 2, "schedule": "cosine"}
    script = [3.0, 1.0, 2.0, 2.0, 0.5, 0.4, 0.3]
    engine, listener = Engine(list(script)), Listener()
    run(engine, listener, 70, epochs=30, **recipe)
    assert len(listener.epochs) == 4, "it stops early"
    longer = TrainConfig.model_validate({"batch_size": 16, "epochs": 30, **recipe}).longer(4, 7)
    again = Engine(list(script), calls=engine.calls)
    run(again, listener, 70, checkpoint=listener.checkpoints[-1], **longer.model_dump())
    assert [record.epoch for record in listener.epochs] == list(range(1, 8))
    anew_engine, anew = Engine(list(script)), Listener()
    run(anew_engine, anew, 70, **longer.model_dump())
    assert [r.metrics["learning_rate"] for r in anew.epochs] == [r.metrics["learning_rate"] for r in listener.epochs]
    rates = [np.concatenate([used for _, used, _ in one.calls]) for one in (engine, anew_engine)]
    assert np.array_equal(*rates)
    assert again.model.steps == anew_engine.model.steps


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_number_ends_the_training_with_advice(loss: float) -> None:
    listener = Listener()
    with pytest.raises(TrainingError, match=f"received: {loss}, in epoch 1.*Lower the learning rate"):
        run(Engine(loss=loss), listener)
    assert [repr(step.metrics["loss"]) for step in listener.steps] == [repr(loss)], "it is seen where the curve ends"
    assert not listener.epochs


def test_a_validation_loss_that_is_no_number_ends_the_training_and_is_not_recorded() -> None:
    listener = Listener()
    with pytest.raises(TrainingError, match="in epoch 2"):
        run(Engine([1.0, math.nan, 1.0]), listener)
    assert [record.epoch for record in listener.epochs] == [1]
