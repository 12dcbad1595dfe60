import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from cnn_dash.errors import BlankPicture
from cnn_dash.inference import DRAWING, Steps, framing_of, prepare, prepare_all
from cnn_dash.inference.pictures import as_it_lies, to_rgb, turn_back_of
from cnn_dash.inference.stages import stages_of

ADAPTIVE = Image.Palette.ADAPTIVE


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of two pictures where they lie best on each other: 1 if they are the same but for their place."""
    moved = (np.roll(other, (dy, dx), (0, 1)) for dy in range(-6, 7) for dx in range(-6, 7))
    return float(max(np.corrcoef(one.ravel(), there.ravel())[0, 1] for there in moved))


def canvas(shape: np.ndarray, top: int, left: int) -> np.ndarray:
    """A drawing, ink bright, on a black canvas of 280×280."""
    picture = np.zeros((280, 280), np.uint8)
    picture[top : top + shape.shape[0], left : left + shape.shape[1]] = shape
    return picture


def test_the_input_is_one_bright_digit_on_black(drawn, seven):
    pixels = prepare(255 - canvas(drawn.enlarge(seven, 150), 60, 90))

    assert pixels.shape == (28, 28, 1)
    assert pixels.dtype == np.uint8
    assert pixels.max() == 255
    rows, columns = np.flatnonzero(pixels.any((1, 2))), np.flatnonzero(pixels.any((0, 2)))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert likeness(pixels[..., 0], seven) > 0.9


def test_moving_the_drawing_changes_nothing(drawn, seven):
    shape = drawn.enlarge(seven, 150)
    here, there = (prepare(canvas(shape, *place)) for place in ((0, 0), (123, 97)))

    np.testing.assert_array_equal(here, there)


def test_inverting_the_drawing_changes_nothing(drawn, seven):
    picture = canvas(drawn.enlarge(seven, 150), 40, 70)

    np.testing.assert_allclose(prepare(picture).astype(int), prepare(255 - picture), atol=2)


@pytest.mark.parametrize("side_px", [60, 90, 180, 260])
def test_scaling_the_drawing_changes_little(drawn, seven, side_px):
    usual, scaled = (prepare(canvas(drawn.enlarge(seven, side), 2, 2)) for side in (140, side_px))

    assert likeness(usual, scaled) > 0.95


@pytest.mark.parametrize("stroke", [-0.75, 0.75, 2.0])
def test_another_pen_changes_little(drawn, seven, stroke):
    usual, other = (prepare(canvas(drawn.enlarge(seven, 160, pen), 10, 10)) for pen in (0, stroke))

    assert likeness(usual, other) > 0.7


@pytest.mark.parametrize("stroke", [0, 1.5])
def test_a_drawing_cut_close_to_its_ink_reads_like_one_with_room_around_it(drawn, seven, stroke):
    shape = drawn.enlarge(seven, 160, stroke)

    assert likeness(prepare(shape)[..., 0], prepare(canvas(shape, 30, 40))[..., 0]) > 0.7


def test_a_canvas_with_transparent_ground_reads_like_one_with_white_ground(drawn, seven):
    ink = canvas(drawn.enlarge(seven, 150), 40, 70)
    transparent = np.zeros((280, 280, 4), np.uint8)
    transparent[..., 3] = ink

    np.testing.assert_array_equal(prepare(transparent), prepare(255 - ink))


def test_a_data_set_s_own_picture_stays_nearly_as_it_is(mnist, kmnist):
    for images in (mnist["x_test"][:100], kmnist[:100]):
        framing = framing_of(images[..., None])
        alike = [np.corrcoef(prepare(image, framing=framing).ravel(), image.ravel())[0, 1] for image in images]
        assert np.median(alike) > 0.98


@pytest.mark.parametrize(
    "picture",
    [
        np.full((280, 280), 255, np.uint8),
        np.zeros((280, 280, 4), np.uint8),
        np.full((1, 1, 3), 90, np.uint8),
        np.random.default_rng(1).normal(180, 9, (600, 800)).clip(0, 255).astype(np.uint8),
    ],
    ids=["white", "transparent", "one pixel", "photo of empty paper"],
)
def test_nothing_drawn_is_no_guess(picture):
    with pytest.raises(BlankPicture, match="nothing to be seen"):
        prepare(picture)


@pytest.mark.parametrize("shape", [(5, 900), (900, 5), (3, 3), (63, 65)])
def test_pictures_of_any_shape_pass(shape):
    picture = np.full(shape, 255, np.uint8)
    picture[1:-1, shape[1] // 2] = 0

    try:
        assert prepare(picture, (32, 32, 1)).shape == (32, 32, 1)
    except BlankPicture:
        assert min(shape) < 10  # a dot, or three pixels of ink and 900 of paper


def test_the_stages_tell_how_the_picture_came_about(drawn, seven):
    shape = drawn.enlarge(seven, 600)
    photo = Image.new("L", (1200, 900), 255)
    photo.paste(Image.fromarray(255 - shape), (300, 100))

    prepared = prepare_all(photo)[0]

    stages = dict(prepared.stages)
    assert list(stages) == ["as brought", "even ground", "ink", "without lines", "chosen", "model input"]
    assert all(stage.dtype == np.uint8 for stage in stages.values())
    assert stages["as brought"].shape == (480, 640, 3)  # shown at working size
    assert stages["ink"].shape == stages["without lines"].shape == stages["chosen"].shape == (480, 640)
    assert stages["as brought"].mean() > 128 > stages["ink"].mean() > 0
    np.testing.assert_array_equal(stages["chosen"] > 200, stages["without lines"] > 0)
    np.testing.assert_array_equal(stages["model input"][..., None], prepared.pixels)
    top, left, bottom, right = prepared.box
    assert (top, left) == pytest.approx((100, 300), abs=4)
    assert (bottom - top, right - left) == pytest.approx(shape.shape, abs=6)


def test_turning_upright_is_a_stage_of_its_own_that_can_be_left_out(drawn, seven):
    photo = Image.fromarray(255 - canvas(drawn.enlarge(seven, 150), 60, 90)[:, 60:])
    lying = photo.transpose(Image.Transpose.ROTATE_90)
    lying.getexif()[0x0112] = 6

    prepared = prepare_all(lying)[0]

    np.testing.assert_array_equal(prepared.pixels, prepare(photo))
    stages = dict(stages_of(prepared, to_rgb(lying), turn_back_of(lying)))
    assert list(stages)[:3] == ["as brought", "upright", "even ground"]
    np.testing.assert_array_equal(stages["as brought"], to_rgb(as_it_lies(lying)))
    np.testing.assert_array_equal(stages["upright"], photo.convert("RGB"))
    (left,) = prepare_all(lying, steps=Steps(upright=False))[:1]
    np.testing.assert_array_equal(left.pixels, prepare(as_it_lies(lying)))


def test_a_part_of_the_picture_is_a_stage_of_its_own(drawn, seven):
    photo = Image.fromarray(255 - canvas(drawn.enlarge(seven, 150), 60, 60)).convert("RGB")

    whole = stages_of(prepare_all(photo)[0], photo)
    part = stages_of(prepare_all(photo, region=(50, 40, 120, 240))[0], photo)

    assert "upright" not in dict(whole)
    assert [title for title, _ in part][:3] == ["as brought", "part", "even ground"]
    np.testing.assert_array_equal(part[0][1], photo)
    height, width = part[1][1].shape[:2]  # a small one is enlarged
    assert height / width == pytest.approx(70 / 200, abs=0.01)


def test_drawn_digits_are_read_nearly_as_well_as_plain_ones(drawn, digits):
    from sklearn.neighbors import KNeighborsClassifier

    def rows(images: np.ndarray) -> np.ndarray:
        return images.reshape(len(images), -1) / 255

    train, images, labels = digits.train, digits.test.images[..., 0], digits.test.labels
    model = KNeighborsClassifier(3, weights="distance").fit(rows(train.images[:6000]), train.labels[:6000])

    score = drawn.accuracy_of(lambda x: model.predict_proba(rows(x)), images[:400], labels[:400], seed=1)

    assert score.plain_accuracy > 0.9
    assert score.gap < 0.015
    assert len(score.by) == 2 * len(drawn.STROKES)
    assert min(score.by.values()) > 0.8  # 50 digits each

    photos = drawn.prepared(drawn.photo(digit, np.random.default_rng(i)) for i, digit in enumerate(images[:20]))
    read = model.predict(rows(photos)) == labels[:20]
    plain = model.predict(rows(images[:20])) == labels[:20]
    assert read.mean() >= plain.mean() - 0.05


def test_a_picture_is_prepared_without_heavy_libraries():
    program = (
        "import sys, cnn_dash.inference; print(*{'tensorflow', 'keras', 'scipy.ndimage', 'pandas'} & set(sys.modules))"
    )

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert loaded.split() == []


@pytest.mark.parametrize("image_shape", [(32, 32, 3), (8, 8, 3), (17, 40, 1), (17, 40, 3), (28, 28, 1)])
@pytest.mark.parametrize("size", [(640, 480), (30, 900), (3, 3)])
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "I;16"])
def test_a_picture_goes_in_as_a_whole_where_there_is_no_framing(image_shape, size, mode):
    picture = Image.new("RGB", size, (200, 100, 50)).convert("RGB" if mode == "I;16" else mode, palette=ADAPTIVE)
    if mode == "I;16":
        picture = Image.new(mode, size, 30_000)

    prepared = prepare_all(picture, image_shape, None)[0]

    assert prepared.pixels.shape == image_shape
    assert prepared.pixels.dtype == np.uint8
    expected = prepared.pixels[0, 0]  # one colour everywhere, with no border
    assert (prepared.pixels == expected).all()
    if mode in ("RGB", "RGBA", "P"):
        assert expected.tolist() == ([200, 100, 50] if image_shape[2] == 3 else [124])
    assert [title for title, _ in prepared.stages] == ["as brought", "model input"]


def test_a_colour_picture_keeps_its_colours_and_its_middle():
    picture = Image.new("RGB", (300, 100), "black")
    picture.paste((255, 0, 0), (100, 0, 200, 100))  # the middle third

    pixels = prepare(picture, (20, 20, 3), None)

    assert np.abs(pixels[2:-2, 2:-2].astype(int) - (255, 0, 0)).max() < 10


def test_a_transparent_picture_lies_on_white_paper():
    assert (prepare(np.zeros((40, 40, 4), np.uint8), (8, 8, 3), None) == 255).all()


def test_a_data_set_s_own_colour_image_stays_as_it_is():
    image = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)

    np.testing.assert_array_equal(prepare(image, (32, 32, 3), framing_of(image[None])), image)


def test_a_straight_stroke_of_a_drawing_is_no_line_on_paper():
    drawing = np.full((280, 280), 255, np.uint8)
    drawing[60:67, 20:240] = 0  # the bar of a seven, …
    for row in range(67, 240):  # … and its stem
        drawing[row, 150 - row // 3 : 157 - row // 3] = 0
    on_paper, drawn = (prepare_all(drawing, steps=steps) for steps in (Steps(), DRAWING))
    assert any(one.origin is not None and one.origin.way.lines.any() for one in on_paper)
    assert [one.box for one in drawn] == [(60, 20, 240, 240)]
