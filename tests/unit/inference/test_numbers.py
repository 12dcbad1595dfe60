"""Several characters on one picture are found once each."""

import cv2
import numpy as np

from cnn_dash.inference.numbers import segments
from cnn_dash.inference.preparation import prepare_all


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
