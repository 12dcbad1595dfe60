"""From any picture to the model's input, with the steps on the way for a person to look at.

For a network that learned from ink on a black ground, the characters on the picture are found, and each is framed as
MNIST's were. For any other, the whole picture is brought to the size of the input.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageOps

from cnn_dash.errors import BlankPicture
from cnn_dash.inference.characters import Character
from cnn_dash.inference.frame import CENTRED, Framing
from cnn_dash.inference.framing import frame, ink_box
from cnn_dash.inference.ground import Array, Bytes
from cnn_dash.inference.ink import Mask
from cnn_dash.inference.pictures import as_it_lies, to_grey, to_rgb, to_rgb_within
from cnn_dash.inference.pieces import Box, overlap, shared
from cnn_dash.inference.reader import WORKING_PX, Found, Parts, Way, find
from cnn_dash.inference.sheets import find_sheets
from cnn_dash.inference.steps import Steps

_ALIKE = 0.85  # boxes that share so much of their area hold the same character
_LIKELY = 0.4  # of the best score: what is less likely is no candidate
_FAINT = 0.1  # of full ink: weaker edges are no ink
_LEAST = 0.02  # what is less likely is a shadow or grain, and no character
_LARGER = 3  # times its ink has what it is but a part of
_STACKED = 0.6  # of the narrower one's width: so much do parts of a digit overlap that lie above each other
_AS_STRONG = 0.5  # of the ink with the most contrast: so much have strokes of the same pen
_MOST = 6  # candidates that the network sees
_SEARCHED_PX = 2 * WORKING_PX  # the longer side on which characters are looked for, so that parts keep details
_WITHIN, _LOOSE = 0.9, 0.2  # so much of a character is within a rectangle around it, and so much of that is its own
_SOFT = 0.35  # of a stroke: so far around the ink its soft edge reaches


@dataclass(frozen=True)
class Origin:
    """Where the ink of a character comes from.

    Attributes:
        found: What was found on the picture.
        way: How it was read.
        character: What was framed.
        framing: How.
        factor: By how much the picture was made smaller before it was searched.
        likely: How likely its ink is that of a pen, beside the other ink of the picture, 0 to 1.
    """

    found: Found
    way: Way
    character: Character
    framing: Framing
    factor: int
    likely: float = 1.0

    @property
    def score(self) -> float:
        """How likely it is what was meant, from 0; about 1 for a plain character."""
        return self.way.weight * self.character.score * self.likely

    @property
    def box(self) -> Box:
        """Where it is on the picture that was brought, in its pixels."""
        top, left, bottom, right = (round(side / self.found.scale) for side in self.character.box)
        row, column = self.found.place
        top, left, bottom, right = top + row, left + column, bottom + row, right + column
        return top * self.factor, left * self.factor, bottom * self.factor, right * self.factor

    def is_within_stroke_of(self, whole: "Origin") -> bool:
        """Return whether its ink is part of a larger connected piece of another character."""
        if whole.found is not self.found or whole.way.reading.dark_on_light != self.way.reading.dark_on_light:
            return False
        if np.count_nonzero(whole.character.mask) <= _LARGER * np.count_nonzero(self.character.mask):
            return False
        top, left = whole.character.box[:2]
        rows, columns = np.nonzero(self.character.mask)
        rows, columns = rows + self.character.box[0] - top, columns + self.character.box[1] - left
        height, width = whole.character.mask.shape
        if rows.min() < 0 or columns.min() < 0 or rows.max() >= height or columns.max() >= width:
            return False
        _, pieces = cv2.connectedComponents(whole.character.mask.astype(np.uint8))
        around = np.bincount(pieces[rows, columns]).argmax()
        return bool(around and np.count_nonzero(pieces == around) > _LARGER * len(rows))

    def is_above_or_below_the_rest_of(self, whole: "Origin") -> bool:
        """Return whether it is one of the parts of a broken character that lie above each other, as no digits do."""
        if whole.way is not self.way or whole.character is self.character:
            return False
        rest = whole.character.without(self.character)
        if rest is None:
            return False
        _, left, _, right = self.character.box
        before, behind = rest
        return min(right, behind) - max(left, before) >= _STACKED * min(right - left, behind - before)

    @property
    def stages(self) -> tuple[tuple[str, Bytes], ...]:
        """Title and uint8 (H, W) or (H, W, 3) image of each step on the way."""
        ink, picture = self.way.ink, self.found.picture
        top, left, bottom, right = self.character.box
        chosen = np.zeros_like(ink)
        chosen[top:bottom, left:right] = self.character.mask
        # As on one middle grey, so that ink of both directions shows.
        evened = 0.5 + (picture / np.float32(255) - self.found.ground.middle) / 2
        return (
            ("as brought", picture),
            ("even ground", np.asarray(evened.clip(0, 1) * 255, np.uint8)),
            ("ink", np.asarray((ink | self.way.lines) * np.uint8(255), np.uint8)),
            ("without lines", np.asarray(ink * np.uint8(255), np.uint8)),
            ("chosen", np.where(chosen, 255, np.where(ink, 70, 0)).astype(np.uint8)),
        )

    def prepared(self, image_shape: tuple[int, ...]) -> "Prepared":
        """Frame the character."""
        pixels = frame(soft_ink(self.character), (image_shape[0], image_shape[1]), self.framing)[..., None]
        return Prepared(pixels, self.found.picture, self)


@dataclass(frozen=True)
class Prepared:
    """A picture as the model gets it, and how it came about.

    Attributes:
        pixels: uint8 (height, width, channels), the model's input.
        picture: uint8 (H, W) or (H, W, 3), what was brought, at working size.
        origin: Where its ink comes from; None if the picture went in as a whole.
    """

    pixels: Bytes
    picture: Bytes
    origin: Origin | None

    @property
    def box(self) -> Box | None:
        """Where the character is on the upright picture, in its pixels; None if the picture went in as a whole."""
        return self.origin.box if self.origin else None

    @property
    def stages(self) -> tuple[tuple[str, Bytes], ...]:
        """Title and uint8 (H, W) or (H, W, 3) image of each step, in order, from "as brought" to "model input"."""
        before = self.origin.stages if self.origin else (("as brought", self.picture),)
        return *before, ("model input", self.pixels[..., 0] if self.pixels.shape[2] == 1 else self.pixels)


def prepare(
    image: Image.Image | np.ndarray,
    image_shape: tuple[int, int, int] = (28, 28, 1),
    framing: Framing | None = CENTRED,
) -> np.ndarray:
    """Return the model's input for a picture of one character: uint8 of `image_shape`. See `prepare_all`."""
    return prepare_all(image, image_shape, framing)[0].pixels


