"""CNN Dash: train convolutional networks in the browser and watch them learn."""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnn_dash.recording.manual import run as run

__version__ = "0.1.0"

# TensorFlow reads these when it is imported, which happens late and in several places. oneDNN's kernels are faster, and
# TensorFlow leaves them off on some processors; its notices about missing graphics cards help nobody here, and what
# goes wrong is raised as well. Some lines stay: what its libraries log while they are loaded heeds no level (absl's
# "before absl::InitializeLog() is called").
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def __getattr__(name: str) -> Any:
    """Import `cnn_dash.run` when somebody asks for it: whoever imports the package does not pay for it."""
    if name == "run":
        from cnn_dash.recording.manual import run

        return run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
