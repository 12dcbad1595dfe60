"""What was found in an upload, as a file: from the process that looked into it to the one that shows it.

It is a NumPy archive: the pixels of each sample, and all else as JSON. It is read without pickle: a hostile upload may
have got the better of the process that wrote it.
"""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from cnn_dash.datasets.own.inspection import Findings, Inspection, Sample
from cnn_dash.errors import DataError

_HEAD = "found"
_FINDINGS = TypeAdapter(Findings)
_SAMPLES = TypeAdapter(list[tuple[str, str, int, int]])


def write_inspection(file: Path, found: Inspection) -> None:
    """Write what was found.

    Raises:
        OSError: If it cannot be written.
    """
    samples = [(one.label, one.file, one.width, one.height) for one in found.samples]
    head = json.dumps({"found": asdict(replace(found, samples=())), "samples": samples}).encode()
    arrays: dict[str, Any] = {f"sample{number}": one.pixels for number, one in enumerate(found.samples)}
    with file.open("wb") as stream:
        np.savez(stream, **arrays | {_HEAD: np.frombuffer(head, np.uint8)})


def read_inspection(file: Path) -> Inspection:
    """Read what `write_inspection` wrote.

    Raises:
        DataError: If it is missing or damaged.
    """
    try:
        with np.load(file, allow_pickle=False) as archive:
            head = json.loads(archive[_HEAD].tobytes())
            samples = tuple(
                Sample(label, name, _pixels(archive[f"sample{number}"]), width, height)
                for number, (label, name, width, height) in enumerate(_SAMPLES.validate_python(head["samples"]))
            )
        return Inspection(**vars(_FINDINGS.validate_python(head["found"])), samples=samples)
    except Exception as error:  # zipfile, json, NumPy and pydantic have no common error for a damaged file
        raise DataError(f"What was found in the file cannot be read ({type(error).__name__}). Try it again.") from error


def _pixels(array: np.ndarray) -> np.ndarray:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise ValueError(f"no picture: {array.dtype} {array.shape}")
    return array
