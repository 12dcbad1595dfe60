"""Exported programs of runs that nobody has trained, and a place to run them in, without CNN Dash."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from cnn_dash.config import RunConfig
from cnn_dash.exporters.source import ExportSource
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Source, Status

LIMIT_S = 250
RUNNER = Path(__file__).with_name("run_programs.py")


def source_of(
    config: RunConfig, shape: tuple[int, int, int] = (28, 28, 1), classes: int = 10, **run: Any
) -> ExportSource:
    """What a program is written from: a finished run of this configuration; its files are nowhere."""
    known: dict[str, Any] = {
        "id": 12, "data_dir": None, "config": config,
        "name": "a net", "source": Source.RECIPE, "status": Status.FINISHED,
        "epoch": 3, "epochs": 3, "result": TestResult(0.97, 0.1, 3, 5.0, 1000.0, ""),
    }  # fmt: skip
    stated_input = ModelInput(tuple(map(str, range(classes))), shape, None)
    source: Any = SimpleNamespace(run=SimpleNamespace(**known | run), stated_input=stated_input)
    return source  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Ran:
    """What a program made of itself; see `run_programs.py`."""

    told: dict[str, Any]
    arrays: dict[str, np.ndarray]
    printed: str

    @property
    def weights(self) -> list[np.ndarray]:
        return [self.arrays[f"arr_{index}"] for index in range(sum(name.startswith("arr_") for name in self.arrays))]


def run_programs(files: Sequence[Path], data: Path) -> list[Ran]:
    """Run programs one after the other in a process without CNN Dash, each in the folder that it is in."""
    jobs = [{"file": str(file), "folder": str(file.parent), "data": str(data)} for file in files]
    place = files[0].parent / "jobs.json"
    place.write_text(json.dumps(jobs))
    command = [sys.executable, "-I", str(RUNNER), str(place)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 0, done.stderr[-4000:]
    found = []
    for file in files:
        with np.load(file.parent / "told.npz") as told:
            arrays = dict(told)
        found.append(Ran(json.loads((file.parent / "told.json").read_text()), arrays, done.stdout))
    return found
