"""Draws probabilities as horizontal bars.

A piece of HTML and not a Plotly chart: it is drawn anew after every stroke, and a chart takes the browser longer than
the network takes.
"""

from html import escape

from cnn_dash.plots.palette import ACCENT, MUTED
from cnn_dash.plots.probabilities import ProbabilityInfo, bars, describe

_GRID = (
    "display: grid; grid-template-columns: fit-content(45%) 1fr 4rem; gap: 0.35rem 0.6rem; align-items: center; "
    "font-size: 0.9rem; font-variant-numeric: tabular-nums"
)


def bars_html(info: ProbabilityInfo) -> str:
    """Return a row for each bar: name, bar, per cent; the predicted class has the accent colour."""
    rows = "".join(
        f'<span style="text-align: right">{escape(bar.name)}</span>{_bar(bar.probability, bar.is_answer)}'
        f"<span>{bar.label}</span>"
        for bar in bars(info)
    )
    return f'<div role="img" aria-label="{escape(describe(info))}" style="{_GRID}">{rows}</div>'


def _bar(share: float, is_answer: bool) -> str:
    color = ACCENT if is_answer else MUTED
    return f'<span style="height: 1rem; border-radius: 0.15rem; width: {100 * share:.2f}%; background: {color}"></span>'
