"""Whether the images beside the predictions of a run are those that it was tested on."""

from cnn_dash.datasets.dataset import Dataset
from cnn_dash.errors import DataError
from cnn_dash.evaluation.report import Report
from cnn_dash.runs.records import Run


def check_test_images(run: Run, report: Report, data: Dataset) -> str | None:
    """Compare a data set as it is now with what a run recorded of it.

    Returns:
        A warning if its content has changed although the test labels are the same; None if all is well, or the run is
        of an older version, which did not record the content.

    Raises:
        DataError: If the test labels are others, so that no prediction has its image any more.
    """
    if len(data.test) != len(report.labels) or (data.test.labels != report.labels).any():
        raise DataError(
            f"The test images of {data.title} are no longer those that run {run.id} was tested on. "
            "Put the former files back, or train again with the same settings."
        )
    if run.data_sha256 in (None, data.content_hash):
        return None
    return (
        f"{data.title} has changed since run {run.id} was trained: an image below may not be the one that the network "
        "was tested on. The metrics are those of the former images. Put the former files back, or train again with the "
        "same settings."
    )
