"""The images that a run was tested on: of our data sets, or those that another program has left."""

import numpy as np
import streamlit as st

from cnn_dash.errors import DataNotFound
from cnn_dash.evaluation.changed_data import check_test_images
from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.session.resources import dataset, left_images, network_input


def tested_images(run: Run, answers: Report) -> TestImages:
    """Return the images and classes beside which the predictions of a run are shown; a change of data is said.

    There are no images if the data set is gone; that is said too.

    Raises:
        DataError: If they are no longer those that it was tested on.
        StoreError: If the images that another program has left cannot be read.
    """
    assert run.result is not None  # only runs with a result can be chosen
    if run.source is Source.EXTERNAL:
        left = left_images(run.id, run.result.folder)
        if not len(left.images):
            st.caption("Its program has left no images that could be shown, only what was predicted for them.")
        elif len(left.images) < len(answers.labels):
            st.caption(f"The first {len(left.images):,} of {len(answers.labels):,} test images are kept to be shown.")
        return left
    assert run.dataset is not None  # a run of ours has one
    try:
        data = dataset(run.dataset)
    except DataNotFound as error:
        render_error(error)
        known = network_input(run.id, run.result.folder)
        return TestImages(known.class_names, np.empty((0, *known.image_shape), np.uint8))
    if changed := check_test_images(run, answers, data):
        st.warning(changed)
    return TestImages(data.class_names, np.asarray(data.test.images))
