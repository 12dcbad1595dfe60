"""One test image: what the network gives for it, and the training images that it finds most alike."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from cnn_dash.errors import CnnDashError, StoreError
from cnn_dash.evaluation.kept import kept_file
from cnn_dash.evaluation.nearest import MOST_IMAGES, Nearest
from cnn_dash.evaluation.processes import run_task
from cnn_dash.evaluation.report import Report
from cnn_dash.evaluation.run_images import at_positions
from cnn_dash.jobs import Job
from cnn_dash.plots.layout import percent
from cnn_dash.plots.probabilities import probability_info
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.probability_bars import bars_html
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.components.waiting import LOOK_EVERY_S, render_progress
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import dataset, open_measurements, open_store

IMAGE_PX = 180
NEIGHBOUR_PX = 78


# Without the rerun, the part of a dialog that was closed would go on looking.
@st.dialog("Test image", icon=":material/image_search:", width="medium", on_dismiss="rerun")
def render_image_dialog(run: Run, report: Report, names: Sequence[str], images: np.ndarray, index: int) -> None:
    """Show an image of the test set.

    Args:
        run: The run on show.
        report: Its predictions.
        names: Of the classes.
        images: The test images, uint8 (N, H, W, C).
        index: Position of the image in the test set.
    """
    true, predicted = names[report.labels[index]], names[report.predicted[index]]
    with st.container(key=evaluate_keys.EVALUATE_IMAGE):
        picture, answer = st.columns([2, 3], vertical_alignment="center")
        with picture:
            alt = f"Test image {index}, of class {true}"
            line = f"predicted {predicted}"
            shown = Thumbnail(images[index], alt, (line, f"true: {true}"), correct=not report.wrong[index])
            render_thumbnails([shown], width_px=IMAGE_PX)
        with answer:
            st.html(bars_html(probability_info(report.probabilities[index], names)))
            place = int((report.probabilities[index] > report.of_label[index]).sum()) + 1
            said = f"The true class has {percent(float(report.of_label[index]))}"
            said += "." if place == 1 else f", place {place} of {len(names):,}."
            st.caption(f"Image {index:,} of the test set, counted from 0. {plain(said)}")
        if run.config is None or not run.has_network:
            return
        st.markdown("**Most alike training images**")
        _neighbours(run, report, names, index)


@st.fragment(key=evaluate_keys.EVALUATE_NEAREST_PART)
def _neighbours(run: Run, report: Report, names: Sequence[str], index: int) -> None:
    job = open_measurements().known(_key(run))
    if job is not None and not job.future.done():
        # It looks again by itself only if they were looked for when it was drawn; to wait would hold up all else.
        st.fragment(_looking, run_every=LOOK_EVERY_S)(job, run, report, names, index)
    else:
        _nearest(job, run, report, names, index)


def _looking(job: Job[Nearest], run: Run, report: Report, names: Sequence[str], index: int) -> None:
    if job.future.done():
        _nearest(job, run, report, names, index)
    else:
        render_progress(job, "Looking for them")


def _key(run: Run) -> tuple[str, int, str | None]:
    return "nearest", run.id, run.network_folder


def _nearest(job: Job[Nearest] | None, run: Run, report: Report, names: Sequence[str], index: int) -> None:
    try:
        found = _found(job, run, open_store().settings)
    except CnnDashError as error:
        render_error(error)
        found = None
    if found is None:
        st.caption(
            "Which of the training images does the network find most like this one? It is run once over up to "
            f"{MOST_IMAGES:,} of them, in the background; that takes some seconds, and is kept."
        )
        st.button(
            "Find them",
            key=evaluate_keys.EVALUATE_NEAREST,
            icon=":material/image_search:",
            on_click=partial(_start, run),
        )
    elif index >= len(found.indices):
        st.caption(f"They are known for the first {len(found.indices):,} test images.")
    else:
        _render_found(run, report, names, found, index)


def _render_found(run: Run, report: Report, names: Sequence[str], found: Nearest, index: int) -> None:
    assert run.dataset is not None  # a run of ours has one
    alike = at_positions(dataset(run.dataset), found.indices[index])
    predicted = int(report.predicted[index])
    render_thumbnails(
        (
            Thumbnail(
                pixels,
                f"Training image of class {names[label]}, similarity {value:.2f}",
                (names[label], f"{value:.2f}"),
            )
            for pixels, label, value in zip(alike.images, alike.labels, found.similarities[index], strict=True)
        ),
        width_px=NEIGHBOUR_PX,
    )
    same = int((alike.labels == predicted).sum())
    st.caption(
        f"{same} of {len(alike.labels)} are of the predicted class. Below each its class and the cosine similarity of "
        f"what the last dense layer gets, the nearest of {found.searched:,} training images first."
    )


def _found(job: Job[Nearest] | None, run: Run, settings: Settings) -> Nearest | None:
    if job is not None:
        return job.future.result()
    return Nearest.read(kept_file(ResultFolder.of(settings, run), "nearest.npz"))


def _start(run: Run) -> None:
    open_measurements().start(_key(run), partial(_search, open_store().settings, run), again=True)
    st.rerun([evaluate_keys.EVALUATE_NEAREST_PART])


def _search(settings: Settings, run: Run, job: Job[Nearest]) -> Nearest:
    run_task(job, settings, run.id, "nearest")
    found = Nearest.read(kept_file(ResultFolder.of(settings, run), "nearest.npz"))
    if found is None:
        raise StoreError(f"What was found for run {run.id} is gone. Try it once more.")
    return found
