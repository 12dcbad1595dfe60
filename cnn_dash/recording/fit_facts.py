"""What a `fit` knows of its size: epochs, batches, images. What it does not say is None."""

from typing import Any

from cnn_dash.recording.ending import fit_local


def count(value: Any) -> int | None:
    """Return a number of epochs or batches; None where it is not known."""
    return int(value) if isinstance(value, int | float) and value == value and 0 < value < 2**31 else None


def data_size(batches: int | None) -> tuple[int | None, int | None]:
    """Return the images of a batch and of an epoch, as far as `fit` knows them."""
    try:
        adapter = fit_local("epoch_iterator").data_adapter
        size = count(adapter.batch_size)
        if size is None or batches is None or adapter.num_batches != batches:
            return size, None
        partial = count(adapter.partial_batch_size) if adapter.has_partial_batch else None
        return size, (batches - 1) * size + (partial or size)
    except Exception:  # a loop of one's own, or another version of Keras
        return None, None
