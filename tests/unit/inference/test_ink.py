import numpy as np
import pytest
from PIL import Image

from cnn_dash.errors import BlankPicture
from cnn_dash.inference import prepare
from cnn_dash.inference.ink import find_ink, without_dust

HEIGHT, WIDTH = 300, 400
Y, X = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
LIGHTS = {
    "even": np.ones((HEIGHT, WIDTH)),
    "gradient": 0.75 + 0.25 * X,
    "steep gradient": 0.6 + 0.4 * X,
    "vignette": 1 - 0.35 * (X**2 + Y**2),
    "shadow of a hand": 1 - 0.4 / (1 + np.exp(-(X + 0.3 * Y - 0.2) / 0.06)),
    "dark corner": 1 - 0.5 * np.exp(-((X - 1) ** 2 + (Y - 1) ** 2) / 0.3),
}


def stroke() -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[60:240, 200:214] = True
    mask[60:74, 130:214] = True
    return mask


def lit(light: np.ndarray, ground: float, ink: float | None = None, noise: float = 0.012) -> np.ndarray:
    scene = np.full((HEIGHT, WIDTH), ground)
    if ink is not None:
        scene[stroke()] = ink
    return (scene * light + np.random.default_rng(3).normal(0, noise, scene.shape)).clip(0, 1).astype(np.float32)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize(("ground", "ink"), [(0.93, 0.2), (0.12, 0.85)], ids=["pen on paper", "chalk on a board"])
def test_ink_is_found_under_any_light(light, ground, ink):
    found = find_ink(lit(LIGHTS[light], ground, ink))

    assert found.dark_on_light == (ink < ground)
    assert ((found.pixels > 0.3) == stroke()).mean() > 0.999
    assert found.pixels.dtype == np.float32
    assert found.pixels.max() == 1


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03, 0.06])
def test_empty_paper_is_blank_under_any_light(light, noise):
    paper = Image.fromarray((lit(LIGHTS[light], 0.93, noise=noise) * 255).astype(np.uint8))

    with pytest.raises(BlankPicture, match="nothing to be seen"):
        prepare(paper)


@pytest.mark.parametrize("white_on_black", [False, True])
def test_ink_that_crosses_the_border_does_not_pass_for_the_ground(white_on_black):
    picture = np.ones((280, 280), np.float32)
    picture[:, 100:145] = 0  # from edge to edge, a sixth of the border
    picture[:40] = 0

    found = find_ink(1 - picture if white_on_black else picture)

    assert found.dark_on_light is not white_on_black
    np.testing.assert_array_equal(found.pixels > 0.5, picture == 0)


def test_dust_is_erased_and_a_dot_that_belongs_to_the_drawing_stays():
    ink = np.zeros((280, 280), np.float32)
    ink[60:220, 130:150] = 1
    ink[30:42, 132:146] = 1  # a dot, as on an i
    clean = ink.copy()
    ink[5:8, 5:8] = 1

    np.testing.assert_array_equal(without_dust(ink), clean)


def test_only_dust_is_nothing():
    ink = np.zeros((500, 300), np.float32)
    ink[100, 100] = ink[400:402, 200] = 1

    assert not without_dust(ink).any()
    assert not without_dust(np.zeros((3, 900), np.float32)).any()
