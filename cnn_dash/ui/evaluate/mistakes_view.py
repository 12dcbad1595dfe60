"""Confusion matrix and images: which classes the network takes for which, and in what images."""

import streamlit as st

from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.plots import confusion
from cnn_dash.runs.records import Run
from cnn_dash.ui.evaluate.confusion_matrix import render_confusion_matrix
from cnn_dash.ui.evaluate.image_dialog import render_image_dialog
from cnn_dash.ui.evaluate.keep_temperature import as_told, render_kept
from cnn_dash.ui.evaluate.prediction_grid import render_prediction_grid


@st.fragment
def render_mistakes(run: Run, report: Report, tested: TestImages) -> None:
    """Draw the matrix, and the images of the cell that is chosen in it."""
    report = as_told(run, report)
    matrix, grid = st.columns([5, 6], gap="large")
    with matrix:
        st.subheader("Confusion matrix")
        info = confusion.confusion_info(report.labels, report.predicted, tested.class_names)
        cell = render_confusion_matrix(info)
    with grid:
        st.subheader("Predictions")
        render_kept(run)
        opened = render_prediction_grid(run, report, tested.class_names, tested.images, cell)
    if opened is not None:
        render_image_dialog(run, report, tested.class_names, tested.images, opened)
