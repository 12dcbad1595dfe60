"""Ink is told from its ground under any light, whichever of the two is darker, and whatever their colours."""

import numpy as np
import pytest
from PIL import Image

from cnn_dash.errors import BlankPicture
from cnn_dash.inference import prepare
from cnn_dash.inference.ground import flat_ground_of, ground_of
from cnn_dash.inference.ink import readings
from cnn_dash.inference.reader import find

HEIGHT, WIDTH = 300, 400
Y, X = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
LIGHTS = {
    "even": np.ones((HEIGHT, WIDTH)),
    "gradient": 0.75 + 0.25 * X,
    "steep gradient": 0.6 + 0.4 * X,
    "vignette": 1 - 0.35 * (X**2 + Y**2),
    "shadow of a hand": 1 - 0.4 / (1 + np.exp(-(X + 0.3 * Y - 0.2) / 0.06)),
    "dark corner": 1 - 0.5 * np.exp(-((X - 1) ** 2 + (Y - 1) ** 2) / 0.3),
    "hard shadow": 1 - 0.5 * (X + 0.4 * Y > 0.45),
}


def stroke() -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[60:240, 200:214] = True
    mask[60:74, 130:214] = True
    return mask


def lit(light: np.ndarray, ground: float, ink: float | None = None, noise: float = 0.01) -> np.ndarray:
    """A drawing under some light: uint8 (H, W, 3)."""
    scene = np.full((HEIGHT, WIDTH), ground)
    if ink is not None:
        scene[stroke()] = ink
    scene = scene * light + np.random.default_rng(3).normal(0, noise, scene.shape)
    return np.repeat((scene.clip(0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize(("ground", "ink"), [(0.93, 0.2), (0.12, 0.85)], ids=["pen on paper", "chalk on a board"])
def test_ink_is_found_under_any_light(light, ground, ink):
    found = find(lit(LIGHTS[light], ground, ink))

    best = found.ways[0]
    assert best.reading.dark_on_light == (ink < ground)
    top, left, bottom, right = best.characters[0].box
    assert np.abs(np.array([top, left, bottom, right]) - (60, 130, 240, 214)).max() <= 3
    ours = np.zeros((HEIGHT, WIDTH), bool)
    ours[top:bottom, left:right] = best.characters[0].mask
    assert (ours == stroke()).mean() > 0.99


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03, 0.06])
def test_empty_paper_has_no_character_that_is_plain(light, noise):
    paper = lit(LIGHTS[light], 0.93, noise=noise)

    written = find(lit(LIGHTS[light], 0.93, 0.2, noise=noise)).ways[0].score

    assert max((way.score for way in find(paper).ways), default=0) < 0.6 * written


@pytest.mark.parametrize("light", ["even", "gradient"])
def test_empty_paper_is_blank(light):
    with pytest.raises(BlankPicture, match="nothing to be seen"):
        prepare(Image.fromarray(lit(LIGHTS[light], 0.93, noise=0.02)))


def colourful(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> np.ndarray:
    picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = ground
    picture[stroke()] = ink
    return picture


@pytest.mark.parametrize(
    ("ink", "ground"),
    [((230, 95, 85), (92, 168, 92)), ((60, 110, 255), (130, 120, 60)), ((200, 60, 200), (110, 130, 110))],
    ids=["red on green", "blue on olive", "violet on grey"],
)
def test_ink_as_bright_as_its_ground_is_told_by_its_colour(ink, ground):
    luma = np.array([0.299, 0.587, 0.114])
    assert abs((np.array(ink) - ground) @ luma) < 25

    character = find(colourful(ink, ground)).ways[0].characters[0]

    assert np.abs(np.array(character.box) - (60, 130, 240, 214)).max() <= 2


@pytest.mark.parametrize("white_on_black", [False, True])
def test_ink_that_fills_its_frame_does_not_pass_for_the_ground(white_on_black):
    picture = np.full((100, 80, 3), 255, np.uint8)
    picture[:, 25:50] = 0  # from edge to edge
    picture[:25, 10:75] = 0
    if white_on_black:
        picture = 255 - picture

    best = find(picture).ways[0]

    assert best.reading.dark_on_light is not white_on_black
    top, left, bottom, right = (side / find(picture).scale for side in best.characters[0].box)
    assert (top, bottom) == (0, 100)
    assert (left, right) == pytest.approx((10, 75), abs=1.5)


def test_the_ground_follows_the_light_and_not_the_ink():
    light = LIGHTS["steep gradient"]

    ground = ground_of(lit(light, 0.93, 0.2, noise=0.0)).middle

    assert np.abs(ground[..., 0] - 0.93 * light).max() < 0.05


def test_beside_a_hard_edge_the_ground_is_anything_between_both_sides():
    light = LIGHTS["hard shadow"]

    ground = ground_of(lit(light, 0.9, noise=0.0))

    true = 0.9 * light[..., None]
    assert (ground.dark <= true + 0.02).mean() > 0.998
    assert (ground.bright >= true - 0.02).mean() > 0.998
    assert all(reading.mask.mean() < 0.01 for reading in readings(lit(light, 0.9, noise=0.0), ground))


def test_a_flat_ground_is_that_of_most_corners():
    picture = np.full((100, 100, 3), (10, 200, 30), np.uint8)
    picture[:20, :20] = 255

    assert np.rint(flat_ground_of(picture).middle[50, 50] * 255).tolist() == [10, 200, 30]
