"""The predictions of a trained network on the test set, and its mistakes."""

import streamlit as st

from cnn_dash.evaluation.report import Report
from cnn_dash.metrics import percent
from cnn_dash.ui.components.export_dialog import render_export_button
from cnn_dash.ui.components.run_picker import render_choose_run
from cnn_dash.ui.evaluate.baseline_notice import render_baseline_notice
from cnn_dash.ui.evaluate.tested_images import tested_images
from cnn_dash.ui.evaluate.views import render_views
from cnn_dash.ui.session import evaluate_keys, widget_keys
from cnn_dash.ui.session.resources import report

st.title("Evaluate")
with st.container(horizontal=True, vertical_alignment="bottom"):
    run = render_choose_run(evaluate_keys.EVALUATE_RUN, tested=True)
    render_export_button(run, widget_keys.EXPORT_FROM_EVALUATE)
assert run.result is not None  # only runs with a result can be chosen
answers: Report = report(run.id, run.result.folder)
tested = tested_images(run, answers)
if answers.is_at_baseline and run.config is not None:
    render_baseline_notice(run, answers.baseline_accuracy)
baseline = f"Accuracy of always predicting the most frequent class: {percent(answers.baseline_accuracy)}."
with st.grid(4, min_column_width=130):
    st.metric("Test accuracy", percent(run.result.accuracy), help=baseline)
    st.metric("Test loss", f"{run.result.loss:.4f}", help="Mean cross-entropy in nats; smaller is better.")
    st.metric("Mistakes", f"{int(answers.wrong.sum()):,} of {len(answers.labels):,}")
    st.metric("Best epoch", f"{run.result.best_epoch} of {run.epoch}" if run.epoch else "–")
render_views(run, answers, tested)
