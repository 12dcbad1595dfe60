"""How much of a training set may lie on the device.

It decides nothing but where the images are: a run gives the same weights either way. So the rule has no setting, and
may depend on what is free at the moment.
"""

import contextlib
from pathlib import Path

import psutil
import tensorflow as tf

SHARE = 1 / 4
"""Of what is free. To make the tensor takes three times its size for a moment; activations and gradients need more."""
_CGROUP = Path("/sys/fs/cgroup")


def image_budget() -> int:
    """Return how many bytes of images may be copied to the device, of what is free there."""
    return int(SHARE * _free())


def _free() -> float:
    """Return the bytes that are free for this process on the first GPU, or else in memory."""
    if tf.config.list_logical_devices("GPU"):
        from tensorflow.python.client import device_lib

        for device in device_lib.list_local_devices():
            if device.device_type == "GPU":
                return float(device.memory_limit)
    return min(float(psutil.virtual_memory().available), _free_in_container())


def _free_in_container() -> float:
    """Return what the limit of a container leaves; infinity if there is none. See `cgroups(7)`, version 2."""
    with contextlib.suppress(OSError, ValueError):  # no such file, or no limit
        used = int((_CGROUP / "memory.current").read_text())
        return float(max(0, int((_CGROUP / "memory.max").read_text()) - used))
    return float("inf")
