"""How a browser learns that something else is under way."""

import threading
import time
from typing import Any

import pytest
import requests

from cnn_dash.api import activity as module
from cnn_dash.config import RunConfig
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from tests.factories import step_metrics


def ask(server: str, seen: str = "", who: str = "a") -> dict[str, Any]:
    answer = requests.get(f"{server}/api/activity", params={"seen": seen, "who": who}, timeout=30)
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()  # type: ignore[no-any-return]


def test_while_a_run_trains_the_answer_comes_at_once_and_says_when_to_ask_again(server: str, lease: Lease) -> None:
    first = ask(server)
    assert (first["active"], first["again_s"]) == (True, module.AGAIN_S)
    assert ask(server, first["version"])["version"] == first["version"]
    lease.log_step(step_metrics(5, 0.5, 1.0, 0.5, 0.001, 1000.0), epoch=0, batch=5)
    time.sleep(1.1)  # a look is shared for a second
    assert ask(server, first["version"])["version"] != first["version"]


def test_the_answer_says_progress_line_each_run_is_and_what_waits(server: str, store: RunStore, lease: Lease) -> None:
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    time.sleep(1.1)  # a look is shared for a second
    before = ask(server)
    assert before["runs"] == [
        {"run": lease.run.id, "words": "getting ready", "progress": 0.0},
        {"run": lease.run.id + 1, "words": "waiting", "progress": None},
    ]
    assert before["queue"].startswith("1 waiting, about ")
    lease.begin(train_images=640, batches=10)
    lease.log_step(step_metrics(5, 0.5, 1.0, 0.5, 0.001, 1000.0), epoch=0, batch=5)
    time.sleep(1.1)
    after = ask(server)
    assert after["runs"][0]["words"].startswith("epoch 1 of ")
    assert after["runs"][0]["progress"] > 0
    assert after["states"] == before["states"], "a run that comes further is in the same state"
    assert after["version"] != before["version"]


def test_many_browsers_ask_less_often(server: str, lease: Lease) -> None:
    rhythm = [ask(server, who=f"browser {n}")["again_s"] for n in range(20)]
    assert rhythm[0] == module.AGAIN_S
    assert rhythm == sorted(rhythm)
    assert rhythm[-1] == 20 / module.MOST_ANSWERS_A_SECOND
    assert ask(server, who="browser 0")["again_s"] == rhythm[-1]  # one that is known already is not counted again


def test_while_nothing_is_under_way_the_answer_waits_until_a_run_is_started_elsewhere(
    server: str, store: RunStore
) -> None:
    seen = ask(server)
    assert not seen["active"]
    starting = threading.Timer(0.5, lambda: store.create(RunConfig(), parameters=1, multiply_adds=1))
    began = time.monotonic()
    starting.start()
    news = ask(server, seen["version"])
    assert time.monotonic() - began >= 0.5
    assert news["active"]
    assert news["version"] != seen["version"]
    starting.join()


def test_an_answer_that_waits_comes_in_the_end(server: str, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HOLD_S", 0.2)
    seen = ask(server)
    assert ask(server, seen["version"]) == seen


def test_a_run_that_has_ended_is_news(server: str, lease: Lease) -> None:
    seen = ask(server)
    lease.end(Status.FAILED, message="The disk is full.")
    news = ask(server, seen["version"])
    while news["active"]:
        time.sleep(0.1)
        news = ask(server, seen["version"])
    assert news["version"] != seen["version"]
