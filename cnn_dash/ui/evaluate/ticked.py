"""Which test images a person has ticked, of the run on show."""

import streamlit as st

_TICKS = "evaluate_ticks"


def ticked(run_id: int) -> list[int]:
    """Return the positions in the test set of the images that are ticked, in order."""
    of_run, chosen = st.session_state.get(_TICKS, (run_id, frozenset()))
    return sorted(chosen) if of_run == run_id else []


def tick(run_id: int, changes: dict[int, bool]) -> None:
    """Tick images (True), or take their ticks away (False)."""
    chosen = set(ticked(run_id))
    for index, on in changes.items():
        (chosen.add if on else chosen.discard)(index)
    st.session_state[_TICKS] = (run_id, frozenset(chosen))


def clear_ticks() -> None:
    """Take all ticks away."""
    st.session_state.pop(_TICKS, None)
