"""What the sidebar says on every page, and the word when a run has ended."""

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from cnn_dash import presets
from cnn_dash.runs import actions
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run, TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from tests.factories import epoch_metrics

Open = Callable[..., AppTest]

PAGES = ["home", "data", "train", "runs", "evaluate", "predict"]
RESULT = TestResult(0.9613, 0.13, 1, 5.0, 3000.0, "0" * 64, "result-0001")


@pytest.fixture
def lease(store: RunStore) -> Lease:
    """Run 1, which a worker has trained for one of five epochs."""
    submit(store, presets.get("compact-valid").config())
    lease = Lease.claim(store, Worker("w", 1, "host"))
    assert lease is not None
    lease.begin(train_images=3600, batches=57)
    lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, 0.99, 0.001, 1.0, 3000.0), "0001-00001-0000000.npz")
    return lease


def said(app: AppTest) -> str:
    assert not app.exception
    side = app.sidebar
    links = [link.proto.label for link in side.get("page_link")]
    return "\n".join([*links, *lines(side), *(caption.value for caption in side.caption)])


def lines(part: AppTest | Block) -> list[str]:
    """What the lines say that follow the live updates of the page."""
    shown = [component.proto for component in part.get("bidi_component")]
    return [json.loads(one.json)["words"] for one in shown if one.component_name == "cnn_dash_progress_line"]


def toasts(app: AppTest) -> list[str]:
    return [toast.value for toast in app.toast]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_what_runs_progress_line_it_is_and_what_waits(
    open_page: Open, store: RunStore, lease: Lease, name: str
) -> None:
    for _ in range(3):
        submit(store, presets.get("compact-valid").config())
    app = open_page(name)
    assert "Run 1 · compact-valid on mnist-5k" in said(app)
    assert "epoch 2 of 5 · 20 % · " in said(app)
    assert " left" in said(app)
    assert "3 waiting, about " in said(app)
    assert [link.proto.query_string for link in app.sidebar.get("page_link")] == ["run=1", "run=2"]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_training(open_page: Open, tested_run: Callable[[], Run], name: str) -> None:
    tested_run()
    assert said(open_page(name)) == "Nothing is training."


def test_a_paused_run_is_named_and_one_click_away(open_page: Open, lease: Lease) -> None:
    lease.end(Status.PAUSED)
    app = open_page("runs")
    assert "paused · epoch 2 of 5 · 20 %" in said(app)
    assert "Nothing is training." in said(app)


def test_an_interrupted_run_is_said_to_go_on(open_page: Open, store: RunStore, lease: Lease) -> None:
    actions.give_up(store, store.run(1), "Its worker is gone.", most_crashes=5)
    assert "interrupted, continues by itself · epoch 2 of 5 · 20 %" in said(open_page("home"))


def test_home_lists_the_same(open_page: Open, lease: Lease) -> None:
    app = open_page("home")
    assert "In progress" in [title.value for title in app.subheader]
    assert sum("epoch 2 of 5 · 20 %" in words for words in lines(app)) == 2


def test_a_run_that_ends_is_told_once(open_page: Open, lease: Lease) -> None:
    app = open_page("home")
    lease.end(Status.FINISHED, result=RESULT)
    app.run()
    assert toasts(app) == ["Run 1 · compact-valid on mnist-5k finished: test accuracy 96.13 %."]
    app.run()
    assert toasts(app) == []
    app.switch_page("../../pages/runs.py").run()
    assert toasts(app) == []


def test_a_run_that_was_started_elsewhere_and_failed_is_told(open_page: Open, store: RunStore) -> None:
    app = open_page("home")
    submit(store, presets.get("compact-valid").config())
    lease = Lease.claim(store, Worker("w", 1, "host"))
    assert lease is not None
    lease.end(Status.FAILED, message="The disk is full.")
    app.run()
    assert toasts(app) == ["Run 1 · compact-valid on mnist-5k failed. The disk is full."]


def test_a_run_that_goes_on_and_ends_again_is_told_again(open_page: Open, store: RunStore, lease: Lease) -> None:
    app = open_page("home")
    lease.end(Status.STOPPED, result=RESULT)
    app.run()
    assert toasts(app) == ["Run 1 · compact-valid on mnist-5k was stopped: test accuracy 96.13 %."]
    actions.resume(store, 1)
    again = Lease.claim(store, Worker("w", 2, "host"))
    assert again is not None
    again.end(Status.FINISHED, result=RESULT)
    app.run()
    assert toasts(app) == ["Run 1 · compact-valid on mnist-5k finished: test accuracy 96.13 %."]


def test_what_had_ended_before_and_what_is_only_paused_is_no_news(
    open_page: Open, store: RunStore, tested_run: Callable[[], Run]
) -> None:
    tested_run()
    app = open_page("home")
    submit(store, presets.get("compact-valid").config())
    actions.pause(store, 2)
    app.run()
    assert toasts(app) == []


def test_a_run_that_is_cancelled_before_it_has_learned_anything_is_no_news(open_page: Open, store: RunStore) -> None:
    app = open_page("home")
    submit(store, presets.get("compact-valid").config())
    actions.stop(store, 1)
    app.run()
    assert toasts(app) == []


def test_only_the_link_to_the_run_on_show_keeps_the_mark_of_the_current_page(
    open_page: Open, store: RunStore, lease: Lease
) -> None:
    submit(store, presets.get("compact-valid").config())
    app = open_page("train", run="1")
    assert keys_around_links(app.sidebar) == ["sidebar_run_1", "sidebar_other_run_2"]
    app.query_params["run"] = "2"
    assert keys_around_links(app.run().sidebar) == ["sidebar_other_run_1", "sidebar_run_2"]


def keys_around_links(part: Block) -> list[str]:
    """The keys of the containers that hold links, in order."""
    found = []
    for child in part.children.values():
        if isinstance(child, Block):
            found += keys_around_links(child)
            if any(one.type == "page_link" for one in child.children.values()):
                found.append(child.proto.id.rpartition("-")[2])
    return found
