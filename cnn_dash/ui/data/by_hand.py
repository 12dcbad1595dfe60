"""Pictures labelled by hand: several files, or photos of the camera, into classes that a person names."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.labelled_pictures import LabelledPictures, checked_class_name
from cnn_dash.errors import DataError, PictureError
from cnn_dash.inference.pictures import open_picture, to_rgb_within
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.data.brought import Brought, of_pictures
from cnn_dash.ui.session import widget_keys

TYPES = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif")
FEWEST_CLASSES = 2
_PICTURES = "data_labelled"
_PROBLEM = "data_labelled_problem"
_ROUND = "data_labelled_round"
_SMALL = "data_labelled_small"
_SHOWN = 8
_THUMBNAIL_PX = 48


def render_by_hand() -> Brought | None:
    """Draw the classes so far and the way to add pictures; return an archive of them once the person goes on."""
    pictures: LabelledPictures = st.session_state.setdefault(_PICTURES, LabelledPictures())
    round_number: int = st.session_state.get(_ROUND, 0)
    st.text_input("Class", key=widget_keys.DATA_HAND_CLASS, placeholder="for example: cup")
    source = st.segmented_control(
        "Pictures from", ["files", "camera"], default="files", required=True, key=widget_keys.DATA_HAND_SOURCE
    )
    if source == "files":
        st.file_uploader(
            "Pictures of this class",
            type=list(TYPES),
            accept_multiple_files=True,
            key=widget_keys.numbered(widget_keys.DATA_HAND_FILES, round_number),
            max_upload_size=20,
        )
    else:  # drawn only now: the browser asks for the camera as soon as it is
        st.camera_input("Photo", key=widget_keys.numbered(widget_keys.DATA_HAND_PHOTO, round_number))
    st.button("Add to the class", key=widget_keys.DATA_HAND_ADD, icon=":material/add:", on_click=_add)
    if problem := st.session_state.get(_PROBLEM):
        render_error(problem)
    small = st.session_state.get(_SMALL, {})
    for number, (name, files) in enumerate(list(pictures.classes.items())):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(name)}** · {len(files)}")
            st.button(
                "Remove",
                key=widget_keys.numbered(widget_keys.DATA_HAND_REMOVE, number),
                type="tertiary",
                icon=":material/delete:",
                on_click=pictures.remove,
                args=(name,),
            )
        render_thumbnails(
            (Thumbnail(small[one.name], f"Picture of {name}") for one in files[-_SHOWN:]),
            width_px=_THUMBNAIL_PX,
        )
    if len(pictures.classes) < FEWEST_CLASSES:
        st.caption(f"{FEWEST_CLASSES} classes and 12 pictures at least; 20 and more of each class are better.")
        return None
    if not st.toggle("Make a data set of them", key=widget_keys.DATA_HAND_DONE):
        return None
    return of_pictures(pictures)


def _add() -> None:
    """Put what was chosen into the class, and draw an empty uploader for the next."""
    round_number = st.session_state.get(_ROUND, 0)
    files = list(st.session_state.get(widget_keys.numbered(widget_keys.DATA_HAND_FILES, round_number)) or [])
    photo = st.session_state.get(widget_keys.numbered(widget_keys.DATA_HAND_PHOTO, round_number))
    if photo is not None:
        files.append(photo)
    st.session_state[_PROBLEM] = None
    if not files:
        st.session_state[_PROBLEM] = "There is no picture to add. Choose files, or take a photo, first."
        return
    pictures: LabelledPictures = st.session_state[_PICTURES]
    small: dict[str, NDArray[np.uint8]] = st.session_state.setdefault(_SMALL, {})
    bad: list[str] = []
    try:
        name = checked_class_name(st.session_state.get(widget_keys.DATA_HAND_CLASS, ""))
        for file in files:
            try:
                shown = _small(file.getvalue(), file.name)
            except PictureError as error:
                bad.append(str(error))
                continue
            small[pictures.add(name, file.getvalue(), file.name).name] = shown
    except DataError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    if bad:
        st.session_state[_PROBLEM] = f"{len(bad)} of {len(files)} pictures were left out. {bad[0]}"
    st.session_state[_ROUND] = round_number + 1


def _small(content: bytes, file_name: str) -> NDArray[np.uint8]:
    """Return the middle of a picture: uint8 (48, 48, 3).

    Raises:
        PictureError: If it cannot be read.
    """
    picture, _ = to_rgb_within(open_picture(content, file_name), 4 * _THUMBNAIL_PX)
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    square = picture.crop((left, top, left + side, top + side)).resize((_THUMBNAIL_PX, _THUMBNAIL_PX))
    return np.asarray(square)
