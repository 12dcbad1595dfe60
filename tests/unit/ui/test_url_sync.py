"""What is news in the address, and what is only late. The session is a plain dictionary here."""

from types import SimpleNamespace

import pytest

from cnn_dash.ui.session import url_sync


@pytest.fixture(autouse=True)
def session(monkeypatch):
    state = {}
    monkeypatch.setattr(url_sync.st, "session_state", state)
    url_sync.arrive("train")
    return state


@pytest.fixture
def go_back(monkeypatch):
    """From now on, runs of the page are asked for by the browser's Back."""
    context = SimpleNamespace(is_history_navigation=True)
    return lambda: monkeypatch.setattr(url_sync, "get_script_run_ctx", lambda **_: context)


def test_the_first_address_is_news():
    assert url_sync.is_external_change("link", "a")
    assert not url_sync.is_external_change("link", None)


def test_what_was_written_here_is_no_news():
    url_sync.remember("link", "a")
    assert not url_sync.is_external_change("link", "a")
    assert not url_sync.is_external_change("link", None)
    assert url_sync.is_external_change("link", "b")


def test_an_address_that_lags_behind_is_no_news_however_many_changes_it_is_behind():
    for number in range(100):
        url_sync.remember("link", number)
    assert not any(url_sync.is_external_change("link", number) for number in range(100))
    assert url_sync.is_external_change("link", 100)


def test_an_address_that_came_is_no_news_when_it_comes_again_late():
    url_sync.remember("link", "mine")
    url_sync.remember("link", "theirs, tidied", arrived="theirs")
    url_sync.remember("link", "changed")
    assert not any(url_sync.is_external_change("link", late) for late in ("mine", "theirs", "theirs, tidied"))


def test_going_back_to_an_earlier_address_is_news(go_back):
    url_sync.remember("link", "a")
    url_sync.remember("link", "b")
    go_back()
    assert url_sync.is_external_change("link", "a")
    assert not url_sync.is_external_change("link", "b")


def test_a_link_from_another_page_is_news_even_if_this_session_has_written_the_same_before():
    url_sync.remember("link", "a")
    url_sync.remember("link", "b")
    url_sync.arrive("runs")
    url_sync.arrive("train")
    assert url_sync.is_external_change("link", "a")
    assert not url_sync.is_external_change("link", "b")


def test_a_link_to_the_same_page_is_news():
    url_sync.remember("link", "a")
    url_sync.remember("link", None, arrived="a")
    url_sync.leave()
    url_sync.arrive("train")
    assert url_sync.is_external_change("link", "a")


def test_what_the_address_said_on_arrival_is_no_news_after_a_change():
    url_sync.remember("link", "a")
    url_sync.arrive("runs")
    url_sync.arrive("train")
    url_sync.remember("link", "b")
    assert not url_sync.is_external_change("link", "a")


def test_the_memory_is_bounded(session):
    for number in range(3 * url_sync.REMEMBERED):
        url_sync.remember("link", number)
    assert len(session["link"][-1]) == url_sync.REMEMBERED


def test_topics_do_not_meet():
    url_sync.remember("link", "a")
    assert url_sync.is_external_change("run", "a")
