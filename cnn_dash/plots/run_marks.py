"""The marks of runs that are shown together: a colour each, from the eleventh on also a marker."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from cnn_dash.plots.palette import CLASS_COLORS

SYMBOLS = (None, "diamond", "square", "triangle-up")
"""Markers on the lines, another one each time the colours are used up. Dashes tell training from validation."""


@dataclass(frozen=True)
class RunMark:
    """How a run is drawn.

    Attributes:
        color: `#RRGGBB`.
        symbol: Name of a Plotly marker on its lines, or None.
    """

    color: str
    symbol: str | None


def mark(place: int) -> RunMark:
    """Return the mark of a place from 0 on; the first `len(CLASS_COLORS) * len(SYMBOLS)` differ from each other."""
    lap, color = divmod(place, len(CLASS_COLORS))
    return RunMark(CLASS_COLORS[color], SYMBOLS[lap % len(SYMBOLS)])


def places(run_ids: Iterable[int], before: Mapping[int, int]) -> dict[int, int]:
    """Return a place of its own for each run, in the order in which they come.

    A run keeps the place it had, whatever is added or taken away beside it. A new one gets the colour that belongs to
    its number, so that it looks the same to everybody who follows a link, unless another one wears it.

    Args:
        run_ids: The runs that are shown; one that comes twice counts once.
        before: The places of those that were shown before.
    """
    shown = list(dict.fromkeys(run_ids))
    found = {run_id: before[run_id] for run_id in shown if run_id in before}
    taken = set(found.values())
    for run_id in sorted(set(shown) - found.keys()):
        own = (run_id - 1) % len(CLASS_COLORS)
        place = own if own not in taken else next(free for free in count() if free not in taken)
        found[run_id] = place
        taken.add(place)
    return {run_id: found[run_id] for run_id in shown}
