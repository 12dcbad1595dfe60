"""What a configuration amounts to, before it is trained: drawing, layer table, learning rate, time."""

import streamlit as st

from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.figures import network, schedule
from cnn_dash.models.layer_table import LayerTable, layer_table
from cnn_dash.runs.estimate import estimate
from cnn_dash.runs.status import Status
from cnn_dash.runs.submit import submit
from cnn_dash.training.schedule import planned_rates
from cnn_dash.ui import keys
from cnn_dash.ui.layer_rows import layer_rows_html
from cnn_dash.ui.resources import open_store
from cnn_dash.ui.run_panel import watch
from cnn_dash.ui.words import count


def render_plan(config: RunConfig) -> None:
    """Draw what the settings amount to, and the button that starts a run.

    Raises:
        ConfigError: If the network cannot be built.
    """
    entry = catalogue.get(config.data.dataset)
    table = layer_table(config.model, entry.image_shape, len(entry.class_names))
    _drawing(table, entry)
    _start(config, entry, table)
    with st.expander("Layers", icon=":material/table_rows:", expanded=True):
        st.html(layer_rows_html(table))
    _schedule(config)


def _drawing(table: LayerTable, entry: catalogue.Entry) -> None:
    info = network.network_info(table.rows, entry.image_shape)
    figure, alt = network.network_figure(info), network.describe(info)
    st.plotly_chart(figure, key=keys.TRAIN_NETWORK_CHART, alt=alt, config={"displayModeBar": False})
    work, field = count(table.multiply_adds), table.receptive_field
    fixed = table.parameters - table.trainable_parameters
    averages = f", {fixed:,} of them averages" if fixed else ""
    st.markdown(
        f"**{table.parameters:,}** parameters{averages} · **{work}** multiply-adds · sees **{field}×{field}**",
        help="Numbers that the network holds, which training adjusts (but for the moving averages of batch "
        "normalization); products summed for one picture; the pixels that one value of the last map depends on (its "
        "receptive field).",
    )


def _start(config: RunConfig, entry: catalogue.Entry, table: LayerTable) -> None:
    store = open_store()
    expected = estimate(
        config.train,
        train_images=entry.train_count,
        multiply_adds=table.multiply_adds,
        earlier=store.runs(Status.FINISHED, limit=20),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Train", key=keys.TRAIN_START, type="primary", icon=":material/play_arrow:")
        epochs = config.train.epochs
        here = catalogue.is_local(entry.name, store.settings.data_dir)
        first = "" if here else f", after {entry.download_mb} MB of data"
        st.caption(f"{epochs} epoch{'s' if epochs > 1 else ''}, {expected}{first}", width="content")
    if pressed:
        watch(submit(store, config))


def _schedule(config: RunConfig) -> None:
    train = config.train
    info = schedule.schedule_info(*planned_rates(train))
    figure, alt = schedule.schedule_figure(info), schedule.describe(info)
    st.markdown("**Learning rate over the run**")
    st.plotly_chart(figure, key=keys.TRAIN_SCHEDULE_CHART, alt=alt, config={"displayModeBar": False})
    if train.schedule == "reduce_on_plateau":
        st.caption(
            f"Falls to {100 * train.step_factor:g} % each time the validation loss has not improved for "
            f"{train.plateau_patience} epochs; when that will be, nobody knows yet."
        )
