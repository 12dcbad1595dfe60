"""The made pictures that readers are measured with: seeded, varied, and with a digit that is whole and to be seen."""

import numpy as np
import pytest
from families import FAMILIES, OTHERS, Made, contact_sheet, generator, make
from picture_scores import each_found, ink_alone, overlap
from PIL import Image
from reading import Answer

from cnn_dash.datasets import catalogue

SIDES = (300, 420)

MODES = {
    "transparent PNG": {"RGBA", "LA", "P"},
    "white on transparent": {"RGBA", "LA", "P"},
    "16-bit": {"I;16"},
    "CMYK": {"CMYK"},
    "palette": {"P"},
    "inverted": {"L", "RGB"},
    "scan with specks": {"1", "L"},
}


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> np.ndarray:
    """Some real digits, uint8 (N, 28, 28)."""
    return catalogue.load("mnist-5k", tmp_path_factory.mktemp("data")).test.images[:12, ..., 0]


@pytest.fixture(scope="module")
def some(digits) -> dict[str, list[Made]]:
    """Three pictures of each family, of other digits each."""
    return {
        name: [make(name, np.roll(digits, -number, 0), generator(name, number), SIDES) for number in range(3)]
        for name in FAMILIES
    }


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_seed_makes_the_same_picture(name, digits, some):
    again = make(name, digits, generator(name, 0), SIDES)
    assert again.picture.mode == some[name][0].picture.mode
    assert again.picture.tobytes() == some[name][0].picture.tobytes()
    assert again.boxes == some[name][0].boxes


@pytest.mark.parametrize("name", FAMILIES)
def test_another_seed_makes_another_picture_of_the_same_digit(name, digits, some):
    other = make(name, digits, generator(name, 0, seed=2), SIDES)
    assert (other.picture.size, other.picture.tobytes()) != (
        some[name][0].picture.size,
        some[name][0].picture.tobytes(),
    )


@pytest.mark.parametrize("name", FAMILIES)
def test_modes_are_those_of_the_family(name, some):
    assert {made.picture.mode for made in some[name]} <= MODES.get(name, {"L", "RGB"})


@pytest.mark.parametrize("name", FAMILIES)
def test_each_digit_is_whole_inside_its_box(name, some):
    for made in some[name]:
        width, height = made.picture.size
        assert made.ink.shape == (height, width)
        assert len(made.boxes) == FAMILIES[name].digits
        outside = made.ink.copy()
        for left, top, right, bottom in made.boxes:
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height
            assert made.ink[top:bottom, left:right].max() > 200
            outside[top:bottom, left:right] = 0
        assert outside.max() < 100  # no more than the soft edge of a stroke
        if name not in ("fills its frame", "8×8 pixels enlarged"):
            border = np.concatenate([made.ink[0], made.ink[-1], made.ink[:, 0], made.ink[:, -1]])
            assert not border.any()


def colours(picture: Image.Image) -> np.ndarray:
    """What a person sees, float (H, W, 3) in 0–1; a transparent ground is grey."""
    if picture.mode == "I;16":
        return np.repeat(np.asarray(picture, float)[..., None] / 65_535, 3, 2)
    seen = picture.convert("RGBA")
    return np.asarray(Image.alpha_composite(Image.new("RGBA", seen.size, "#808080"), seen).convert("RGB"), float) / 255


@pytest.mark.parametrize("name", FAMILIES)
def test_the_ink_differs_from_what_is_right_beside_it(name, some):
    for made in some[name]:
        left, top, right, bottom = made.boxes[0]
        seen, ink = (values[top:bottom, left:right] for values in (colours(made.picture), made.ink))
        apart = np.linalg.norm(np.median(seen[ink > 200], axis=0) - np.median(seen[ink < 20], axis=0))
        assert apart > 0.12


def test_colours_of_the_same_brightness_do_not_differ_in_grey(some):
    for made in some["same brightness"]:
        left, top, right, bottom = made.boxes[0]
        grey, ink = (np.asarray(values)[top:bottom, left:right] for values in (made.picture.convert("L"), made.ink))
        assert abs(np.median(grey[ink > 200]) - np.median(grey[ink < 20])) < 12


def test_white_ink_is_not_seen_on_white(some):
    for made in some["white on transparent"]:
        seen = made.picture.convert("RGBA")
        assert np.asarray(Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("L")).min() > 215


def test_a_small_digit_takes_a_twentieth_of_the_page(digits):
    made = make("small in a large page", digits, generator("small in a large page", 0), (900, 1000))
    left, top, right, bottom = made.boxes[0]
    assert 0.035 < max(right - left, bottom - top) / made.picture.width < 0.07


def test_digits_of_a_number_stand_in_the_order_in_which_they_are_read(some):
    for made in some["number of five digits"]:
        lefts = [left for left, _, _, _ in made.boxes]
        assert lefts == sorted(lefts)


def test_no_two_families_draw_by_the_same_chance():
    firsts = {generator(name, 0).integers(2**60) for name in FAMILIES}
    assert len(firsts) == len(FAMILIES)


@pytest.mark.parametrize("name", OTHERS)
def test_pictures_without_a_digit_are_seeded_and_varied(name):
    first, again, other = (OTHERS[name](generator(name, number), SIDES) for number in (0, 0, 1))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_a_contact_sheet_shows_pictures_of_every_mode(some):
    sheet = contact_sheet([made[0].picture for made in some.values()], columns=6, cell_px=40)
    assert sheet.size == (240, 40 * -(-len(some) // 6))
    assert sheet.mode == "RGB"


def test_digits_are_found_if_each_has_a_box_of_its_own_in_order():
    def answers(*boxes):
        return [Answer(0, 0.1, 0.0, box) for box in boxes]

    first, second = (0, 0, 10, 20), (12, 0, 22, 20)
    assert each_found(answers((1, 0, 10, 19), second), (first, second))
    assert not each_found(answers(second, first), (first, second))
    assert not each_found(answers((0, 0, 22, 20)), (first, second))
    assert not each_found(answers(None, None), (first, second))


def test_boxes_overlap_by_what_they_share():
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (20, 0, 30, 10)) == 0


def test_the_ink_alone_stands_on_black_with_room_around_it(some):
    alone = np.asarray(ink_alone(some["fills its frame"][0]))
    assert alone.max() > 200
    assert not alone[0].any()
    assert not alone[:, -1].any()
