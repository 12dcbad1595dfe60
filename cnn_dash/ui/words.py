"""How numbers and runs are put into words on the pages."""

from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status


def count(number: float) -> str:
    """A large number for people: `93,322`, `2.8 M`."""
    if number < 1e6:
        return f"{number:,.0f}"
    return f"{number / 1e6:.1f} M" if number < 1e9 else f"{number / 1e9:.1f} G"


def percent(share: float | None) -> str:
    """A share of 0–1: `96.12 %`; `–` if there is none."""
    return "–" if share is None else f"{100 * share:.2f} %"


def run_label(run: Run) -> str:
    """A run in a list to choose from: `Run 12 · compact-valid on mnist-5k · 96.10 %`, and whether it was stopped."""
    result = f" · {percent(run.result.accuracy)}" if run.result else ""
    end = "" if run.status is Status.FINISHED else f" · {run.status.value}"
    return f"Run {run.id} · {run.name}{result}{end}"
