"""What every format is: a name, what it is for, how it is written, and how a file of it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.exporters.source import ExportSource
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source

Answer = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Images uint8 (N, H, W, C) in 0–255 → probabilities float32 (N, classes)."""

OnStep = Callable[[str, float], None]
"""Told what is being done, for a person, and which share of all the work lies before it, 0–1."""

INPUT, OUTPUT = "pixels", "probabilities"
"""What input and output are called, in every format that has names for them."""

EXACT = 1e-5
"""How far probabilities may be off where a format computes in float32: rounding in another order gives about 1e-6."""


@dataclass(frozen=True)
class ExportFormat:
    """A form in which a network leaves.

    Attributes:
        name: Its name on the command line and in addresses.
        label: Its name on the pages.
        suffix: How its files end.
        about: What it is for, in a sentence or two.
        media_type: Its type over HTTP.
        write: Writes a file, card included.
        open: Opens a file in the runtime that it is for, to ask it; None if there is nothing to ask.
        not_asked: What a person is told if there is nothing to ask.
        needs_recipe: Whether only runs of ours have it, whose recipe is known.
        bytes_per_parameter: By which its size is estimated before there is a file.
        exact: Whether its answers are those of the run but for rounding of float32.
        checked_by: How `open` differs from the runtime that a file is for, in a sentence; empty if it is that one.
    """

    name: str
    label: str
    suffix: str
    about: str
    media_type: str
    write: Callable[[ExportSource, Path], None]
    open: Callable[[Path], Answer] | None = None
    not_asked: str = "Nothing to check."
    needs_recipe: bool = False
    bytes_per_parameter: int = 4
    exact: bool = True
    checked_by: str = ""

    def offered(self, run: Run) -> bool:
        """Return whether a run with a network can have it."""
        return run.source is Source.RECIPE or not self.needs_recipe

    def file_name(self, run_id: int) -> str:
        """Return what a file is called: `cnn-dash-run-12.onnx`."""
        return f"cnn-dash-run-{run_id}{self.suffix}"

    @property
    def extension(self) -> str:
        """How the names of its files end, shortly: `.zip`."""
        return Path(self.suffix).suffix or self.suffix

    def as_json(self) -> dict[str, Any]:
        """Return what a program is told of the format."""
        return {"format": self.name, "label": self.label, "suffix": self.suffix, "about": self.about}
