"""Images that an exported program moves: as far as ours, with Keras' layers."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from cnn_dash import presets
from cnn_dash.config import Augmentation
from cnn_dash.exporters.plain_keras.network import network
from cnn_dash.training.augment import augment

DRAWS = 400
SIDE = 64


def layers_of(augmentation: Augmentation) -> list[Any]:
    """The layers before the pixels are scaled, built from the code of the program."""
    section = network(presets.get("compact-valid").model, augmentation, (SIDE, SIDE, 1), 10)
    names: dict[str, Any] = {}
    exec("\n".join((*section.imports, section.code)), names)
    kinds = [type(layer).__name__ for layer in names["model"].layers]
    return list(names["model"].layers[: kinds.index("Rescaling")])


def bars() -> np.ndarray:
    """The same lying bar, DRAWS times: float32 (DRAWS, SIDE, SIDE, 1)."""
    image = np.zeros((SIDE, SIDE, 1), np.float32)
    image[28:36, 16:48] = 255
    return np.repeat(image[None], DRAWS, axis=0)


def measured(images: np.ndarray) -> dict[str, np.ndarray]:
    """Place, angle in degrees and size of what is on each image, from its moments."""
    weights = images[..., 0] / images.sum(axis=(1, 2, 3))[:, None, None]
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    place_x, place_y = (np.einsum("nhw,hw->n", weights, axis) for axis in (x, y))
    away_x, away_y = (axis[None] - place[:, None, None] for axis, place in ((x, place_x), (y, place_y)))
    xx, yy, xy = ((weights * one * other).sum(axis=(1, 2)) for one, other in (
        (away_x, away_x), (away_y, away_y), (away_x, away_y)
    ))  # fmt: skip
    angle = np.degrees(np.arctan2(2 * xy, xx - yy) / 2)
    return {"x": place_x, "y": place_y, "angle": angle, "size": np.sqrt(xx + yy)}


@pytest.mark.parametrize(
    ("augmentation", "kinds", "changed", "reach"),
    [
        (Augmentation(shift=0.1), ["RandomTranslation"], ("x", "y"), 0.1 * SIDE),
        (Augmentation(rotation=20), ["RandomRotation"], ("angle",), 20.0),
        (Augmentation(zoom=0.2), ["RandomZoom"], ("size",), 0.2 * 9.5),
        (
            Augmentation(shift=0.1, rotation=20, zoom=0.2),
            ["RandomZoom", "RandomRotation", "RandomTranslation"],
            ("x", "y", "angle", "size"),
            None,
        ),
    ],
)
def test_they_are_moved_as_far_as_ours(
    augmentation: Augmentation, kinds: list[str], changed: tuple[str, ...], reach: float | None
) -> None:
    keras.utils.set_random_seed(4)
    layers = layers_of(augmentation)
    assert [type(layer).__name__ for layer in layers] == kinds
    theirs: Any = bars()
    for layer in layers:
        theirs = layer(theirs, training=True)
    theirs, before = measured(np.asarray(theirs)), measured(bars())
    ours = measured(np.asarray(augment(tf.constant(bars()), augmentation, tf.constant([1, 2]))))
    for name in before:
        if name not in changed:
            np.testing.assert_allclose(theirs[name], before[name], atol=0.3)
            continue
        # Of 400 draws the farthest is within some per cent of the bound, on both sides.
        width = np.ptp(ours[name])
        assert abs(theirs[name].min() - ours[name].min()) < 0.05 * width, name
        assert abs(theirs[name].max() - ours[name].max()) < 0.05 * width, name
        if reach is not None:
            assert np.abs(theirs[name] - before[name]).max() == pytest.approx(reach, rel=0.05)


def test_in_use_no_image_is_moved() -> None:
    x = bars()[:2]
    for layer in layers_of(Augmentation(shift=0.5, rotation=180, zoom=0.5)):
        np.testing.assert_array_equal(np.asarray(layer(x, training=False)), x)
