"""What a configuration amounts to, before it is trained: drawing, layer table, learning rate, time."""

import streamlit as st

from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import ConfigError
from cnn_dash.models.layer_table import LayerTable, layer_table
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.formatting import count
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import network_drawing, schedule_drawing
from cnn_dash.ui.train.data_and_preset import render_changes
from cnn_dash.ui.train.edit_queued import render_edit
from cnn_dash.ui.train.layer_rows import layer_rows_html
from cnn_dash.ui.train.start import render_start

# As tall as the drawing and the line of figures below it, so that the button stays where it is.
NO_DRAWING_PX = 260


def render_plan(config: RunConfig, edited: Run | None) -> None:
    """Draw what the settings amount to, and the button that starts a run or saves the changes of one.

    A network that cannot be built is said where its drawing would be.

    Args:
        config: What the form says.
        edited: The waiting run whose settings are changed, or None.
    """
    entry = catalogue.get(config.data.dataset)
    table: LayerTable | None = None
    problem: str | None = None
    try:
        table = layer_table(config.model, entry.image_shape, len(entry.class_names))
        _drawing(config, table, entry)
    except ConfigError as error:
        problem = str(error)
        with st.container(height=NO_DRAWING_PX, border=False, vertical_alignment="center"):
            render_error(problem)
    if edited is None:
        render_start(config)
    else:
        render_edit(edited, config if problem is None else None)
    render_changes(config)
    if table is not None:
        with st.expander("Layers", icon=":material/table_rows:", expanded=True):
            st.html(layer_rows_html(table))
    _schedule(config)


def _drawing(config: RunConfig, table: LayerTable, entry: catalogue.DatasetInfo) -> None:
    figure, alt = network_drawing(config.model, entry.image_shape, len(entry.class_names))
    st.plotly_chart(figure, key=widget_keys.TRAIN_NETWORK_CHART, alt=alt, config={"displayModeBar": False})
    work, field = count(table.multiply_adds), table.receptive_field
    fixed = table.parameters - table.trainable_parameters
    averages = f", {fixed:,} of them averages" if fixed else ""
    st.markdown(
        f"**{table.parameters:,}** parameters{averages} · **{work}** multiply-adds · sees **{field}×{field}**",
        help="Numbers that the network holds, which training adjusts (but for the moving averages of batch "
        "normalization); products summed for one picture; the pixels that one value of the last map depends on (its "
        "receptive field).",
    )


def _schedule(config: RunConfig) -> None:
    train = config.train
    figure, alt = schedule_drawing(train)
    st.markdown("**Learning rate over the run**")
    st.plotly_chart(figure, key=widget_keys.TRAIN_SCHEDULE_CHART, alt=alt, config={"displayModeBar": False})
    if train.schedule == "reduce_on_plateau":
        st.caption(
            f"Falls to {100 * train.step_factor:g} % each time the validation loss has not improved for "
            f"{train.plateau_patience} epochs; when that will be, nobody knows yet."
        )
