"""Machado, Oliveira, Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency"."""

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.plots import palette

REPOSITORY = Path(__file__).parents[3]

LEAST_DIFFERENCE = 16.0  # CIELAB ΔE*ab (1976); about 2.3 is just noticeable
LEAST_CONTRAST = 2.4  # WCAG, against the page
PAGES = {"light": "#FFFFFF", "dark": "#0E1117"}
VISION = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


def linear(color: str) -> np.ndarray:
    encoded = np.array(palette.channels(color)) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def lab(color: str, vision: str) -> np.ndarray:
    seen = np.clip(np.array(VISION[vision]) @ linear(color), 0, 1)
    ratio = SRGB_TO_XYZ @ seen / SRGB_TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, vision: str) -> float:
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(SRGB_TO_XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_colour_computation_gives_the_textbook_values():
    assert lab("#FF0000", "usual") == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert difference("#E03030", "#6C6C00", "deuteranopia") < difference("#E03030", "#6C6C00", "usual") / 2


@pytest.mark.parametrize("vision", VISION)
def test_any_two_classes_can_be_told_apart(vision):
    assert len(set(palette.CLASS_COLORS)) == 10
    closest = min(combinations(palette.CLASS_COLORS, 2), key=lambda pair: difference(*pair, vision))
    assert difference(*closest, vision) >= LEAST_DIFFERENCE, closest


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("color", [*palette.CLASS_COLORS, *palette.LAYER_COLORS.values(), palette.ACCENT, palette.BAD])
def test_every_colour_stands_out_from_the_page(color, page):
    assert contrast(color, PAGES[page]) >= LEAST_CONTRAST


@pytest.mark.parametrize("vision", VISION)
def test_good_and_bad_and_the_two_curves_are_far_apart_for_everybody(vision):
    assert difference(palette.GOOD, palette.BAD, vision) >= 40
    assert difference(palette.TRAIN, palette.VALIDATION, vision) >= 40
    assert palette.TRAIN_DASH != palette.VALIDATION_DASH


@pytest.mark.parametrize("scale", [palette.SHARE_RIGHT, palette.SHARE_WRONG])
def test_counts_are_legible_along_both_scales(scale):
    for share in (0, 0.25, 0.5, 0.75, 1):
        assert contrast(palette.mixed(*scale, share), palette.INK) >= 4.5


def test_the_theme_has_the_class_colours():
    config = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert tuple(config["theme"]["chartCategoricalColors"]) == palette.CLASS_COLORS
