"""The test images with their predictions, filtered and ordered."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cnn_dash.evaluation.report import Order, Report
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.evaluate.image_page import render_image_page
from cnn_dash.ui.session import evaluate_keys

ALL = -1
ORDERS: dict[Order, str] = {
    "test set": "as in the test set",
    "hardest": "hardest first",
    "doubtful": "most doubtful first",
    "confident": "most confident first",
}
ORDER_HELP = (
    "Hardest: the least probability for the true class. Most doubtful: the two most probable classes closest to each "
    "other. Most confident: the largest probability, right or wrong."
)
_SHUFFLE_SEED = "evaluate_shuffle_seed"


def render_prediction_grid(
    run: Run, report: Report, names: Sequence[str], images: np.ndarray, cell: tuple[int, int] | None
) -> int | None:
    """Draw the filters and a page of images.

    Args:
        run: The run on show.
        report: Its predictions.
        names: Of the classes.
        images: The test images in the same order, uint8 (N, H, W, C); of another program they may be the first few.
        cell: True and predicted class to show alone, as chosen in the confusion matrix.

    Returns:
        The image that was clicked just now, as position in the test set, or None.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "True class",
            [ALL, *range(len(names))],
            key=evaluate_keys.EVALUATE_CLASS,
            format_func=lambda value: "all" if value == ALL else names[value],
            width=110,
            disabled=cell is not None,
        )
        order: Order = st.selectbox(
            "Order",
            list(ORDERS),
            key=evaluate_keys.EVALUATE_ORDER,
            format_func=lambda name: ORDERS[name],
            width=190,
            help=ORDER_HELP,
            on_change=_forget_shuffle,
        )
        mistakes = st.toggle("Mistakes only", key=evaluate_keys.EVALUATE_MISTAKES, disabled=cell is not None)
    seed = st.session_state.get(_SHUFFLE_SEED)
    if cell is None:
        found = report.select(only_wrong=mistakes, label=None if label == ALL else label, order=order, shuffle=seed)
    else:
        if order == "test set":
            order = "confident"
        found = report.select(label=cell[0], predicted=cell[1], order=order, shuffle=seed)
        how = "shuffled" if seed is not None else ORDERS[order]
        st.caption(plain(f"True class {names[cell[0]]}, predicted class {names[cell[1]]}, {how}."))
    found = found[found < len(images)]
    with st.container(key=evaluate_keys.EVALUATE_GRID):
        if len(found):
            return render_image_page(
                run,
                report,
                names,
                images,
                found,
                page_key=evaluate_keys.EVALUATE_PAGE,
                images_key=evaluate_keys.EVALUATE_IMAGES,
                beside=_render_shuffle,
            )
        st.info(
            "No image matches. Choose another class, or turn “Mistakes only” off."
            if cell is None
            else f"No {plain(names[cell[0]])} was predicted as {plain(names[cell[1]])}. "
            "Choose another cell, or clear the choice to see all images."
        )
    return None


def _render_shuffle() -> None:
    st.button("Shuffle", key=evaluate_keys.EVALUATE_SHUFFLE, icon=":material/shuffle:", on_click=_shuffle)


def _shuffle() -> None:
    st.session_state[_SHUFFLE_SEED] = st.session_state.get(_SHUFFLE_SEED, 0) + 1


def _forget_shuffle() -> None:
    st.session_state.pop(_SHUFFLE_SEED, None)