def prepare_all(
    image: Image.Image | np.ndarray,
    image_shape: tuple[int, int, int] = (28, 28, 1),
    framing: Framing | None = CENTRED,
    steps: Steps | None = None,
    region: Box | None = None,
) -> list[Prepared]:
    """Turn a drawing, scan or photo into the model's input; where it is not plain what was meant, into several.

    Args:
        image: A Pillow picture, or uint8 (H, W), (H, W, 3) or (H, W, 4).
        image_shape: Height, width and channels (1 or 3) of the model's input.
        framing: How the images that the model learned from frame their ink, as `framing_of` reads it from them; None
            if they have none, or if there are colours: then nothing is looked for in the picture.
        steps: The steps that are taken, else all.
        region: Where to look, in pixels of the upright picture; else everywhere.

    Returns:
        At least one, the most likely first.

    Raises:
        BlankPicture: If ink is looked for and there is none.
        PictureError: If it is no picture.
    """
    steps = steps or Steps()
    image = image if steps.upright else as_it_lies(image)
    if framing is None or image_shape[2] != 1 or not steps.frame:
        return [_whole(image, image_shape)]
    parts: Parts = "apart" if framing.several_parts else "near"
    smaller, factor = to_rgb_within(image, _SEARCHED_PX)
    picture = np.asarray(smaller)
    founds = [find(picture, steps, parts)]
    if steps.choose and not founds[0].settled:
        seen = founds[0].picture if founds[0].scale < 1 else picture
        sheets = find_sheets(seen, (picture.shape[0], picture.shape[1]))
        founds += [_within(sheet.box, picture, steps, parts, sheet.inside) for sheet in sheets]
    if region is None:
        origins = _candidates(founds, steps, framing, factor)
    else:
        ranked = _ranked(founds, framing, factor)
        # What stands there, or else what is within a rectangle that somebody drew loosely around it.
        there = [one for one in ranked if overlap(one.box, region) > _ALIKE]
        within = [one for one in ranked if shared(one.box, region) > _WITHIN and overlap(one.box, region) > _LOOSE]
        origins = (there or within)[:1]
        if not origins:  # somebody sees more there than was found: what is around it does not count
            founds = [_within(_smaller(region, factor), picture, replace(steps, remove_lines=False), parts)]
            origins = _candidates(founds, steps, framing, factor)
    if not origins:
        raise BlankPicture(
            "There is nothing to be seen on this picture: no ink stands out from the ground. Take one with larger "
            "strokes or more contrast."
        )
    return [one.prepared(image_shape) for one in origins]


