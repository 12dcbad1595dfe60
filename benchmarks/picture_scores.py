"""How well made pictures are read: family by family, against the same digits plain."""

from dataclasses import dataclass

import numpy as np
from families import FAMILIES, Family, Made, generator, make
from PIL import Image, ImageOps
from reading import Answer, Box, Network, doubt, read

Array = np.ndarray

SURE = 0.9
"""A confidence from which on a person believes an answer."""


@dataclass(frozen=True)
class Score:
    """How the pictures of one family were read; shares are of all pictures, 0–1.

    Attributes:
        name: The family's.
        family: What it is, and its limits.
        plain: Share of the same digits that are read right as they are in MNIST.
        right: Share that was read right; of several digits, all of them.
        sure_wrong: How many were answered wrong with a confidence of `SURE` or more, and not said to be doubtful.
        refused: How many were not answered at all.
        doubted: How many were answered right, but said to be doubtful.
        ceiling: Share that is read right if the reader gets nothing but the ink, as it truly is; None if not asked.
        cut: Share in which each digit was found by itself; None if there is but one.
        wrong: Pictures that were not read right, the first few.
    """

    name: str
    family: Family
    plain: float
    right: float
    sure_wrong: int
    refused: int
    doubted: int
    ceiling: float | None
    cut: float | None
    wrong: tuple[Image.Image, ...]

    @property
    def lost(self) -> float:
        """Points (0–100) lost against the plain digits."""
        return round(100 * (self.plain - self.right), 6)  # 98 % less 96 % is 2, whatever floats say

    @property
    def ok(self) -> bool:
        """Whether the family's limits are kept."""
        least = self.family.least_read
        enough = self.lost <= self.family.limit if least is None else 100 * self.right >= least
        return enough and (self.cut is None or 100 * self.cut >= self.family.least_cut)


def score(
    name: str,
    network: Network,
    images: Array,
    labels: Array,
    count: int,
    seed: int = 1,
    ceiling: bool = False,
    sides: tuple[int, int] | None = None,
    keep_wrong: int = 0,
) -> Score:
    """Make pictures of a family and let a network read them.

    Args:
        name: The family's, a key of `FAMILIES`.
        network: What reads.
        images: uint8 (N, 28, 28), plain digits; those of the picture `i` of a family are always the same.
        labels: Integers (N,), their classes.
        count: How many pictures.
        seed: Start of all chance.
        ceiling: Whether the ink is read alone besides.
        sides: Shortest and longest longer side of the pictures; the usual ones if None.
        keep_wrong: How many of the pictures that were not read right are kept.
    """
    family = FAMILIES[name]
    order = np.random.default_rng(seed).permutation(len(images))
    plain_right = network.probabilities(images[..., None]).argmax(1) == labels
    plain, right, cut, best, sure_wrong, refused, doubted, wrong = [], [], [], [], 0, 0, 0, []
    for number in range(count):
        taken = order[(number * family.digits + np.arange(family.digits + family.neighbours)) % len(order)]
        asked = taken[: family.digits]
        made = make(name, images[taken], generator(name, number, seed), *([sides] if sides else []))
        answers = read(network, made.picture)
        plain.append(plain_right[asked].all())
        right.append([answer.label for answer in answers] == labels[asked].tolist())
        cut.append(each_found(answers, made.boxes))
        refused += not answers
        doubted += right[-1] and doubt(answers) > 1
        if not right[-1]:
            sure_wrong += bool(answers) and min(answer.confidence for answer in answers) >= SURE and doubt(answers) <= 1
            wrong += [made.picture] if len(wrong) < keep_wrong else []
        if ceiling and family.digits == 1:
            alone = read(network, ink_alone(made))
            best.append(bool(alone) and alone[0].label == labels[asked[0]])
    return Score(
        name,
        family,
        float(np.mean(plain)),
        float(np.mean(right)),
        sure_wrong,
        refused,
        doubted,
        float(np.mean(best)) if best else None,
        float(np.mean(cut)) if family.least_cut is not None else None,
        tuple(wrong),
    )


def ink_alone(made: Made) -> Image.Image:
    """Return the digit of a picture as a reader would find it at best: bright on black, with room around it."""
    left, top, right, bottom = made.boxes[0]
    return ImageOps.expand(Image.fromarray(made.ink[top:bottom, left:right]), max(right - left, bottom - top) // 2)


def each_found(answers: list[Answer], boxes: tuple[Box, ...]) -> bool:
    """Return whether there is one answer for each digit, in the same order, and its box is that of the digit."""
    return len(answers) == len(boxes) and all(
        answer.box is not None and overlap(answer.box, box) >= 0.5 for answer, box in zip(answers, boxes, strict=True)
    )


def overlap(first: Box, second: Box) -> float:
    """Return the area that two boxes share, of the area that they cover together, 0–1."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    shared = max(width, 0) * max(height, 0)
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in (first, second)]
    return shared / max(sum(areas) - shared, 1)
