"""Keeps what goes wrong in recording from ending somebody's training."""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_MOST = 1_000  # kinds of errors are remembered in a process

log = logging.getLogger(__name__)
_said: set[str] = set()


def never_raises(method: Callable[P, R]) -> Callable[P, R | None]:
    """Let a function log what goes wrong in it, once for each kind of error, and return None then."""

    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            kind = f"{method.__qualname__}: {type(error).__name__}: {error}"[:200]
            if kind not in _said and len(_said) < _MOST:
                _said.add(kind)
                log.warning("CNN Dash could not record something; training goes on", exc_info=error)
            return None

    return guarded
