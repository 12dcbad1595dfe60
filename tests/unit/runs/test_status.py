import pytest

from cnn_dash.errors import IllegalTransition
from cnn_dash.runs.status import ALLOWED, Status, check

LEGAL = {
    *(("queued", after) for after in ("running", "stopped", "paused", "failed")),
    *(("running", after) for after in ("finished", "stopped", "paused", "failed", "interrupted")),
    *(("interrupted", after) for after in ("running", "stopped", "paused", "failed")),
    ("paused", "queued"),
    ("paused", "stopped"),
    ("stopped", "queued"),
    ("failed", "queued"),
    ("finished", "queued"),
}


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_exactly_the_listed_transitions_are_allowed(before: Status, after: Status) -> None:
    if (before.value, after.value) in LEGAL:
        check(before, after)
    else:
        with pytest.raises(IllegalTransition, match=f"{before.value} cannot become {after.value}. Allowed: "):
            check(before, after)


def test_every_status_is_in_the_table() -> None:
    assert set(ALLOWED) == set(Status)


def test_a_run_is_active_as_long_as_it_changes_by_itself() -> None:
    assert {status.value for status in Status if status.active} == {"queued", "running", "interrupted"}
    assert {status.value for status in Status if status.waiting} == {"queued", "interrupted"}
