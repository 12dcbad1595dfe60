"""Holds a training while somebody has pressed Pause on the page."""

import time

from cnn_dash.recording.writer import RunWriter

LOOK_EVERY_S = 0.1


def hold_while_paused(writer: RunWriter) -> None:
    """Say that the pause has begun, and wait until it is over; the writer's heartbeats go on."""
    from cnn_dash.runs.status import Request

    writer.put(lambda target: target.acknowledge())
    while writer.request is Request.PAUSE:
        time.sleep(LOOK_EVERY_S)
