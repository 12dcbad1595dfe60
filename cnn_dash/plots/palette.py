"""The colours of the project. All of them are data colours: they must read on a white and on a near-black page.

The class colours are the sets of Okabe & Ito (2008, "Color Universal Design") and Paul Tol ("muted", 2021), moved by
a numerical search until every two of them stay apart for people with protanopia, deuteranopia or tritanopia, and none
comes too close to either background. The test of this module holds both bounds.
"""

ACCENT = "#0F7FC4"
MUTED = "rgba(128, 128, 128, 0.45)"

GOOD = ACCENT
"""Correct predictions. Always shown with a word or a mark as well; blue against orange, never green against red."""
BAD = "#D55E00"
"""Mistakes."""

SHARE_RIGHT = ("#A5ABB0", "#7FA3C2")
SHARE_WRONG = ("#F2C08C", "#DC6A10")
"""Ends of two colour scales that keep `INK` legible and stand out from a white and from a near-black page."""
INK = "#1A1A1A"
"""Text on top of these two scales. All other text takes the colour of the theme."""

TRAIN = ACCENT
TRAIN_DASH = "dot"
VALIDATION = "#D55E00"
VALIDATION_DASH = "solid"

CLASS_COLORS = (
    "#1A6FAD",  # blue
    "#E19800",  # orange
    "#089B6D",  # bluish green
    "#DC8DBC",  # pink
    "#48B1E9",  # sky blue
    "#D25C02",  # vermilion
    "#912A59",  # wine
    "#9F9F43",  # olive
    "#4F40AE",  # indigo
    "#778189",  # grey
)

LAYER_COLORS = {
    "input": CLASS_COLORS[9],
    "base": CLASS_COLORS[8],
    "convolution": ACCENT,
    "pooling": CLASS_COLORS[4],
    "flatten": "#B09A75",
    "global_average": "#B09A75",
    "dense": CLASS_COLORS[1],
    "softmax": CLASS_COLORS[5],
}
"""Of each kind of layer in the drawing of a network; the softmax is the output."""


def channels(color: str) -> tuple[int, int, int]:
    """Return red, green and blue of a `#RRGGBB` colour, each 0–255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mixed(color: str, other: str, share: float) -> str:
    """Return a `#RRGGBB` colour with a share (0–1) of another one in it, as `#RRGGBB`."""
    pairs = zip(channels(color), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
