"""Mean and deviation of each class and the histogram of pixels, which several parts of the page show."""

from functools import partial

from cnn_dash.datasets.exploration.class_images import ClassImages, class_images
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.jobs import Job
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.session.resources import open_explorations


def class_images_of(data: Imported) -> ClassImages | None:
    """Return them, computed once for all parts; draw the progress and return None while they are not there."""
    return result_of(
        open_explorations(), ("class images", data.content_hash), partial(_compute, data), "Reading images"
    )


def _compute(data: Imported, job: Job[ClassImages]) -> ClassImages:
    return class_images(data, job.tell_share)
