"""The choice of a pretrained base in the network form: what it means, and its weights, which have to be here."""

import streamlit as st

from cnn_dash.config import Base
from cnn_dash.errors import ConfigError
from cnn_dash.jobs import Job
from cnn_dash.models import base_weights
from cnn_dash.models.bases import BASES
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_calculations, open_store
from cnn_dash.ui.train.setting_widgets import render_setting


def render_base() -> Base:
    """Draw the choice, and return it."""
    render_setting("model.base")
    name: Base = st.session_state[widget_keys.setting("model.base")]
    if name != "none":
        base = BASES[name]
        st.caption(
            f"{base.about} It stays as it is and takes the place of the convolution blocks; only the layers after it "
            f"learn. Images are enlarged to {base.size}×{base.size} pixels, at which it was trained, and grey is "
            "repeated for each colour. It looks at each image once, before the first epoch; what it found is kept for "
            "other runs."
        )
        _weights(name)
    return name


def _weights(name: Base) -> None:
    """Draw the button that downloads the weights, if they are not here; why they cannot be had is said above it."""
    settings, jobs = open_store().settings, open_calculations()
    try:
        if base_weights.find(name, settings) is not None:
            return
    except ConfigError:  # another file has its name: the plan says so
        return
    key = ("base weights", name, settings.base_weights, str(settings.data_dir))

    def fetch(job: Job[bool]) -> bool:
        base_weights.fetch(
            name, settings, lambda some: job.tell(str(some), some.done_bytes / (some.total_bytes or 1e9))
        )
        return True

    asked = st.button(
        f"Download its weights ({BASES[name].download_mb} MB)",
        key=widget_keys.TRAIN_BASE_WEIGHTS,
        icon=":material/download:",
        disabled=jobs.known(key) is not None,
    )
    if (asked or jobs.known(key) is not None) and result_of(jobs, key, fetch, "Downloading weights"):
        st.rerun()  # the plan beside has been drawn without them
