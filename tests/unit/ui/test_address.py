"""What is news in the address, and what is only late. The session is a plain dictionary here, the clock set by hand."""

import pytest

from cnn_dash.ui import address


@pytest.fixture
def clock(monkeypatch):
    now = {"s": 100.0}
    monkeypatch.setattr(address.st, "session_state", {})
    monkeypatch.setattr(address.time, "monotonic", lambda: now["s"])
    return now


def test_the_first_address_is_news(clock):
    assert address.is_news("link", "a")
    assert not address.is_news("link", None)


def test_what_was_written_here_is_no_news(clock):
    address.settle("link", "a")
    assert not address.is_news("link", "a")
    assert not address.is_news("link", None)
    assert address.is_news("link", "b")


def test_an_address_that_lags_behind_is_no_news_however_old_it_is(clock):
    address.settle("link", "a")
    clock["s"] += 60
    address.settle("link", "b")
    clock["s"] += 1
    assert not address.is_news("link", "a")


def test_the_address_as_it_arrived_is_no_news_after_it_was_tidied(clock):
    address.settle("link", "a, tidied", arrived="a")
    assert not address.is_news("link", "a")


def test_going_back_later_is_news(clock):
    address.settle("link", "a")
    address.settle("link", "b")
    clock["s"] += address.LATE_S + 1
    assert address.is_news("link", "a")


def test_topics_do_not_meet(clock):
    address.settle("link", "a")
    assert address.is_news("run", "a")
