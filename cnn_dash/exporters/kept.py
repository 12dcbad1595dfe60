"""Exported files that are kept with the result of a run, so that each is made once.

They lie in `exports/` of the result folder: the file, and beside it what its check has found. A run that is trained
longer gets a new result folder; another version of CNN Dash makes them anew.
"""

import shutil
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from cnn_dash import __version__
from cnn_dash.exporters.export import Exported, export
from cnn_dash.exporters.export_format import ExportFormat, OnStep
from cnn_dash.inference import kept_temperature
from cnn_dash.runs.folder import ResultFolder, RunFile
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings


@dataclass(frozen=True)
class _Record:
    version: str
    tested: str | None  # folder of the answers that it was checked against
    made: Exported
    temperature: float | None = None  # that was kept then; model cards and pages tell it


def kept(settings: Settings, run: Run, form: ExportFormat) -> Exported | None:
    """Return what is known of a file that was made before; None if there is none of this version.

    Raises:
        StoreError: If the run has no network.
    """
    with _record(ResultFolder.of(settings, run), form).local_path() as file:
        try:
            record = _JSON.validate_json(file.read_bytes())
        except (OSError, ValidationError):
            return None
    try:
        open_kept(settings, run, form).close()
    except FileNotFoundError:  # deleted by hand: it is made again
        return None
    now = (*_now(run), kept_temperature.kept(ResultFolder.of(settings, run)))
    return record.made if (record.version, record.tested, record.temperature) == now else None


def open_kept(settings: Settings, run: Run, form: ExportFormat) -> BinaryIO:
    """Open a file that was made before.

    Raises:
        StoreError: If the run has no network.
        FileNotFoundError: If it is not there.
    """
    file = _file(ResultFolder.of(settings, run), form)
    return file.artifacts.open(file.key)


def make(store: RunStore, run_id: int, form: ExportFormat, on_step: OnStep) -> Exported:
    """Make a file, check it and keep it; raise as `export` does."""
    run = store.run(run_id)
    folder = ResultFolder.of(store.settings, run)
    temperature = kept_temperature.kept(folder)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / form.file_name(run_id)
        made = export(store.settings, run, form, file, on_step)
        store.run(run_id)  # one that was deleted meanwhile keeps nothing
        record = _Record(*_now(run), made, temperature)
        _file(folder, form).put(partial(shutil.copyfile, file))
        _record(folder, form).put(lambda target: target.write_bytes(_JSON.dump_json(record)))
    return made


def _now(run: Run) -> tuple[str, str | None]:
    return __version__, run.result.folder if run.result else None


def _file(folder: ResultFolder, form: ExportFormat) -> RunFile:
    return RunFile(folder.artifacts, f"{folder.key}/exports/{form.name}{form.suffix}")


def _record(folder: ResultFolder, form: ExportFormat) -> RunFile:
    return RunFile(folder.artifacts, f"{folder.key}/exports/{form.name}.json")


_JSON = TypeAdapter(_Record)
