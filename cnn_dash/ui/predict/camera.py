"""Takes a photo with the camera of the person's device."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.ui.session import widget_keys


def render_camera(is_open: bool) -> UploadedFile | None:
    """Draw the camera's picture and the button for a photo; return the photo, if one was taken.

    Args:
        is_open: Whether its tab is open. The browser asks for the camera as soon as this is drawn, and its light goes
            on: nobody who only draws should be asked.
    """
    if not is_open:
        return None
    photo = st.camera_input("Photo", key=widget_keys.PREDICT_CAMERA, label_visibility="collapsed")
    st.caption("The photo stays on this machine.")
    return photo
