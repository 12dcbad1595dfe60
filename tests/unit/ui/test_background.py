import threading

import pytest

from cnn_dash.ui.session import background
from cnn_dash.ui.session.background import Abandoned, BackgroundWork


def test_what_is_asked_for_twice_is_computed_once():
    works, calls = BackgroundWork(3), []

    def compute(told):
        calls.append(1)
        told(0.5)
        return "made"

    first = works.ask("key", compute)
    assert first.future.result(timeout=10) == "made"
    assert works.ask("key", compute) is first
    assert calls == [1]
    assert first.share == 0.5


def test_what_was_forgotten_is_computed_anew():
    works = BackgroundWork(3)
    assert works.ask("key", lambda told: 1).future.result(timeout=10) == 1
    works.forget("key")
    assert works.ask("key", lambda told: 2).future.result(timeout=10) == 2


def test_an_error_is_kept_until_it_is_forgotten():
    works = BackgroundWork(3)

    def fail(told):
        raise ValueError("no")

    assert isinstance(works.ask("key", fail).future.exception(timeout=10), ValueError)
    assert works.ask("key", lambda told: 2).future.exception(timeout=10) is not None


def test_what_nobody_asks_about_any_more_is_given_up_and_begins_again_when_somebody_does(monkeypatch):
    works, begun, go_on = BackgroundWork(3), threading.Event(), threading.Event()

    def compute(told):
        begun.set()
        go_on.wait(10)
        told(0.5)
        return "made"

    work = works.ask("key", compute)
    begun.wait(10)
    monkeypatch.setattr(background, "ABANDONED_S", -1)
    go_on.set()
    assert isinstance(work.future.exception(timeout=10), Abandoned)
    monkeypatch.undo()
    assert works.ask("key", compute).future.result(timeout=10) == "made"


@pytest.mark.parametrize(("share", "left"), [(0.01, None), (0.25, 30.0)])
def test_the_time_left_follows_from_what_is_done(monkeypatch, share, left):
    work = background.Work(share=share, began=100.0)
    monkeypatch.setattr(background.time, "monotonic", lambda: 110.0)
    assert work.seconds_left() == left
