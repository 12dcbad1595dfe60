"""The steps from picture to model input, in plain words; each can be switched off to see what it does."""

from dataclasses import replace

import numpy as np
import streamlit as st
from PIL import Image

from cnn_dash.inference import DRAWING, Prepared, Steps
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.pictures import as_it_lies, to_rgb, turn_back_of
from cnn_dash.inference.stages import stages_of
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.session import widget_keys

STAGE_PX = 120

_WORDS = {
    "upright": ("Turn it upright", "Off: the photo is not rotated."),
    "even_ground": ("Even out light and paper", "Off: the ground has one colour, that of the picture's border."),
    "remove_lines": ("Remove ruled lines, boxes and underlines", "Off: lines count as ink."),
    "choose": ("Choose one character", "Off: all ink of the picture is taken for one character."),
    "frame": (
        "Frame it as the training images are",
        "Off: nothing is looked for; the whole picture is scaled to the size of the model input.",
    ),
}
"""For each step of `Steps`, what it is called on the page, and what happens without it."""


def chosen_steps(drawn: bool = False) -> Steps:
    """Return the steps that are switched on in this session, of those that a drawing or a picture has: all at first."""
    return replace(_usual(drawn), **{name: _is_on(name) for name in _switches(drawn)})


def as_read(picture: Image.Image | np.ndarray) -> Image.Image:
    """Return what was brought as it is read: mode "RGB", upright unless that step is switched off."""
    return to_rgb(picture if chosen_steps().upright else as_it_lies(picture))


def render_steps_off(drawn: bool = False) -> None:
    """Say which steps are switched off, and offer to switch them on: who has forgotten it would wonder."""
    off = [_WORDS[name][0] for name in _switches(drawn) if not _is_on(name)]
    if off:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/toggle_off: Switched off: {', '.join(off).lower()}.", width="content")
            st.button("Switch on", key=widget_keys.PREDICT_STEPS_ON, type="tertiary", on_click=_switch_on)


def render_steps(
    prepared: Prepared | None,
    model_input: ModelInput,
    picture: Image.Image | np.ndarray,
    read: Image.Image,
    drawn: bool = False,
) -> None:
    """Draw the switches, and below them a picture of each step.

    Args:
        prepared: The character whose steps are shown; None if none was found.
        model_input: That of the network: one that learned from whole pictures has no other steps to switch.
        picture: What was brought: one that was upright has no step that turns it.
        read: The same as it is read, see `as_read`.
        drawn: Whether it was drawn on the canvas.
    """
    turn_back = turn_back_of(picture)
    switches = ["upright"] if turn_back is not None else []
    if model_input.framing is not None and model_input.image_shape[2] == 1:
        switches += [name for name in _switches(drawn) if name != "upright"]
    with st.expander("How the picture was prepared", icon=":material/filter_center_focus:"):
        for name in switches:
            label, explanation = _WORDS[name]
            key = widget_keys.predict_step(name)
            st.session_state.setdefault(key, True)
            st.toggle(label, key=key, help=explanation, persist_state="session")
        if prepared is not None:
            shown = stages_of(prepared, read, turn_back if chosen_steps().upright else None)
            stages = (Thumbnail(stage, f"Stage {title}", (title,)) for title, stage in shown)
            render_thumbnails(stages, width_px=STAGE_PX)


def _usual(drawn: bool) -> Steps:
    return DRAWING if drawn else Steps()


def _switches(drawn: bool) -> list[str]:
    return [name for name in _WORDS if getattr(_usual(drawn), name)]


def _is_on(name: str) -> bool:
    return bool(st.session_state.get(widget_keys.predict_step(name), True))


def _switch_on() -> None:
    for name in _WORDS:
        st.session_state[widget_keys.predict_step(name)] = True
