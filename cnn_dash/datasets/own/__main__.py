"""The program of a background import: `python -m cnn_dash.datasets.own FOLDER`, which `background` starts."""

import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

from cnn_dash.datasets.own.importing import ImportProgress, import_from
from cnn_dash.datasets.own.job import UPLOAD, VERSION, ImportStatus, read_asked, write_status
from cnn_dash.datasets.own.names import full_name
from cnn_dash.datasets.own.process_limits import MEMORY_BYTES, limit_memory
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.errors import CnnDashError

_SAY_S = 0.5


def main(folder: Path) -> int:
    """Import; return the exit code. What comes of it is in `status.json`."""
    limit_memory()
    signal.signal(signal.SIGTERM, _leave)
    status = ImportStatus("running")
    write_status(folder, status)
    said = time.monotonic()

    def say(step: ImportProgress) -> None:
        nonlocal status, said
        status = replace(status, done=step.done, total=step.total, seconds_left=step.seconds_left)
        if time.monotonic() - said > _SAY_S:
            said = time.monotonic()
            write_status(folder, status)

    try:
        asked = read_asked(folder)
        made = import_from(
            open_reader(folder / UPLOAD, asked.file),
            asked.name,
            folder.parent.parent,
            asked.options,
            title=asked.title,
            licence=asked.licence,
            progress=say,
            part=folder / VERSION,
        )
        skipped = f"{made.skipped_count:,} files were skipped." if made.skipped_count else ""
        status = replace(status, state="done", message=skipped, result=full_name(made.name, made.version))
    except CnnDashError as error:
        status = replace(status, state="failed", message=str(error))
    except MemoryError:
        status = replace(
            status, state="failed", message=f"The import needs more than {MEMORY_BYTES >> 30} GB of memory."
        )
    except Exception as error:
        status = replace(status, state="failed", message=f"The import failed: {type(error).__name__}: {error}")
    (folder / UPLOAD).unlink(missing_ok=True)
    write_status(folder, status)
    return 0


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
