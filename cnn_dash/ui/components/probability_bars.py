"""Probabilities as lying bars.

A piece of HTML and not a Plotly chart: it is drawn anew after every stroke, and a chart takes the browser longer than
the network takes to answer.
"""

from html import escape

from cnn_dash.plots.palette import ACCENT, MUTED
from cnn_dash.plots.probabilities import ProbabilityInfo, describe

_GRID = (
    "display: grid; grid-template-columns: max-content 1fr 4rem; gap: 0.35rem 0.6rem; align-items: center; "
    "font-size: 0.9rem; font-variant-numeric: tabular-nums"
)


def bars_html(info: ProbabilityInfo) -> str:
    """One row for each class: name, bar, per cent; the answer wears the accent colour."""
    rows = "".join(
        f'<span style="text-align: right">{escape(name)}</span>{_bar(share, place == info.answer)}<span>{label}</span>'
        for place, (name, share, label) in enumerate(
            zip(info.class_names, info.probabilities, info.labels, strict=True)
        )
    )
    return f'<div role="img" aria-label="{escape(describe(info))}" style="{_GRID}">{rows}</div>'


def _bar(share: float, is_answer: bool) -> str:
    color = ACCENT if is_answer else MUTED
    return f'<span style="height: 1rem; border-radius: 0.15rem; width: {100 * share:.2f}%; background: {color}"></span>'