def _candidates(founds: list[Found], steps: Steps, framing: Framing, factor: int) -> list[Origin]:
    """Return characters that may be meant, most likely first; the same one found in several ways only once."""
    if not steps.choose:
        return [Origin(found, way, _all_ink(way), framing, factor) for found in founds for way in found.ways[:1]]
    ranked = _ranked(founds, framing, factor)
    ranked = _beside_each_other([one for one in ranked if one.score >= max(_LEAST, _LIKELY * ranked[0].score)])
    kept: list[Origin] = []
    for one in ranked:
        if len(kept) == _MOST or one.score < _LIKELY * ranked[0].score:
            break
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return kept


def _ranked(founds: list[Found], framing: Framing, factor: int) -> list[Origin]:
    origins = [
        Origin(found, way, character, framing, factor)
        for found in founds
        for way in found.ways
        for character in way.all_characters
    ]
    return sorted(origins, key=lambda origin: -origin.score)


def _beside_each_other(origins: list[Origin]) -> list[Origin]:
    """Rank candidates anew: beside ink of much contrast, one of little is an edge of the light or of a sheet."""
    enough = _AS_STRONG * max((one.character.contrast for one in origins), default=0)
    weighed = [replace(one, likely=min(1.0, one.character.contrast / enough) ** 1.5) for one in origins]
    return sorted(weighed, key=lambda origin: -origin.score)


def _same(one: Origin, other: Origin) -> bool:
    same_ink = one.way.reading.dark_on_light == other.way.reading.dark_on_light
    return same_ink and overlap(one.box, other.box) > _ALIKE


def _smaller(box: Box, factor: int) -> Box:
    top, left, bottom, right = box
    return top // factor, left // factor, -(-bottom // factor), -(-right // factor)


def _within(region: Box, picture: Bytes, steps: Steps, parts: Parts, inside: Mask | None = None) -> Found:
    """Find the characters on a part of a picture."""
    height, width = picture.shape[:2]
    top, left = min(max(0, region[0]), height - 1), min(max(0, region[1]), width - 1)
    bottom, right = min(max(top + 1, region[2]), height), min(max(left + 1, region[3]), width)
    return find(picture[top:bottom, left:right], steps, parts, (top, left), inside)


def _all_ink(way: Way) -> Character:
    top, left, bottom, right = ink_box(way.ink)
    return Character((top, left, bottom, right), way.ink[top:bottom, left:right], way.reading, 1.0, 0.0)


def soft_ink(character: Character) -> Array:
    """Return the ink of a character with its soft edges, float32 (H, W), 0 to 1; a margin of them is around the box."""
    reach = max(1, round(_SOFT * character.stroke_px))
    rows, columns = character.reading.strength.shape
    top, left, bottom, right = character.box
    above, before = min(reach, top), min(reach, left)
    below, behind = min(reach, rows - bottom), min(reach, columns - right)
    strength = character.reading.strength[top - above : bottom + below, left - before : right + behind]
    mask = np.pad(character.mask.astype(np.uint8), ((above, below), (before, behind)))
    near = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    inked = strength[mask > 0]
    full = float(np.partition(inked, 3 * len(inked) // 4)[3 * len(inked) // 4])  # `percentile` takes ten times as long
    soft = np.asarray((strength * near / full).clip(0, 1), np.float32)
    soft[soft < _FAINT] = 0
    top, left, bottom, right = ink_box(soft)
    return soft[top:bottom, left:right]


def _whole(image: Image.Image | np.ndarray, image_shape: tuple[int, int, int]) -> Prepared:
    """Scale a picture until it covers the model's input, and cut off what hangs over, on both sides equally."""
    height, width, channels = image_shape
    read = to_grey(image) if channels == 1 else to_rgb(image)
    final = np.asarray(ImageOps.fit(read, (width, height), Image.Resampling.BICUBIC))
    shown = read.reduce(-(-max(read.size) // WORKING_PX))
    return Prepared(final.reshape(image_shape), np.asarray(shown), None)
