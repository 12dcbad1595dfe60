"""Pages about runs of other programs: buttons while they live, mistakes, and the scaling that is asked once."""

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.evaluation.report import write_report
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.runs.external import Kept, record_result
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import RunStore
from cnn_dash.ui.session import evaluate_keys, widget_keys
from tests.factories import make_external_run, on_disk

OpenPage = Callable[..., AppTest]
NAMES = ("cat", "dog")


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button} & {"Pause", "pausing…", "Resume", "Stop", "stopping…", "Retry"}


@pytest.mark.parametrize(
    ("asked", "acknowledged", "shown"),
    [
        (None, False, {"Pause", "Stop"}), (Request.PAUSE, False, {"pausing…", "Stop"}),
        (Request.PAUSE, True, {"Resume", "Stop"}), (Request.STOP, False, {"stopping…"}),
    ],
)  # fmt: skip
def test_one_that_is_alive_can_be_paused_resumed_and_stopped(
    open_page: OpenPage, store: RunStore, asked: Request | None, acknowledged: bool, shown: set[str]
) -> None:
    from cnn_dash.runs import actions

    lease = make_external_run(store, [{"loss": 0.5}])
    if asked is not None:
        {Request.PAUSE: actions.pause, Request.STOP: actions.stop}[asked](store, lease.run.id)
    if acknowledged:
        lease.acknowledge_request()
    app = open_page("train", run="1")
    assert not app.exception
    assert buttons(app) == shown


def test_pause_and_resume_reach_the_store(open_page: OpenPage, store: RunStore) -> None:
    lease = make_external_run(store, [{"loss": 0.5}])
    app = open_page("train", run="1")
    app.button(key=widget_keys.LIVE_PAUSE).click().run()
    assert lease.acknowledge_request() is Request.PAUSE
    app.run()
    app.button(key=widget_keys.LIVE_RESUME).click().run()
    assert lease.record_heartbeat() is None


def test_one_that_has_ended_has_no_such_buttons(open_page: OpenPage, store: RunStore) -> None:
    make_external_run(store, [{"loss": 0.5}]).end(Status.FINISHED)
    assert buttons(open_page("train", run="1")) == set()


def leave_predictions(store: RunStore, images: int) -> Lease:
    """A run of another program that was tested on 20 images, of which so many are kept."""
    lease = make_external_run(store, [{"loss": 0.5}])
    folder = RunFolder.of(store.settings, lease.run.id).result("result-0001")
    labels = np.arange(20) % 2
    probabilities = np.full((20, 2), 0.2, np.float32)
    probabilities[np.arange(20), np.where(np.arange(20) < 5, 1 - labels, labels)] = 0.8
    folder.evaluation.put(lambda file: write_report(file, labels, probabilities))
    pixels = np.zeros((images, 8, 8, 3), np.uint8)
    folder.test_images.put(lambda file: np.savez(file.open("wb"), images=pixels, class_names=np.array(NAMES)))
    record_result(lease, Kept("result-0001", 1, 10, 5.0, accuracy=0.75, loss=0.4))
    lease.end(Status.FINISHED)
    return lease


def test_its_mistakes_are_shown_beside_the_images_it_left(open_page: OpenPage, store: RunStore) -> None:
    leave_predictions(store, 20)
    app = open_page("evaluate", run="1")
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["75.00 %", "0.4000", "5 of 20", "1 of 1"]
    assert app.selectbox(key=evaluate_keys.EVALUATE_CLASS).options == ["all", *NAMES]
    assert "1 to 10 of 20" in [caption.value for caption in app.caption]


@pytest.mark.parametrize(
    ("kept", "said"), [(0, "has left no images that could be shown"), (7, "The first 7 of 20 test images")]
)
def test_fewer_images_than_predictions_are_said(open_page: OpenPage, store: RunStore, kept: int, said: str) -> None:
    leave_predictions(store, kept)
    app = open_page("evaluate", run="1")
    assert not app.exception
    assert any(said in caption.value for caption in app.caption)


def test_one_that_left_predictions_alone_is_not_offered_for_new_pictures(open_page: OpenPage, store: RunStore) -> None:
    leave_predictions(store, 20)
    assert "Train one first" in open_page("predict").info[0].value


def test_the_scaling_is_asked_once(open_page: OpenPage, store: RunStore) -> None:
    lease = make_external_run(store, [{"loss": 0.5}])
    folder = RunFolder.of(store.settings, lease.run.id).result("result-0001")
    folder.model_input.put(ModelInput(NAMES, (8, 8, 3), None, scaling=None, outputs="logits").write)
    record_result(lease, Kept("result-0001", 1, 10, 5.0, weights_sha256="0" * 64))
    lease.end(Status.FINISHED)
    app = open_page("predict", run="1")
    assert "The range of the input pixels" in app.info[0].value
    app.segmented_control(key=widget_keys.of_run(widget_keys.PREDICT_SCALING, lease.run.id)).select("-1-1").run()
    known = ModelInput.read(on_disk(store.settings, folder.model_input))
    assert known == ModelInput(NAMES, (8, 8, 3), None, scaling="-1-1", outputs="logits")
    assert not app.info
