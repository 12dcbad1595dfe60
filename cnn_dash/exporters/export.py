"""Makes one file and checks it."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cnn_dash.errors import CnnDashError, StoreError
from cnn_dash.exporters.check import Check, check
from cnn_dash.exporters.export_format import ExportFormat, OnStep
from cnn_dash.exporters.source import ExportSource
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings


@dataclass(frozen=True)
class Exported:
    """A file that was made.

    Attributes:
        bytes: Its size.
        check: How far it agrees with its run.
    """

    bytes: int
    check: Check

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON: bytes, max_difference, changed_answers, checked, note, rounding."""
        return {"bytes": self.bytes, **asdict(self.check)}


def no_step(_step: str, _share: float) -> None:
    """Tell nobody."""


def export(settings: Settings, run: Run, form: ExportFormat, file: Path, on_step: OnStep = no_step) -> Exported:
    """Write the network of a run into a file, open the file with its own runtime, and check it.

    Args:
        settings: Where runs and data are.
        run: The run.
        form: The format.
        file: Where to; it must end as the format's files do.
        on_step: Called with what is being done, and which share of all that is.

    Raises:
        StoreError: If the run has no network, it is damaged, or the format cannot express it.
        DataError: If the format needs images that are not here.
        OSError: If the file cannot be written.
    """
    source = ExportSource(settings, run)
    on_step("Loading the network", 0.3)
    try:
        if form.open is not None:
            _ = source.network  # so that the steps are told apart
        on_step(f"Writing {form.label}", 0.4)
        form.write(source, file)
        found = Check(note=form.not_asked) if form.open is None else check(source, form.open(file), on_step)
    except (CnnDashError, OSError, MemoryError):
        raise
    except Exception as error:  # converters and runtimes raise whatever they like
        raise StoreError(
            f"The network of run {run.id} cannot be exported as {form.name}. Received: {type(error).__name__}: "
            f"{(str(error) or 'no reason').splitlines()[0]}. Take another format."
        ) from error
    if found.checked and form.checked_by:
        found = replace(found, note=form.checked_by)
    return Exported(file.stat().st_size, found)
