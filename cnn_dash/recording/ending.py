"""What ended a `fit`: all epochs, early stopping, `model.stop_training`, the dashboard, Ctrl-C or an exception.

Keras tells callbacks of an end only if there was no exception. Whether `fit` has gone is seen on the stack of its
thread; what it was is told by the interpreter's hook for uncaught exceptions, and by the signal of Ctrl-C.
"""

import math
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

_CTRL_C_FRESH_S = 5.0


@dataclass(frozen=True)
class Ending:
    """How a `fit` ended.

    Attributes:
        status: "finished", "stopped" or "failed".
        message: The sentence for it; None where there is nothing to say.
    """

    status: str
    message: str | None = None


def ending_of(callbacks: list[Any], model: Any, *, stop_asked: bool, epoch: int, loss: float | None = None) -> Ending:
    """Return how a `fit` ended that came to its end by itself.

    Args:
        callbacks: All callbacks of it, as far as they are known.
        model: Its model.
        stop_asked: Whether somebody pressed Stop.
        epoch: Whole epochs of the run.
        loss: The last loss.
    """
    if stop_asked:
        return Ending("stopped", "Stopped from CNN Dash.")
    if not getattr(model, "stop_training", False):
        return Ending("finished")
    for callback in callbacks:
        kind = type(callback).__name__
        if kind == "EarlyStopping" and getattr(callback, "stopped_epoch", 0) > 0:
            return Ending("finished", _early_stopping(callback, epoch))
        if kind == "TerminateOnNaN" and loss is not None and not math.isfinite(loss):
            return Ending("stopped", f"Ended in epoch {epoch}: the loss is not a number (TerminateOnNaN).")
    return Ending("stopped", f"Ended after epoch {epoch}: model.stop_training was set.")


def _early_stopping(callback: Any, epoch: int) -> str:
    monitor, best = getattr(callback, "monitor", "its metric"), getattr(callback, "best_epoch", None)
    text = f"Early stopping after epoch {epoch}: no better {monitor}"
    if isinstance(best, int):
        text += f" since epoch {epoch - (callback.stopped_epoch - best)}"
        if getattr(callback, "restore_best_weights", False):
            text += ", whose weights were restored"
    return f"{text}."


def callback_list(depth: int = 1) -> list[Any]:
    """Return the callbacks of the `CallbackList` that is calling, or nothing if something else calls."""
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None:
        owner: Any = frame.f_locals.get("self")
        if type(owner).__name__ == "CallbackList" and isinstance(getattr(owner, "callbacks", None), list):
            return list(owner.callbacks)
        frame = frame.f_back
    return []


class FitWatch:
    """Notices that the `fit` that is on the stack of this thread is left.

    It has to be asked again and again, from another thread. The frame of `fit` is let go as soon as it was left, so
    that the data in it are not kept.
    """

    def __init__(self, left: Callable[[BaseException | None], None]) -> None:
        self._left = left
        self._thread = threading.get_ident()
        self._frame = _fit_frame()
        self._interrupted_at = 0.0
        self._signal: Any = None
        self._watch_ctrl_c()
        _watches.add(self)
        _install_hook()

    def end(self) -> None:
        """Watch no longer: `fit` has come to its end."""
        self._frame = None
        self._unwatch_ctrl_c()
        _watches.discard(self)

    def look(self) -> None:
        """Look whether `fit` was left without an end; if so, tell it once."""
        frame = self._frame
        if frame is None:
            return
        here = sys._current_frames().get(self._thread)
        while here is not None:
            if here is frame:
                return
            here = here.f_back
        if self._frame is frame:  # nobody has told the end meanwhile
            self.tell(_last_exception(frame))

    def tell(self, error: BaseException | None) -> None:
        """Tell that `fit` was left by an exception; None if it is not known by which."""
        if self._frame is None and error is None:
            return
        if error is None and time.monotonic() - self._interrupted_at < _CTRL_C_FRESH_S:
            error = KeyboardInterrupt()
        with _telling:
            if self not in _watches:  # another thread tells it just now
                return
            _watches.discard(self)
        self.end()
        self._left(error)

    def _watch_ctrl_c(self) -> None:
        """Note the time of Ctrl-C, and do what is done by itself."""
        if threading.current_thread() is not threading.main_thread():
            return
        before = signal.getsignal(signal.SIGINT)
        if not callable(before):
            return

        def note(number: int, frame: FrameType | None) -> None:
            self._interrupted_at = time.monotonic()
            before(number, frame)

        self._signal = (note, before)
        signal.signal(signal.SIGINT, note)

    def _unwatch_ctrl_c(self) -> None:
        if self._signal is None or threading.current_thread() is not threading.main_thread():
            return  # from another thread no handler can be set; ours only passes on
        note, before = self._signal
        self._signal = None
        if signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, before)


def _fit_frame() -> FrameType | None:
    """Return the frame of Keras' `fit`; None in a loop of one's own."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "fit" and str(frame.f_globals.get("__name__", "")).startswith("keras."):
            return frame
        frame = frame.f_back
    return None


def fit_local(name: str) -> Any:
    """Return a local variable of the `fit` that is calling; None if there is none of that name."""
    frame = _fit_frame()
    return None if frame is None else frame.f_locals.get(name)


def _last_exception(frame: FrameType) -> BaseException | None:
    """Return the exception that the interpreter last told of, if it came through a frame (as in a notebook)."""
    error = getattr(sys, "last_value", None)
    traceback: TracebackType | None = getattr(error, "__traceback__", None)
    while traceback is not None:
        if traceback.tb_frame is frame or traceback.tb_frame is frame.f_back:
            return error
        traceback = traceback.tb_next
    return None


_watches: "weakref.WeakSet[FitWatch]" = weakref.WeakSet()
_telling = threading.Lock()
_hooked = False


def tell_exit() -> None:
    """Tell the fits that are not over that the program ends; it left them by `sys.exit`, or never told their end."""
    for watch in list(_watches):
        watch.tell(SystemExit())


def _install_hook() -> None:
    """Have uncaught exceptions told to the fits that they end, before the interpreter prints them."""
    global _hooked
    if _hooked:
        return
    _hooked = True
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        for watch in list(_watches):
            watch.tell(error)
        before(kind, error, trace)

    sys.excepthook = hook


def sentence(error: BaseException | None, epoch: int) -> Ending:
    """Return the ending of a `fit` that was left by an exception."""
    place = f"in epoch {epoch + 1}"
    if isinstance(error, KeyboardInterrupt):
        return Ending("stopped", f"Ended by Ctrl-C (KeyboardInterrupt) {place}.")
    if isinstance(error, SystemExit):
        return Ending("stopped", f"The program ended itself {place}.")
    if error is None:
        return Ending("failed", f"Training was ended {place} by an exception that the program dealt with itself.")
    text = " ".join(str(error).split())
    return Ending("failed", f"Training was ended {place} by {type(error).__name__}: {text[:500]}")
