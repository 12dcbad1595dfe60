"""What can be done with the images that a person has ticked."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.evaluation.report import Predictions, Split
from cnn_dash.runs.export import csv_text
from cnn_dash.runs.records import Run
from cnn_dash.ui.evaluate.planned_changes import in_words, own_data, planned
from cnn_dash.ui.evaluate.relabel_dialog import begin, render_relabel_dialog
from cnn_dash.ui.evaluate.splits import SPLITS
from cnn_dash.ui.evaluate.ticked import clear_ticks, tick, ticked
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_store


def render_ticks(
    run: Run,
    report: Predictions,
    names: Sequence[str],
    images: NDArray[np.uint8],
    found: Sequence[int],
    split: Split = "test",
) -> None:
    """Draw what can be done with the ticked images, if there are any, and what is planned.

    Args:
        run: The run on show.
        report: What was predicted for the images.
        names: Of the classes.
        images: All images of the split, uint8 (N, H, W, C).
        found: The images that the filters leave, which can all be ticked at once.
        split: Which images they are.
    """
    chosen, plan = ticked(run.id, split), planned(run.id)
    if not chosen and not plan:
        return
    with st.container(key=evaluate_keys.EVALUATE_TICKED, horizontal=True, vertical_alignment="center", border=True):
        if chosen:
            said = f"**{len(chosen):,}** image{'s' * (len(chosen) != 1)} selected"
            st.markdown(f"{said} · planned: {in_words(plan)}" if plan else said, width="content")
        else:
            st.markdown(f"Planned: {in_words(plan)}", width="content")
        own = own_data(run, open_store().settings) is not None
        change = st.button(
            "Relabel…" if chosen else "Make the new version…",
            key=evaluate_keys.EVALUATE_RELABEL,
            icon=":material/edit:",
            disabled=not own,
            on_click=begin,
            help="Give them another class, leave them out or tag them, in a new version of the data set; the old one "
            "stays."
            if own
            else "Only a data set of your own has versions. This run was trained on another one.",
        )
        if chosen:
            _render_others(run.id, report, names, chosen, found, split)
    if change:
        render_relabel_dialog(run, report, names, images, chosen, split)


def _render_others(
    run_id: int, report: Predictions, names: Sequence[str], chosen: Sequence[int], found: Sequence[int], split: Split
) -> None:
    if len(found) and not set(found) <= set(chosen):
        st.button(
            f"Select all {len(found):,}",
            key=evaluate_keys.EVALUATE_TICKS_ALL,
            on_click=tick,
            args=(run_id, dict.fromkeys(found, True), split),
        )
    st.download_button(
        "Download list",
        _csv(report, names, chosen),
        file_name=f"run-{run_id}-{split}-selected.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        help=f"Their positions among the {SPLITS[split]} images from 0, true class, predicted class and its "
        "probability, as CSV.",
    )
    st.button(
        "Clear",
        key=evaluate_keys.EVALUATE_TICKS_CLEAR,
        icon=":material/close:",
        on_click=clear_ticks,
        args=(split,),
    )


def _csv(report: Predictions, names: Sequence[str], chosen: Sequence[int]) -> str:
    rows = (
        (index, names[report.labels[index]], names[report.predicted[index]], f"{report.confidence[index]:.6f}")
        for index in chosen
    )
    return csv_text([("image", "true", "predicted", "probability"), *rows])
