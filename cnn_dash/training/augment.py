"""Random shifts, turns and zooms of training images, as one affine map for each image."""

import math

import keras
import tensorflow as tf

from cnn_dash.config import Augmentation


def augment(images: tf.Tensor, augmentation: Augmentation, seed: tf.Tensor, of_batch: int | None = None) -> tf.Tensor:
    """Shift, turn and zoom each image by its own random amounts; what comes in from outside is black.

    Args:
        images: float32 (N, H, W, C).
        augmentation: The largest amounts.
        seed: int32 (2,). The same seed draws the same amounts, whatever was drawn before.
        of_batch: Number of images of the batch that these are the first of; None if they are all of it.

    Returns:
        float32 (N, H, W, C), bilinearly sampled.
    """
    n, height, width = tf.shape(images)[0], images.shape[1], images.shape[2]
    draw = tf.random.stateless_uniform((4, n if of_batch is None else of_batch), seed, -1.0, 1.0)  # (4, N)
    if of_batch is not None:
        draw = draw[:, :n]
    shift_x = draw[0] * augmentation.shift * width
    shift_y = draw[1] * augmentation.shift * height
    angle = draw[2] * augmentation.rotation * (math.pi / 180)
    # The map goes from the result back to the source, so a larger factor makes the image smaller.
    factor = 1.0 / (1.0 + draw[3] * augmentation.zoom)
    cos, sin = tf.cos(angle) * factor, tf.sin(angle) * factor
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    # x_source = cos·(x - cx - sx) + sin·(y - cy - sy) + cx, and likewise for y: turned about the shifted centre.
    x, y = centre_x + shift_x, centre_y + shift_y
    zero = tf.zeros_like(cos)
    rows = [cos, sin, centre_x - cos * x - sin * y, -sin, cos, centre_y + sin * x - cos * y, zero, zero]
    transform = tf.stack(rows, axis=1)  # (N, 8)
    moved: tf.Tensor = keras.ops.image.affine_transform(images, transform, data_format="channels_last")
    return moved
