import pytest

from cnn_dash.errors import IllegalTransition
from cnn_dash.runs.status import ALLOWED, Status, check

LEGAL = {
    ("queued", "running"),
    ("queued", "stopped"),
    ("running", "finished"),
    ("running", "stopped"),
    ("running", "failed"),
    ("running", "interrupted"),
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


def test_a_run_is_active_as_long_as_it_can_change() -> None:
    assert {status for status in Status if status.active} == {s for s in Status if ALLOWED[s]}


def test_the_refusal_of_an_ended_run_says_that_it_has_ended() -> None:
    with pytest.raises(IllegalTransition, match="none, the run has ended"):
        check(Status.FINISHED, Status.RUNNING)
