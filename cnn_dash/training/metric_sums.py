"""Sums over a stretch of training, from which the metrics follow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MetricSums:
    """Sums over some batches, and the means that they give; those of two stretches add up.

    Args:
        loss_sum: Sum of the losses of all images.
        right: Number of right predictions.
        images: Number of images.
        timed_images: Number of those images whose time was taken.
        seconds: The time that these took.
    """

    loss_sum: float = 0.0
    right: int = 0
    images: int = 0
    timed_images: int = 0
    seconds: float = 0.0

    def __add__(self, other: "MetricSums") -> "MetricSums":
        return MetricSums(
            self.loss_sum + other.loss_sum,
            self.right + other.right,
            self.images + other.images,
            self.timed_images + other.timed_images,
            self.seconds + other.seconds,
        )

    @property
    def loss(self) -> float:
        """Mean loss of an image."""
        return self.loss_sum / self.images

    @property
    def accuracy(self) -> float:
        """Share of right predictions, 0–1."""
        return self.right / self.images

    @property
    def images_per_second(self) -> float:
        """Speed over the images whose time was taken; 0 if there were none."""
        return self.timed_images / self.seconds if self.seconds else 0.0
