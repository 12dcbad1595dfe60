"""What was written is found among what else is on a picture."""

import cv2
import numpy as np
import pytest

from cnn_dash.errors import BlankPicture
from cnn_dash.inference.characters import find_characters
from cnn_dash.inference.ground import flat_ground_of
from cnn_dash.inference.ink import readings
from cnn_dash.inference.pieces import find_pieces
from cnn_dash.inference.preparation import prepare_all
from cnn_dash.inference.sheets import find_sheets
from cnn_dash.inference.steps import Steps

PAPER, PEN = (245, 243, 238), (30, 30, 90)
SEVEN = [(170, 130), (280, 130), (215, 300)]


def page(height: int = 480, width: int = 480, colour: tuple[int, int, int] = PAPER) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def draw_seven(picture: np.ndarray, move: tuple[int, int] = (0, 0)) -> np.ndarray:
    cv2.polylines(picture, [np.array(SEVEN) + move], False, PEN, 12, cv2.LINE_AA)
    return picture


def box_of_seven(move: tuple[int, int] = (0, 0)) -> np.ndarray:
    points = np.array(SEVEN) + move
    (left, top), (right, bottom) = points.min(0) - 6, points.max(0) + 7
    return np.array((top, left, bottom, right))


def test_the_digit_is_found_on_a_plain_page():
    best = prepare_all(draw_seven(page()))[0]

    assert np.abs(np.array(best.box) - box_of_seven()).max() <= 3


def circle(picture: np.ndarray) -> None:
    cv2.ellipse(picture, (225, 215), (130, 140), 4, 15, 360, PEN, 7, cv2.LINE_AA)  # not quite closed


def hand_drawn_box(picture: np.ndarray) -> None:
    points = np.array([(118, 70), (340, 62), (346, 366), (112, 372), (120, 66)])
    cv2.polylines(picture, [points], False, PEN, 7, cv2.LINE_AA)


def printed_box(picture: np.ndarray) -> None:
    cv2.rectangle(picture, (110, 70), (350, 360), (60, 60, 60), 3)


def underline(picture: np.ndarray) -> None:
    cv2.line(picture, (140, 340), (330, 332), PEN, 7, cv2.LINE_AA)


def underlined_twice(picture: np.ndarray) -> None:
    underline(picture)
    cv2.line(picture, (140, 362), (330, 354), PEN, 7, cv2.LINE_AA)


def neighbour(picture: np.ndarray) -> None:
    cv2.ellipse(picture, (480, 200), (60, 80), 0, 0, 360, PEN, 12, cv2.LINE_AA)


def specks(picture: np.ndarray) -> None:
    rng = np.random.default_rng(4)
    for x, y in rng.integers(0, 480, (150, 2)):
        cv2.circle(picture, (int(x), int(y)), int(rng.integers(1, 3)), (50, 50, 50), -1)


def table(picture: np.ndarray) -> None:
    picture[:, :40] = (120, 70, 40)


def ruled(picture: np.ndarray) -> None:
    for y in range(30, 480, 50):
        cv2.line(picture, (0, y), (479, y + 8), (150, 180, 230), 2, cv2.LINE_AA)


THINGS = [circle, hand_drawn_box, printed_box, underline, underlined_twice, neighbour, specks, table, ruled]


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.__name__)
def test_what_stands_beside_or_around_the_digit_is_not_taken_for_it(thing):
    picture = page()
    thing(picture)

    best = prepare_all(draw_seven(picture))[0]

    assert np.abs(np.array(best.box) - box_of_seven()).max() <= (14 if thing is specks else 8)
    plain = prepare_all(draw_seven(page()))[0].pixels.ravel()
    assert np.corrcoef(best.pixels.ravel(), plain)[0, 1] > 0.9


def test_the_parts_of_a_broken_stroke_are_one_character():
    picture = draw_seven(page())
    picture[200:214] = PAPER

    boxes = [one.box for one in prepare_all(picture)]

    assert any(np.abs(np.array(box) - box_of_seven()).max() <= 3 for box in boxes)


