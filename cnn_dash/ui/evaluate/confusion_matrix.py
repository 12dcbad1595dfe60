"""The confusion matrix: a cell is chosen by a click, in the list of the most confused pairs, or by keyboard."""

from functools import partial

import pandas as pd
import streamlit as st

from cnn_dash.plots import confusion
from cnn_dash.text import as_cell
from cnn_dash.ui.session import evaluate_keys

Cell = tuple[int, int]

SCALES: dict[confusion.Scale, str] = {"counts": "Counts", "rows": "By row", "columns": "By column"}
HELP = (
    "Counts: images. By row: per cent of the true class (recall on the diagonal). By column: per cent of what was "
    "predicted as the class (precision on the diagonal). Mistakes are shaded by the logarithm."
)
MOST_PAIRS = 500
"""So many mistakes are in the list and among the cells to choose from; any other cell can be clicked."""
LIST_ROWS = 7

# How often the plot or the list was drawn anew, because a cell was chosen elsewhere: they keep their own selection.
_PLOT, _LIST = "evaluate_matrix_version", "evaluate_pairs_version"


def render_confusion_matrix(info: confusion.ConfusionInfo) -> Cell | None:
    """Draw the matrix; return true and predicted class of the cell that is chosen, or None."""
    pairs = confusion.confused_pairs(info, MOST_PAIRS)
    scale: confusion.Scale = (
        st.segmented_control(
            "Cells show",
            list(SCALES),
            key=evaluate_keys.EVALUATE_CONFUSION,
            format_func=lambda name: SCALES[name],
            default="counts",
            required=True,
            help=HELP,
        )
        or "counts"
    )
    cell = _chosen(info)
    plot_key = _versioned(evaluate_keys.EVALUATE_MATRIX, _PLOT)
    # A cell that was clicked is marked by the plot itself; one that was chosen elsewhere gets a frame.
    framed = None if confusion.cell_of(st.session_state.get(plot_key)) == cell else cell
    with st.container(key=evaluate_keys.EVALUATE_MATRIX):
        st.plotly_chart(
            confusion.confusion_plot(info, scale, chosen=framed),
            key=plot_key,
            on_select=partial(_click, plot_key, framed),
            selection_mode="points",
            alt=confusion.describe(info),
            config={"displayModeBar": False},
        )
    if len(info.class_names) > confusion.MAX_CELL_CLASSES:
        st.caption("Drag to zoom in; double-click to see the whole matrix.")
    if left_out := confusion.left_out(info):
        st.caption(f"Only the {confusion.MAX_MISTAKE_CELLS:,} most frequent mistakes are drawn, {left_out:,} are not.")
    cells = [(pair.true, pair.predicted) for pair in pairs]
    cells += [(one, one) for one in range(len(info.class_names)) if info.matrix[one, one]][:MOST_PAIRS]
    if cell is not None and cell not in cells:
        cells.insert(0, cell)
    st.selectbox(
        "Cell",
        cells,
        key=evaluate_keys.EVALUATE_CELL,
        index=None,
        format_func=lambda one: _label(info, one),
        placeholder="All images",
        help="True class → predicted class, the most frequent mistakes first. Or click a cell; click it again to see "
        "all images.",
        on_change=_chosen_elsewhere,
        args=(_PLOT, _LIST),
    )
    if pairs:
        with st.expander("Most confused pairs", expanded=len(info.class_names) > confusion.MAX_NAMED_CLASSES):
            _render_pairs(info, pairs)
    return cell


def _render_pairs(info: confusion.ConfusionInfo, pairs: list[confusion.ConfusedPair]) -> None:
    names = info.class_names
    table = pd.DataFrame(
        {
            "true": [as_cell(names[pair.true]) for pair in pairs],
            "predicted": [as_cell(names[pair.predicted]) for pair in pairs],
            "images": [pair.count for pair in pairs],
            "share": [pair.share for pair in pairs],
        }
    )
    key = _versioned(evaluate_keys.EVALUATE_PAIRS, _LIST)
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height=35 * (min(LIST_ROWS, len(pairs)) + 1) + 3,
        on_select=partial(_pick, key, [(pair.true, pair.predicted) for pair in pairs]),
        selection_mode="single-row",
        column_config={
            "images": st.column_config.NumberColumn("Images"),
            "true": "True",
            "predicted": "Predicted",
            "share": st.column_config.NumberColumn("Of class", format="percent", help="Share of the true class."),
        },
        alt="The most confused pairs of classes, most images first",
    )


def _label(info: confusion.ConfusionInfo, cell: Cell) -> str:
    true, predicted = cell
    return f"{info.class_names[true]} → {info.class_names[predicted]} ({int(info.matrix[cell]):,})"


def _chosen(info: confusion.ConfusionInfo) -> Cell | None:
    """Return the chosen cell; one of another run that has no such classes is forgotten."""
    cell: Cell | None = st.session_state.get(evaluate_keys.EVALUATE_CELL)
    if cell is not None and max(cell) >= len(info.class_names):
        cell = st.session_state[evaluate_keys.EVALUATE_CELL] = None
    return cell


def _versioned(key: str, counter: str) -> str:
    return f"{key}_{st.session_state.get(counter, 0)}"


def _chosen_elsewhere(*counters: str) -> None:
    """Have the plot or the list begin anew, without what was chosen in them."""
    for counter in counters:
        st.session_state[counter] = st.session_state.get(counter, 0) + 1


def _click(key: str, framed: Cell | None) -> None:
    cell = confusion.cell_of(st.session_state.get(key))
    # The plot knows nothing of the frame: it takes the click that should end the choice for one that makes it.
    st.session_state[evaluate_keys.EVALUATE_CELL] = None if cell == framed else cell
    # Nor does its own mark outlive that the frame goes: then it begins anew.
    _chosen_elsewhere(_LIST, *([] if framed is None else [_PLOT]))


def _pick(key: str, cells: list[Cell]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state[evaluate_keys.EVALUATE_CELL] = cells[rows[0]] if rows and rows[0] < len(cells) else None
    _chosen_elsewhere(_PLOT)
