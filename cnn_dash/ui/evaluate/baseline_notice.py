"""Says what to try after a run whose network is no better than the baseline."""

import streamlit as st

from cnn_dash.metrics import percent
from cnn_dash.runs.records import Run
from cnn_dash.ui.session import evaluate_keys, settings_url
from cnn_dash.ui.session.navigation import go

HIGH = 0.01


def render_baseline_notice(run: Run, baseline_accuracy: float) -> None:
    """Say that a network is no better than the baseline, what usually helps, and offer its settings.

    Args:
        run: The run whose network it is.
        baseline_accuracy: Accuracy of always predicting the most frequent class, 0–1.
    """
    train = run.recipe.train
    if train.learning_rate >= HIGH:
        first = f"Lower the learning rate, which was {train.learning_rate:g}, to a tenth or a hundredth."
    else:
        first = (
            f"If the loss still fell at the end, give it more epochs, or a higher learning rate than "
            f"{train.learning_rate:g}; if it never fell, a lower one."
        )
    st.warning(
        "This network has learned nothing: always predicting the most frequent class has about the same accuracy "
        f"({percent(baseline_accuracy)}). {first} Batch normalization in all blocks helps deep networks to begin.",
        icon=":material/sentiment_dissatisfied:",
    )
    if st.button("Try again with its settings", key=evaluate_keys.EVALUATE_TRY_AGAIN, icon=":material/model_training:"):
        go("train", **settings_url.to_query(run.recipe))
