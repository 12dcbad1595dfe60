"""Which images a person has ticked, of the run on show."""

import streamlit as st

from cnn_dash.evaluation.report import Split

_TICKS = "evaluate_ticks"

_Chosen = dict[Split, frozenset[int]]


def ticked(run_id: int, split: Split = "test") -> list[int]:
    """Return the positions, among the test or the training images, of those that are ticked, in order."""
    return sorted(_of(run_id).get(split, frozenset()))


def tick(run_id: int, changes: dict[int, bool], split: Split = "test") -> None:
    """Tick images (True), or take their ticks away (False)."""
    chosen = set(ticked(run_id, split))
    for index, on in changes.items():
        (chosen.add if on else chosen.discard)(index)
    st.session_state[_TICKS] = (run_id, {**_of(run_id), split: frozenset(chosen)})


def clear_ticks(split: Split | None = None) -> None:
    """Take all ticks away, or those of one split."""
    run_id, chosen = st.session_state.pop(_TICKS, (None, {}))
    if split is not None:
        st.session_state[_TICKS] = (run_id, {one: ticks for one, ticks in chosen.items() if one != split})


def _of(run_id: int) -> _Chosen:
    of_run, chosen = st.session_state.get(_TICKS, (run_id, {}))
    return chosen if of_run == run_id else {}
