"""Several characters on one picture are found once each."""

from dataclasses import replace

import cv2
import numpy as np

from cnn_dash.inference.numbers import segments, with_more_ink
from cnn_dash.inference.preparation import Origin, prepare_all
from cnn_dash.inference.touching import cut, pieces_of


def box_of(origin: Origin | None) -> tuple[int, int, int, int]:
    assert origin is not None
    return origin.character.box


def test_zeros_with_a_dot_in_them_are_one_character_each() -> None:
    picture = np.full((200, 420), 255, np.uint8)
    for left in (60, 260):
        cv2.line(picture, (left, 40), (left, 160), 0, 14)
        cv2.ellipse(picture, (left + 95, 100), (40, 60), 0, 0, 360, 0, 12)
        cv2.circle(picture, (left + 95, 100), 10, 0, -1)
    origin = prepare_all(picture)[0].origin
    assert origin is not None
    (row,) = segments(origin, (28, 28, 1))
    boxes = [one.prepared.origin.character.box for one in row if one.prepared.origin is not None]
    # Ones and zeros by turns, each of them once; a zero may be offered in parts as well.
    whole = [(left, right) for top, left, bottom, right in boxes if right - left < 100]
    for left, right in ((53, 68), (109, 202), (253, 268), (309, 402)):
        near = [one for one in whole if abs(one[0] - left) <= 3 and abs(one[1] - right) <= 3]
        assert len(near) == 1


def test_thin_strokes_that_break_in_strong_ink_are_whole_in_the_weaker_ink() -> None:
    picture = np.full((200, 420), 255, np.uint8)
    for left in (60, 160):
        cv2.line(picture, (left, 40), (left, 160), 0, 12)
    cv2.ellipse(picture, (320, 100), (40, 60), 0, 0, 360, 110, 12)  # pale, but for two places
    cv2.ellipse(picture, (320, 100), (40, 60), 0, 20, 60, 0, 12)
    cv2.ellipse(picture, (320, 100), (40, 60), 0, 120, 160, 0, 12)
    picture = (picture + np.random.default_rng(1).normal(0, 6, picture.shape)).clip(0, 255).astype(np.uint8)
    origins = [one.origin for one in prepare_all(picture)]
    strong = max((one for one in origins if one is not None), key=lambda one: one.way.reading.threshold)
    (weaker,) = with_more_ink(strong)
    assert weaker.way.reading.threshold < strong.way.reading.threshold
    assert np.abs(np.subtract(box_of(weaker), box_of(strong))).max() <= 3

    def finds_the_zero(origin: Origin) -> bool:
        (row,) = segments(origin, (28, 28, 1))
        boxes = [box_of(one.prepared.origin) for one in row]
        return any(abs(box[1] - 274) <= 4 and abs(box[3] - 367) <= 4 and box[2] - box[0] > 120 for box in boxes)

    assert finds_the_zero(weaker)
    assert not finds_the_zero(strong)


def test_a_one_that_touches_a_zero_is_cut_off_although_a_seam_around_both_would_pass_through_no_ink() -> None:
    picture = np.full((200, 300), 255, np.uint8)
    cv2.ellipse(picture, (120, 100), (45, 60), 0, 0, 360, 0, 12)
    cv2.line(picture, (168, 40), (168, 160), 0, 12)
    character = next(one.origin for one in prepare_all(picture) if one.origin is not None).character
    parts = cut(character, character.box[2] - character.box[0])
    assert any(part.character.box[3] - part.character.box[1] <= 22 for part in parts[1:])


def test_a_part_that_lies_above_the_rest_of_a_digit_is_told_from_a_digit_beside_another() -> None:
    def origins(picture: np.ndarray) -> list[Origin]:
        origin = prepare_all(picture)[0].origin
        assert origin is not None
        return [replace(origin, character=character) for character in origin.way.all_characters]

    broken = np.full((200, 300), 255, np.uint8)  # a 6 whose stroke broke above the loop
    cv2.line(broken, (170, 20), (130, 95), 0, 14)
    cv2.ellipse(broken, (150, 145), (35, 30), 0, 0, 360, 0, 14)
    found = origins(broken)
    whole = max(found, key=lambda one: np.count_nonzero(one.character.mask))
    above, below = (one for one in found if np.count_nonzero(one.character.mask) < 4000)
    assert above.is_above_or_below_the_rest_of(whole)
    assert below.is_above_or_below_the_rest_of(whole)
    assert not whole.is_above_or_below_the_rest_of(above)

    beside = np.full((200, 300), 255, np.uint8)
    cv2.line(beside, (100, 40), (100, 160), 0, 14)
    cv2.ellipse(beside, (160, 100), (40, 60), 0, 0, 360, 0, 14)
    found = origins(beside)
    assert not any(one.is_above_or_below_the_rest_of(other) for one in found for other in found)


def test_digits_that_were_joined_are_taken_apart_again_and_a_speck_stays_with_the_largest() -> None:
    picture = np.full((200, 420), 255, np.uint8)
    for left in (60, 85, 200, 330):
        cv2.line(picture, (left, 40), (left, 160), 0, 12)
    cv2.circle(picture, (60, 180), 5, 0, -1)
    origin = prepare_all(picture)[0].origin
    assert origin is not None
    mask = np.zeros(picture.shape, bool)
    mask[:, :120] = picture[:, :120] < 128
    joined = replace(origin.character, box=(0, 0, *picture.shape), mask=mask)
    pieces = pieces_of(joined, 120)
    assert [piece.box[1] for piece in sorted(pieces, key=lambda piece: piece.box[1])] == [54, 79]
    assert max(piece.box[2] for piece in pieces) == 186


def test_a_last_digit_of_two_low_parts_is_offered_whole() -> None:
    picture = np.full((200, 420), 255, np.uint8)
    for left in (60, 160):
        cv2.line(picture, (left, 40), (left, 160), 0, 12)
    cv2.line(picture, (260, 75), (320, 45), 0, 12)  # the flag of a 5, …
    cv2.ellipse(picture, (280, 125), (35, 26), 0, -120, 120, 0, 12)  # … and the rest
    ones = [one.origin for one in prepare_all(picture) if one.origin is not None]
    origin = next(one for one in ones if one.character.box[3] < 180)
    (row,) = segments(origin, (28, 28, 1))
    assert any(box_of(one.prepared.origin)[:2] == (39, 254) and not one.left_out for one in row)
