"""The confusion matrix, whose cells a person can click."""

import streamlit as st

from cnn_dash.plots import confusion
from cnn_dash.ui.session import widget_keys


def render_confusion_matrix(info: confusion.ConfusionInfo) -> tuple[int, int] | None:
    """Draw the matrix; return true and predicted class of the cell that is selected, or None."""
    event = st.plotly_chart(
        confusion.confusion_plot(info),
        key=widget_keys.EVALUATE_MATRIX,
        on_select="rerun",
        selection_mode="points",
        alt=confusion.describe(info),
        config={"displayModeBar": False},
    )
    st.caption("Click a cell to see its images; click again to see all.")
    if len(info.class_names) > confusion.MAX_CELL_CLASSES:
        st.caption("Drag to zoom in; double-click to see the whole matrix.")
    if left_out := confusion.left_out(info):
        st.caption(f"Only the {confusion.MAX_MISTAKE_CELLS:,} most frequent mistakes are drawn, {left_out:,} are not.")
    return confusion.cell_of(event)
