"""Telling the app that the server is about to end, before it waits.

On Ctrl-C uvicorn first waits until every open response is complete, and tells the app only then. An event stream of a
run that trains is never complete, so it must be told of the signal itself.
"""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def before_shutdown(close: Callable[[], None]) -> Iterator[None]:
    """Call `close` when the process is asked to end, and then whoever handled the signal before.

    Does nothing in a server that does not run in the main thread, where no signal can be handled.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {number: signal.getsignal(number) for number in SIGNALS}

    def handle(number: int, frame: FrameType | None) -> None:
        close()
        handler = handlers[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)
        elif handler is signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    for number in SIGNALS:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            if handler is not None:  # None: it was not set from Python, and cannot be put back
                signal.signal(number, handler)
