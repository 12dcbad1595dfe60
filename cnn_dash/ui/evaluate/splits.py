"""What the images of a split are called."""

from cnn_dash.evaluation.report import Split

SPLITS: dict[Split, str] = {"test": "test", "train": "training"}
"""As in `test images`; by name of the split."""
