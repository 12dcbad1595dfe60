"""What is news in the address, and what is only late. The session is a plain dictionary here."""

from types import SimpleNamespace

import pytest

from cnn_dash.ui import address


@pytest.fixture(autouse=True)
def session(monkeypatch):
    state = {}
    monkeypatch.setattr(address.st, "session_state", state)
    address.arrive("train")
    return state


@pytest.fixture
def go_back(monkeypatch):
    """From now on, runs of the page are asked for by the browser's Back."""
    context = SimpleNamespace(is_history_navigation=True)
    return lambda: monkeypatch.setattr(address, "get_script_run_ctx", lambda **_: context)


def test_the_first_address_is_news():
    assert address.is_news("link", "a")
    assert not address.is_news("link", None)


def test_what_was_written_here_is_no_news():
    address.settle("link", "a")
    assert not address.is_news("link", "a")
    assert not address.is_news("link", None)
    assert address.is_news("link", "b")


def test_an_address_that_lags_behind_is_no_news_however_many_changes_it_is_behind():
    for number in range(100):
        address.settle("link", number)
    assert not any(address.is_news("link", number) for number in range(100))
    assert address.is_news("link", 100)


def test_an_address_that_came_is_no_news_when_it_comes_again_late():
    address.settle("link", "mine")
    address.settle("link", "theirs, tidied", arrived="theirs")
    address.settle("link", "changed")
    assert not any(address.is_news("link", late) for late in ("mine", "theirs", "theirs, tidied"))


def test_going_back_to_an_earlier_address_is_news(go_back):
    address.settle("link", "a")
    address.settle("link", "b")
    go_back()
    assert address.is_news("link", "a")
    assert not address.is_news("link", "b")


def test_a_link_from_another_page_is_news_even_if_this_session_has_written_the_same_before():
    address.settle("link", "a")
    address.settle("link", "b")
    address.arrive("runs")
    address.arrive("train")
    assert address.is_news("link", "a")
    assert not address.is_news("link", "b")


def test_a_link_to_the_same_page_is_news():
    address.settle("link", "a")
    address.settle("link", None, arrived="a")
    address.leave()
    address.arrive("train")
    assert address.is_news("link", "a")


def test_what_the_address_said_on_arrival_is_no_news_after_a_change():
    address.settle("link", "a")
    address.arrive("runs")
    address.arrive("train")
    address.settle("link", "b")
    assert not address.is_news("link", "a")


def test_the_memory_is_bounded(session):
    for number in range(3 * address.REMEMBERED):
        address.settle("link", number)
    assert len(session["link"][-1]) == address.REMEMBERED


def test_topics_do_not_meet():
    address.settle("link", "a")
    assert address.is_news("run", "a")
