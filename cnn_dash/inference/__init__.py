"""From a picture to a prediction: `open_picture`, `prepare` and the predictor.

What works on pictures is imported when somebody asks for it: a program that only records how its network takes them
need not have the libraries for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnn_dash.inference.frame import CENTRED, Framing
    from cnn_dash.inference.framing import framing_of
    from cnn_dash.inference.pictures import open_picture
    from cnn_dash.inference.preparation import Prepared, prepare, prepare_all
    from cnn_dash.inference.steps import DRAWING, Steps

__all__ = ["CENTRED", "DRAWING", "Framing", "Prepared", "Steps", "framing_of", "open_picture", "prepare", "prepare_all"]

_HOMES = {
    "CENTRED": "frame",
    "Framing": "frame",
    "framing_of": "framing",
    "open_picture": "pictures",
    "Prepared": "preparation",
    "prepare": "preparation",
    "prepare_all": "preparation",
    "DRAWING": "steps",
    "Steps": "steps",
}


def __getattr__(name: str) -> Any:
    """Import what somebody asks for."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
