import cv2
import numpy as np
import pytest

from cnn_dash.evaluation.properties import measure_all


def stroke(width: int, bright: bool = True, side: int = 40) -> np.ndarray:
    image = np.zeros((side, side), np.uint8)
    image[5:-5, 10 : 10 + width] = 255
    return (image if bright else 255 - image)[..., None]


@pytest.mark.parametrize("bright", [True, False])
@pytest.mark.parametrize("width", [2, 4, 6])
def test_the_width_and_the_size_of_a_stroke_are_measured_whatever_is_ink(width, bright):
    found = measure_all(stroke(width, bright)[None], lambda _step, _share: None)
    assert found["stroke_width"][0] == pytest.approx(width, rel=0.15)
    assert found["ink_size"][0] == 30


def test_a_wider_pen_on_the_same_digit_is_a_wider_stroke():
    images = []
    for pen in (1, 2, 3):
        image = np.zeros((28, 28), np.uint8)
        cv2.ellipse(image, (14, 14), (6, 9), 0, 0, 360, 255, pen, cv2.LINE_AA)
        images.append(image[..., None])
    one, two, three = measure_all(np.stack(images), lambda _step, _share: None)["stroke_width"]
    assert one < two < three


def test_brightness_and_contrast_are_mean_and_deviation_of_grey():
    image = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)
    told = []
    found = measure_all(image, lambda step, share: told.append((step, share)))
    assert list(found) == ["brightness", "contrast"]  # strokes are measured on grey images only
    assert found["brightness"] == pytest.approx(image.mean(axis=(1, 2, 3)))
    assert found["contrast"] == pytest.approx(image.mean(axis=3).std(axis=(1, 2)), rel=1e-4)
    assert [step for step, _ in told] == ["Brightness", "Contrast"]
    assert all(0 <= share < 1 for _, share in told)


def test_an_empty_image_has_no_stroke():
    found = measure_all(np.full((1, 8, 8, 1), 9, np.uint8), lambda _step, _share: None)
    assert np.isnan(found["ink_size"][0])
    assert np.isnan(found["stroke_width"][0])
