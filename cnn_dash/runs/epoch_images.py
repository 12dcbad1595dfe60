"""The images of the last epoch, as a file of a run: written by its worker, sent to the live panel as it is.

It is JSON with a picture in it, so that whoever watches costs the server nothing but the reading of a small file:

    epoch          after which these images were chosen
    height, width  of an image
    strip          `data:` URL of a PNG with all images side by side: worst, best, batch
    worst, best    of each validation image its class, the predicted class, and the probability of its own class
    batch          of each image of a training batch its class
    batch_size     how many images that batch had
    augmented      whether they were shifted, turned or zoomed
"""

import contextlib

from cnn_dash.runs.folder import RunFolder

_KEPT = 2
"""The newest may be that of an epoch which is not recorded yet: then the one before it is shown."""


def write(folder: RunFolder, attempt: int, epoch: int, content: bytes) -> None:
    """Keep the images of an epoch of a claim, in place of those before the last.

    Raises:
        OSError: If they cannot be written.
    """
    key = f"{_prefix(folder)}/{attempt:04d}-{epoch:05d}.json"
    folder.artifacts.put(key, lambda file: file.write_bytes(content))
    with contextlib.suppress(OSError):
        for old in _keys(folder)[:-_KEPT]:
            folder.artifacts.delete(old)


def newest(folder: RunFolder, epoch: int) -> bytes | None:
    """Return the images of the last epoch that has any, or None.

    Args:
        folder: Of the run.
        epoch: Finished epochs of the run. It may have been put back behind images that are there.
    """
    for key in reversed(_keys(folder)):
        if int(key.rpartition("-")[2].removesuffix(".json")) <= epoch:
            with contextlib.suppress(FileNotFoundError), folder.artifacts.open(key) as file:  # just deleted
                return file.read()
    return None


def _prefix(folder: RunFolder) -> str:
    return f"{folder.key}/epoch-images"


def _keys(folder: RunFolder) -> list[str]:
    """Return the keys of all that are whole, in the order of claims and epochs."""
    found = (artifact.key for artifact in folder.artifacts.list(_prefix(folder)))
    return sorted(key for key in found if not key.rpartition("/")[2].startswith("part-"))
