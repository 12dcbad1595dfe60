"""What all plots share: fixed height, tight margins and a transparent ground."""

from typing import Any

CLEAR = "rgba(0, 0, 0, 0)"


def layout(height: int, **changes: Any) -> dict[str, Any]:
    """Return arguments for `Figure.update_layout`.

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


def percent(share: float) -> str:
    """Format a share of 0–1 in per cent that never rounds to certainty: `98.3 %`, `>99.9 %`, `<0.1 %`."""
    if share > 0.999:
        return ">99.9 %"
    return "<0.1 %" if share < 0.001 else f"{share:.1%}".replace("%", " %")