def test_two_characters_are_two_candidates_and_a_region_chooses_one():
    picture = draw_seven(draw_seven(page(), (-110, 0)), (110, 20))
    right = box_of_seven((110, 20))

    assert len(prepare_all(picture)) >= 2
    (chosen,) = prepare_all(picture, region=tuple(int(side) for side in right))
    assert np.abs(np.array(chosen.box) - right).max() <= 3


def test_a_region_without_ink_is_blank():
    with pytest.raises(BlankPicture, match="nothing to be seen"):
        prepare_all(draw_seven(page()), region=(10, 10, 100, 120))


def test_a_region_beyond_the_picture_is_cut_to_it():
    assert prepare_all(draw_seven(page()), region=(-50, -50, 9_000, 9_000))[0].pixels.any()


def test_a_step_that_is_switched_off_shows_what_it_did():
    picture = draw_seven(page())
    for y in range(30, 480, 50):
        cv2.line(picture, (0, y), (479, y), PEN, 2)

    with_lines = prepare_all(picture, steps=Steps(remove_lines=False, choose=False))[0]
    whole = prepare_all(picture, steps=Steps(frame=False))[0]

    assert with_lines.box[3] - with_lines.box[1] > 400  # the lines count as ink
    assert whole.box is None
    assert whole.pixels.mean() > 150  # paper is bright
    flat = prepare_all(picture, steps=Steps(even_ground=False))[0]
    assert flat.origin.found.ground.middle.std(axis=(0, 1)).max() < 1e-6


def test_a_sheet_is_found_on_a_table_and_what_is_written_on_it_too():
    picture = page(480, 640, (95, 60, 40))
    sheet = np.array([(60, 40), (560, 60), (540, 450), (50, 430)])
    cv2.fillConvexPoly(picture, sheet, PAPER, cv2.LINE_AA)
    draw_seven(picture, (60, 0))

    top, left, bottom, right = find_sheets(picture)[0].box
    best = prepare_all(picture)[0]

    assert 40 < top < 90
    assert 380 < bottom < 450
    assert 50 < left < 100
    assert 480 < right < 560
    assert np.abs(np.array(best.box) - box_of_seven((60, 0))).max() <= 5


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (40, 40)])
def test_a_picture_of_one_colour_has_no_sheet(shape):
    assert find_sheets(np.full((*shape, 3), 200, np.uint8)) == []


def test_a_loose_rectangle_chooses_the_character_in_it_without_the_lines_around():
    picture = draw_seven(page())
    printed_box(picture)

    (chosen,) = prepare_all(picture, region=(85, 120, 345, 340))

    assert np.abs(np.array(chosen.box) - box_of_seven()).max() <= 3


def test_what_is_on_a_sheet_is_no_fragment_of_the_table_beside_it():
    picture = page(640, 480)
    picture[:, :40] = (20, 90, 50)
    cv2.line(picture, (90, 330), (180, 330), (20, 90, 50), 20)
    cv2.line(picture, (180, 330), (120, 450), (20, 90, 50), 20)

    reading = next(readings(picture, flat_ground_of(np.full_like(picture, PAPER))))
    found = find_characters(find_pieces(reading.mask, reading), reading)

    assert sorted(one.box[1] for one in found) == [0, 80]


def test_a_gleam_on_paper_has_less_contrast_than_a_pen():
    picture = np.asarray(draw_seven(page(colour=(225, 225, 220))), np.uint8)
    cv2.line(picture, (420, 100), (420, 300), (250, 250, 250), 12)

    ways = {way.dark_on_light: way for way in readings(picture, flat_ground_of(picture))}
    (pen, *_), (gleam, *_) = (find_characters(find_pieces(way.mask, way), way) for way in (ways[True], ways[False]))

    assert pen.contrast > 0.5
    assert gleam.contrast < 0.2
    assert np.median(ways[False].strength[ways[False].mask]) > 0.5  # of what the paper leaves room for
