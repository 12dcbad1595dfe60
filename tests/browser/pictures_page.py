"""A picture with boxes, and cards, without a network."""

import numpy as np
import streamlit as st
from PIL import Image

from cnn_dash.inference.pieces import Box
from cnn_dash.ui.components.data_urls import data_url
from cnn_dash.ui.components.picture_boxes import ReadBox, render_picture_boxes
from cnn_dash.ui.components.picture_cards import Card, Said, render_picture_cards

st.title("Pictures")
chosen: Box | None = st.session_state.get("chosen")


def choose(box: Box | None) -> None:
    """Remember what was chosen."""
    st.session_state.chosen = box


def ask_for(key: str) -> None:
    """Remember which card was clicked."""
    st.session_state.asked = key


picture = Image.fromarray(np.full((400, 600, 3), 230, np.uint8))
read = [ReadBox(chosen, "")] if chosen else [ReadBox((100, 60, 200, 120), "4"), ReadBox((100, 140, 200, 200), "2 ?")]
with st.container(key="boxes"):
    render_picture_boxes(picture, read, [(250, 400, 350, 460)], by_hand=chosen, on_choice=choose, key="picture")
st.text(f"Chosen: {chosen}")
small = data_url(picture, 160)
cards = [Card(str(n), f"{n}.png", small, small, (Said("", str(n % 10), "99.0 %"),), "", n < 3) for n in range(40)]
with st.container(key="cards"):
    render_picture_cards(cards, on_open=ask_for, key="grid")
st.text(f"Asked for: {st.session_state.get('asked')}")
