"""What all figures share: fixed height, tight margins, a transparent ground, and no more points than eyes can use."""

from typing import Any

import numpy as np
import numpy.typing as npt

MAX_POINTS = 500
CLEAR = "rgba(0, 0, 0, 0)"


def layout(height: int, **changes: Any) -> dict[str, Any]:
    """Arguments for `Figure.update_layout`.

    Args:
        height: Height in pixels; fixed, so that nothing on the page moves when the numbers change.
        **changes: Any other layout settings.
    """
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "uirevision": "keep",  # zoom and hidden lines outlive a redraw
        **changes,
    }


def empty_note(text: str) -> dict[str, Any]:
    """An annotation in the middle of a figure that has nothing to draw."""
    return {"text": text, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}


def thinned(values: npt.NDArray[np.float64], limit: int = MAX_POINTS) -> npt.NDArray[np.intp]:
    """Indices of at most `limit` points that draw the same line.

    Args:
        values: float (N,), NaN where there is a gap.
        limit: Largest number of points, at least 4.

    Returns:
        intp (M,), rising: all indices if N ≤ `limit`, else the first, the last, and the smallest and largest value of
        each of `(limit - 2) // 2` equal stretches, so that no peak is lost.
    """
    count = len(values)
    if count <= limit:
        return np.arange(count)
    kept = {0, count - 1}
    for stretch in np.array_split(np.arange(count), (limit - 2) // 2):
        seen = stretch[np.isfinite(values[stretch])]
        if len(seen):
            kept |= {int(seen[values[seen].argmin()]), int(seen[values[seen].argmax()])}
    return np.array(sorted(kept), dtype=np.intp)


def percent(share: float) -> str:
    """A share of 0–1 in per cent that never rounds to certainty: `98.3 %`, `>99.9 %`, `<0.1 %`."""
    if share > 0.999:
        return ">99.9 %"
    return "<0.1 %" if share < 0.001 else f"{share:.1%}".replace("%", " %")
