"""The temperature that a person has kept for a run: it takes the place of the fitted one wherever a confidence is told.

It lies with the network of the run, so that a run that is trained longer begins without it.
"""

import json
import math
from dataclasses import replace

from cnn_dash.errors import ConfigError, StoreError
from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.runs.folder import ResultFolder, RunFile

LOWEST, HIGHEST = 0.25, 8.0
"""The bounds of a temperature: those within which it is fitted."""


def keep(folder: ResultFolder, temperature: float) -> None:
    """Keep a temperature with a network.

    Raises:
        ConfigError: If it is out of bounds.
        StoreError: If it cannot be written.
    """
    if not LOWEST <= temperature <= HIGHEST:
        raise ConfigError(f"A temperature is a number. Received: {temperature!r}. Allowed: {LOWEST} to {HIGHEST}.")
    try:
        _file(folder).put(lambda path: path.write_text(json.dumps({"temperature": temperature}), "utf-8"))
    except OSError as error:
        raise StoreError(f"The temperature cannot be kept. Received: {error}. See that the disk has room.") from error


def forget(folder: ResultFolder) -> None:
    """Go back to the fitted temperature.

    Raises:
        StoreError: If the file cannot be deleted.
    """
    file = _file(folder)
    try:
        file.artifacts.delete(file.key)
    except OSError as error:
        raise StoreError(f"The temperature cannot be deleted. Received: {error}. Check its permissions.") from error


def kept(folder: ResultFolder) -> float | None:
    """Return the temperature that is kept with a network; None if there is none, or it cannot be used."""
    try:
        with _file(folder).local_path() as path:
            value = float(json.loads(path.read_bytes())["temperature"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return value if math.isfinite(value) and LOWEST <= value <= HIGHEST else None


def read_familiarity(folder: ResultFolder) -> Familiarity | None:
    """Read what a network has seen, with the temperature that is kept; None if it was not measured.

    Raises:
        StoreError: If it is damaged.
    """
    try:
        with folder.familiarity.local_path() as file:
            return replace(Familiarity.read(file), kept_temperature=kept(folder))
    except FileNotFoundError:  # of another program, or trained before it was measured
        return None


def _file(folder: ResultFolder) -> RunFile:
    return RunFile(folder.artifacts, f"{folder.key}/temperature.json")
