"""How numbers and runs are put into words on the pages."""

from collections.abc import Collection, Iterable

from cnn_dash.config import TrainConfig
from cnn_dash.hyperparameters import field
from cnn_dash.hyperparameters import setting as metadata
from cnn_dash.metrics import percent
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.text import isolated


def count(number: float) -> str:
    """Return a large number for people: `93,322`, `2.8 M`."""
    if number < 1e6:
        return f"{number:,.0f}"
    return f"{number / 1e6:.1f} M" if number < 1e9 else f"{number / 1e9:.1f} G"


def size(size_bytes: float) -> str:
    """Room on the disk for people: `0 kB`, `380 kB`, `12.3 MB`, `1.2 GB`."""
    if size_bytes < 999_500:
        return f"{size_bytes / 1e3:.0f} kB"
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:.1f} GB"


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning and no full stop at its end; the rest stays as it is."""
    return text[:1].upper() + text[1:].rstrip(".")


def runs_of(run_ids: Collection[int]) -> str:
    """Name runs by number: `Run 5`, `Runs 5 and 7`, `Runs 5, 7, 9 and 12 more`."""
    ids = [str(run_id) for run_id in run_ids]
    if len(ids) == 1:
        return f"Run {ids[0]}"
    shown, more = (ids[:-1], ids[-1]) if len(ids) <= 6 else (ids[:5], f"{len(ids) - 5} more")
    return f"Runs {', '.join(shown)} and {more}"


def run_label(run: Run) -> str:
    """Return a run as a list to choose from shows it: `Run 12 · compact-valid on mnist-5k · 96.10 % · stopped`."""
    result = f" · {percent(run.result.accuracy)}" if run.result else ""
    end = "" if run.status is Status.FINISHED else f" · {run.status.value}"
    return f"Run {run.id} · {isolated(run.name)}{result}{end}"


def stages(plans: Iterable[tuple[int, int]]) -> str:
    """Return where a run that was trained longer had ended before: `continued after 7 of 30 epochs`."""
    return "; ".join(f"continued after {ended} of {planned} epochs" for ended, planned in plans)


def format_value(path: str, value: object) -> str:
    """Return the value of a setting as its widget shows it: `25 %`, `on`, `reduce on plateau`, `1 epoch`."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if path == "train.stages":
        return stages(TrainConfig(stages=str(value)).plans) or "none"
    if not isinstance(value, int | float):
        return metadata(path).labels.get(str(value), str(value))
    match metadata(path).unit:
        case "%":
            return f"{100 * value:g} %"
        case "epochs":
            return f"{value:g} epoch{'' if value == 1 else 's'}"
        case unit:
            return f"{value:g}{unit}"


def setting_name(path: str) -> str:
    """Return what a setting is called where its layer is not to be seen: `Learning rate`, `Block 2 · Filters`."""
    title = str(field(path).title)
    parts = path.split(".")
    if len(parts) == 4:
        return f"{'Block' if parts[1] == 'blocks' else 'Dense'} {int(parts[2]) + 1} · {title}"
    return title
