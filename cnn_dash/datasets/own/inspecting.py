"""The program that looks into an upload: `python -m cnn_dash.datasets.own.inspecting UPLOAD NAME FOUND`.

It prints `{"done": true}` when FOUND is written (see `inspection_file`), or `{"error": …}` with a sentence.
"""

import json
import sys
from pathlib import Path

from cnn_dash.datasets.own.inspection import inspect
from cnn_dash.datasets.own.inspection_file import write_inspection
from cnn_dash.datasets.own.process_limits import MEMORY_BYTES, limit_memory
from cnn_dash.errors import CnnDashError


def main(upload: str, name: str, found: str) -> None:
    """Look into it, and tell what came of it."""
    limit_memory()
    try:
        write_inspection(Path(found), inspect(Path(upload), name))
    except CnnDashError as error:
        _tell(error=str(error))
    except MemoryError:
        _tell(error=f"To look into {name} needs more than {MEMORY_BYTES >> 30} GB of memory. Bring it in parts.")
    except OSError as error:
        _tell(error=f"What was found in {name} cannot be kept. Received: {error}. Make room on the disk.")
    else:
        _tell(done=True)


def _tell(**what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
