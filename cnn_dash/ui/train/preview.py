"""What a configuration amounts to, before it is trained: drawing, layer table, learning rate, time."""

import streamlit as st

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.runs.preview import Preview, preview
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.formatting import count
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import finished_runs, network_drawing, open_store, schedule_drawing
from cnn_dash.ui.train.data_and_preset import render_changes
from cnn_dash.ui.train.edit_queued import render_edit
from cnn_dash.ui.train.layer_rows import layer_rows_html
from cnn_dash.ui.train.start import render_start

# As tall as the drawing and the line of numbers below it, so that the button stays where it is.
NO_DRAWING_PX = 260


def render_plan(config: RunConfig, edited: Run | None) -> None:
    """Draw what the settings amount to, and the button that starts a run or saves the changes of one.

    A network that cannot be built is said where its drawing would be.

    Args:
        config: What the form says.
        edited: The waiting run whose settings are changed, or None.
    """
    checked: Preview | None = None
    try:
        checked = preview(open_store().settings, config, finished_runs())
        _drawing(checked)
    except ConfigError as error:
        with st.container(height=NO_DRAWING_PX, border=False, vertical_alignment="center"):
            render_error(error)
    if edited is None:
        render_start(config, checked)
    else:
        render_edit(edited, config if checked else None)
    render_changes(config)
    if checked is not None:
        with st.expander("Layers", icon=":material/table_rows:", expanded=True):
            st.html(layer_rows_html(checked.table))
    _schedule(config)


def _drawing(checked: Preview) -> None:
    table = checked.table
    plot, alt = network_drawing(table, checked.dataset.image_shape)
    st.plotly_chart(plot, key=widget_keys.TRAIN_NETWORK_CHART, alt=alt, config={"displayModeBar": False})
    work, field = count(table.multiply_adds), table.receptive_field
    fixed = table.parameters - table.trainable_parameters
    frozen = f", {fixed:,} of them not trainable" if fixed else ""
    st.markdown(
        f"**{table.parameters:,}** parameters{frozen} · **{work}** multiply-adds · receptive field **{field}×{field}**",
        help="Parameters: all numbers that the network holds; not trainable are a pretrained base and the moving "
        "averages of batch normalization. Multiply-adds: products summed for one image. Receptive field: the pixels "
        "that one value of the last feature map depends on.",
    )


def _schedule(config: RunConfig) -> None:
    train = config.train
    plot, alt = schedule_drawing(train)
    st.markdown("**Learning rate over the run**")
    st.plotly_chart(plot, key=widget_keys.TRAIN_SCHEDULE_CHART, alt=alt, config={"displayModeBar": False})
    if train.schedule == "reduce_on_plateau":
        st.caption(
            f"Falls to {100 * train.step_factor:g} % each time the validation loss has not improved for "
            f"{train.plateau_patience} epochs; when that happens depends on the run."
        )
