"""The images whose label is probably wrong, with the label and the class that is likely."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.evaluation.label_check import LabelCheck
from cnn_dash.evaluation.report import Report, Split
from cnn_dash.plots.layout import percent
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.evaluate.image_dialog import IMAGE_PX, render_image_dialog
from cnn_dash.ui.evaluate.image_page import render_image_page
from cnn_dash.ui.evaluate.splits import SPLITS
from cnn_dash.ui.session import evaluate_keys

WIDTH_PX = 110


def render_doubtful_labels(
    run: Run, found: LabelCheck, names: tuple[str, ...], images: NDArray[np.uint8], split: Split, report: Report
) -> None:
    """Draw a page of them, to be opened and ticked.

    Args:
        run: The run on show.
        found: What was found, at least one image.
        names: Of the classes.
        images: All images of the split, uint8 (N, H, W, C).
        split: Which images they are.
        report: The predictions for the test images.
    """
    total, count = len(found.labels), len(found.ranked)
    st.markdown(
        f"**{count:,}** of {total:,} {SPLITS[split]} images ({percent(count / total)}) have a doubtful label, the most "
        "doubtful first. Tick those that are wrong, then give them another class, or leave them out."
    )

    def lines(index: int) -> tuple[str, ...]:
        likely = f"likely {names[found.likely[index]]} · {percent(float(found.confidence[index]))}"
        return f"label: {names[found.labels[index]]}", likely

    with st.container(key=evaluate_keys.EVALUATE_LABELS_GRID):
        opened = render_image_page(
            run,
            found,
            names,
            images,
            found.ranked,
            page_key=f"{evaluate_keys.EVALUATE_LABELS_PAGE}_{split}",
            images_key=f"{evaluate_keys.EVALUATE_LABELS_IMAGES}_{split}",
            lines=lines,
            width_px=WIDTH_PX,
            split=split,
            marked=False,
        )
    if opened is not None and split == "test":
        render_image_dialog(run, report, names, images, opened)
    elif opened is not None:
        _render_dialog(found, names, images, opened)


@st.dialog("Training image", icon=":material/image_search:")
def _render_dialog(found: LabelCheck, names: tuple[str, ...], images: NDArray[np.uint8], index: int) -> None:
    label, likely = names[found.labels[index]], names[found.likely[index]]
    render_thumbnails(
        [Thumbnail(images[index], f"Training image {index}, with the label {label}", (f"label: {label}",))],
        width_px=IMAGE_PX,
    )
    st.dataframe(
        {"Class": [likely, label], "Probability": [float(found.confidence[index]), float(found.of_label[index])]},
        hide_index=True,
        column_config={"Probability": st.column_config.NumberColumn(format="percent")},
        alt="What a network that has not learned from the image says of it",
    )
    st.caption(
        f"Image {index:,} of the training images, counted from 0, by a network that has not learned from it: the "
        "likely class, and that of the label."
    )
