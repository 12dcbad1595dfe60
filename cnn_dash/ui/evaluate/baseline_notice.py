"""What to try after a run that learned nothing."""

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.components.formatting import percent
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.navigation import go

HIGH = 0.01


def render_baseline_notice(run: Run, chance: float) -> None:
    """Say that a network is not better than chance, what usually helps, and offer its settings.

    Args:
        run: The run whose network it is.
        chance: What one gets right, 0–1, who always says the most frequent class.
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
        "This network has learned nothing: one that always says the same class is right about as often "
        f"({percent(chance)}). {first} Batch normalization in all blocks helps deep networks to begin.",
        icon=":material/sentiment_dissatisfied:",
    )
    if st.button("Try again with its settings", key=widget_keys.EVALUATE_TRY_AGAIN, icon=":material/model_training:"):
        go("train", **settings_url.to_query(run.recipe))
