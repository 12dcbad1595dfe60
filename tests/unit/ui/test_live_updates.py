"""Which parts of a page are drawn again when there is news."""

from types import SimpleNamespace

import pytest

from cnn_dash.runs.activity import ActivitySnapshot
from cnn_dash.ui.components import live_updates


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        (ActivitySnapshot().states, [["table"]]),  # a run has only come further
        ("other", [["sidebar", "table"]]),
    ],
)
def test_news_draws_the_parts_that_want_it(monkeypatch: pytest.MonkeyPatch, before: str, asked: list[str]) -> None:
    assert reruns(monkeypatch, {"sidebar": False, "table": True}, before) == asked


def test_news_that_the_page_has_drawn_already_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reruns(monkeypatch, {"sidebar": False}, ActivitySnapshot().states) == []


def reruns(monkeypatch: pytest.MonkeyPatch, followers: dict[str, bool], before: str) -> list[list[str]]:
    """What Streamlit is asked to draw again, on a page that was drawn when the states were those of `before`."""
    asked: list[list[str]] = []
    monkeypatch.setattr(live_updates, "open_activity", lambda: SimpleNamespace(snapshot=ActivitySnapshot))
    monkeypatch.setattr(
        live_updates.st, "session_state", {live_updates._FOLLOWERS: followers, live_updates._STATES: before}
    )
    monkeypatch.setattr(live_updates.st, "rerun", asked.append)
    live_updates._draw_again()
    return asked
