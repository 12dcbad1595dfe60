"""The answers of several runs to one picture, a row for each."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

import streamlit as st
from PIL import Image

from cnn_dash.inference.answers import DOUBTS
from cnn_dash.plots.layout import percent
from cnn_dash.plots.palette import ACCENT
from cnn_dash.runs.records import Run
from cnn_dash.text import isolated, printable
from cnn_dash.ui.predict.choice import region_of
from cnn_dash.ui.predict.network import loaded_networks
from cnn_dash.ui.predict.opinions import differ
from cnn_dash.ui.predict.steps import chosen_steps
from cnn_dash.ui.predict.summary import Summary, ask

_INPUT_PX = 40
# Model inputs, which run and what is to be said of it, answer, confidence; answers stand below each other.
_ROWS = (
    "display: grid; grid-template-columns: fit-content(40%) 1fr auto auto; gap: 0.5rem 0.75rem; align-items: center; "
    "font-variant-numeric: tabular-nums"
)


def render_side_by_side(
    runs: Sequence[Run], first: Summary, upright: Image.Image, digest: str, *, drawn: bool = False
) -> None:
    """Draw what each run says: model input, answer, confidence and doubt.

    One piece of HTML, as it is drawn anew after every stroke.

    Args:
        runs: Whose networks answer; what the first says is known already.
        first: What it says.
        upright: The picture, mode "RGB".
        digest: Stands for its content, see `region_of`.
        drawn: Whether it was drawn on the canvas.
    """
    networks, broken = loaded_networks(runs[1:])
    region = region_of(digest)
    said = {runs[0].id: first}
    for run in runs[1:]:
        if run.id in broken:
            said[run.id] = Summary("", error=str(broken[run.id]))
        else:
            said[run.id] = ask(networks[run.id], upright, chosen_steps(drawn), region)
    if differ(said.values()):
        st.markdown(":material/call_split: **The runs disagree.**")
    st.html(f'<div style="{_ROWS}">{"".join(_rows(runs, said))}</div>')


def _rows(runs: Sequence[Run], said: Mapping[int, Summary]) -> Iterator[str]:
    first = said[runs[0].id]
    for run in runs:
        one = said[run.id]
        images = "".join(
            f'<img src="{source}" alt="Model input of run {run.id}" style="width: {_INPUT_PX}px; '
            'border-radius: 0.2rem; image-rendering: pixelated">'
            for source in one.model_inputs
        )
        note = one.error or (f"Not sure: {DOUBTS[one.doubt]}" if one.doubt else "")
        wide = "; grid-column: 2 / -1" if one.error else ""
        other = differ((first, one))
        answer = f'<b style="font-size: 1.4rem{f"; color: {ACCENT}" if other else ""}">{escape(one.answer)}</b>'
        yield (
            f'<div style="display: flex; flex-wrap: wrap; gap: 0.2rem">{images}</div>'
            f'<div style="min-width: 0; line-height: 1.3; overflow-wrap: anywhere{wide}"><b>Run {run.id}</b> '
            f'<span style="opacity: 0.75; font-size: 0.85rem">{escape(isolated(printable(run.name)))}</span>'
            + (f'<br><span style="font-size: 0.85rem">{escape(printable(note))}</span></div>' if note else "</div>")
            + ("" if one.error else f"{answer}<span>{escape(percent(one.confidence))}</span>")
        )
