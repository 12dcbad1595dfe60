"""Starts the program that loads a foreign network: with a limit of time and memory, and nothing of our environment.

A network is a program for numbers in a file that anybody may have made. It may be made to ask for all memory, or to
find a mistake in the libraries that read it; in the process that serves everybody it could.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.model_import.archive import refused

TIMEOUT_S = 300.0

EXIT_REFUSED = 3
REFUSAL_FILE = "refusal.txt"

_MOST_BYTES = 1_000_000  # that are read of what the program says
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONPATH")  # nothing else is its business
_ONE_AT_A_TIME = threading.Lock()


def load_and_test(
    folder: Path,
    file: Path,
    name: str,
    *,
    test: tuple[NDArray[np.uint8], NDArray[np.int64]] | None,
    class_names: Sequence[str],
    scaling: str | None,
) -> dict[str, Any]:
    """Load a network and test it; `result` in the folder has the files of a result then.

    Args:
        folder: An empty one, to work in.
        file: The network, a `.keras` file that was looked through.
        name: What it is called, for the messages.
        test: Images uint8 (N, H, W, C) and labels int64 (N,) to test it on; None to leave that out.
        class_names: Names of the classes.
        scaling: How pixels go in.

    Returns:
        What the program says of the network; see `__main__`.

    Raises:
        ModelFileError: If it cannot be loaded or used, or takes too much to do so.
    """
    shutil.copyfile(file, folder / "model.keras")
    (folder / "request.json").write_text(json.dumps({"class_names": list(class_names), "scaling": scaling}), "utf-8")
    if test is not None:
        np.save(folder / "images.npy", test[0])
        np.save(folder / "labels.npy", test[1])
    try:
        with _ONE_AT_A_TIME:
            done = subprocess.run(
                [sys.executable, "-m", str(__package__), str(folder)],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # it might say gigabytes
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT_S,
                env=_environment(folder),
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise refused(name, f"a network that is not loaded and tested within {TIMEOUT_S:.0f} s", _SMALLER) from None
    except OSError as error:
        raise refused(name, f"no process to load it: {error}", "a machine with room for one") from error
    try:
        if done.returncode == EXIT_REFUSED:
            said = _said(folder / REFUSAL_FILE)[:1_000]
            raise refused(name, said, "a network that takes one image and gives one number for each class")
        if done.returncode == 0:
            facts: dict[str, Any] = json.loads(_said(folder / "facts.json"))
            return facts
    except (OSError, ValueError):  # the program was not what it should be
        pass
    raise refused(name, "a network that takes too much memory or time, or is damaged", _SMALLER)


def _said(file: Path) -> str:
    with file.open("rb") as stream:
        return stream.read(_MOST_BYTES).decode("utf-8", "replace")


_SMALLER = "one that is loaded and answers the test images within 4 GB and five minutes"


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    here = str(Path(__file__).resolve().parents[2])
    return kept | {
        "PYTHONPATH": os.pathsep.join(filter(None, [here, kept.get("PYTHONPATH")])),
        "PYTHONIOENCODING": "utf-8",
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",  # a card has no limit of memory
        **dict.fromkeys(("HOME", "KERAS_HOME", "TMPDIR", "TEMP", "TMP"), str(folder)),
    }
