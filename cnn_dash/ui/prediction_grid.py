"""Test pictures with what the network said: ten at a time, filtered, shuffled, page by page."""

import streamlit as st

from cnn_dash.datasets.dataset import Dataset
from cnn_dash.evaluation.report import Report
from cnn_dash.ui import keys
from cnn_dash.ui.dataset_preview import enlarged

A_PAGE = 10
ENLARGE = 4
_SHUFFLE_SEED = "evaluate_shuffle_seed"


def render_prediction_grid(run_id: int, report: Report, data: Dataset, cell: tuple[int, int] | None) -> None:
    """Draw the filters and a page of pictures.

    Args:
        run_id: The run whose answers these are.
        report: Its answers.
        data: The data set, with the test pictures in the same order.
        cell: Actual and predicted class to show alone, as chosen in the confusion matrix.
    """
    names = data.class_names
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "Class",
            [None, *range(len(names))],
            key=keys.EVALUATE_CLASS,
            format_func=lambda value: "all" if value is None else names[value],
            width=150,
            disabled=cell is not None,
        )
        mistakes = st.toggle("Only mistakes", key=keys.EVALUATE_MISTAKES, disabled=cell is not None)
        if st.button("Shuffle", key=keys.EVALUATE_SHUFFLE, icon=":material/shuffle:"):
            st.session_state[_SHUFFLE_SEED] = st.session_state.get(_SHUFFLE_SEED, 0) + 1
            st.session_state[keys.EVALUATE_PAGE] = 1
    if cell is None:
        found = report.select(only_wrong=mistakes, label=label, shuffle=st.session_state.get(_SHUFFLE_SEED))
    else:
        found = report.select(label=cell[0], predicted=cell[1], shuffle=st.session_state.get(_SHUFFLE_SEED))
        st.caption(f"{names[cell[0]]} that was taken for {names[cell[1]]}.")
    if not len(found):
        st.info("No picture fits. Choose another class, or show more than the mistakes.")
        return
    last_page = -(-len(found) // A_PAGE)
    st.session_state[keys.EVALUATE_PAGE] = min(st.session_state.get(keys.EVALUATE_PAGE, 1), last_page)
    begin = (st.session_state[keys.EVALUATE_PAGE] - 1) * A_PAGE
    with st.container(key=keys.EVALUATE_GRID), st.grid(5, min_column_width=96, gap="small"):
        for index in found[begin : begin + A_PAGE]:
            _cell(report, data, int(index))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.pagination(last_page, key=keys.EVALUATE_PAGE)
        st.caption(f"{begin + 1:,} to {min(begin + A_PAGE, len(found)):,} of {len(found):,}")


def _cell(report: Report, data: Dataset, index: int) -> None:
    actual, predicted = data.class_names[report.labels[index]], data.class_names[report.predicted[index]]
    confidence = f"{100 * report.confidence[index]:.1f} %"
    wrong = bool(report.wrong[index])
    with st.container(border=True, gap="xsmall"):
        st.image(
            enlarged(data.test.images[index], ENLARGE),
            width="stretch",
            alt=f"Test picture {index}: {actual}, taken for {predicted}, {confidence} sure",
        )
        if wrong:
            st.markdown(f":orange-badge[:material/close: {predicted}] {confidence}")
            st.caption(f"is {actual}")
        else:
            st.markdown(f":blue-badge[:material/check: {predicted}] {confidence}")
            st.caption(f"is {actual}")
