"""The test images that a person has ticked, of the run on show."""

import csv
import io
from collections.abc import Sequence

import streamlit as st

from cnn_dash.evaluation.report import Report
from cnn_dash.ui.session import widget_keys

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


def render_ticks(run_id: int, report: Report, names: Sequence[str], found: Sequence[int]) -> None:
    """Draw what can be done with the ticked images, if there are any.

    Args:
        run_id: The run on show.
        report: Its predictions.
        names: Of the classes.
        found: The images that the filters leave, which can all be ticked at once.
    """
    chosen = ticked(run_id)
    if not chosen:
        return
    with st.container(key=widget_keys.EVALUATE_TICKED, horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**{len(chosen):,}** image{'s' * (len(chosen) != 1)} selected", width="content")
        if len(found) and not set(found) <= set(chosen):
            st.button(
                f"Select all {len(found):,}",
                key=widget_keys.EVALUATE_TICKS_ALL,
                on_click=tick,
                args=(run_id, dict.fromkeys(found, True)),
            )
        st.download_button(
            "Download list",
            _csv(report, names, chosen),
            file_name=f"run-{run_id}-selected.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="Their positions in the test set from 0, true class, predicted class and its probability, as CSV.",
        )
        st.button(
            "Clear",
            key=widget_keys.EVALUATE_TICKS_CLEAR,
            icon=":material/close:",
            on_click=tick,
            args=(run_id, dict.fromkeys(chosen, False)),
        )


def _csv(report: Report, names: Sequence[str], chosen: Sequence[int]) -> str:
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["image", "true", "predicted", "probability"])
    for index in chosen:
        true, predicted = (_harmless(names[classes[index]]) for classes in (report.labels, report.predicted))
        rows.writerow([index, true, predicted, f"{report.confidence[index]:.6f}"])
    return file.getvalue()


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
