"""How numbers and runs are put into words on the pages."""

from collections.abc import Iterable

from cnn_dash.config import field
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


def stages(plans: Iterable[tuple[int, int]]) -> str:
    """The earlier stages of a run that was trained longer: `planned for 30 epochs, went on after 7`."""
    return "; ".join(f"planned for {planned} epochs, went on after {ended}" for ended, planned in plans)


def setting_name(path: str) -> str:
    """What a setting is called where its layer is not to be seen: `Learning rate`, `Block 2 · Filters`."""
    title = str(field(path).title)
    parts = path.split(".")
    if len(parts) == 4:
        return f"{'Block' if parts[1] == 'blocks' else 'Dense'} {int(parts[2]) + 1} · {title}"
    return title
