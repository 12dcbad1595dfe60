"""The log of a run: what the package logs while the run is trained, for the person who reads it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from cnn_dash.runs.folder import RunFile

log = logging.getLogger(__name__)


@contextmanager
def logging_to(file: RunFile, *, no_traceback: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Send what the package logs to a run's log, and only there: the worker's own file is never cut.

    Args:
        file: The log; it is appended to.
        no_traceback: Errors that are passed on without being logged; the traceback of any other one is.
    """
    handler = _LogHandler(file)
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    package = logging.getLogger("cnn_dash")
    before = package.level, package.propagate
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    package.propagate = False
    try:
        yield
    except no_traceback:
        raise
    except Exception:
        log.exception("the run failed")
        raise
    finally:
        package.removeHandler(handler)
        package.setLevel(before[0])
        package.propagate = before[1]
        handler.close()


class _LogHandler(logging.Handler):
    """Adds each record to the end of a file; one that cannot be written does not end the run."""

    def __init__(self, file: RunFile) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            self._file.append(f"{self.format(record)}\n".encode())
        except Exception:
            self.handleError(record)
