"""The first page of a PDF as a picture, drawn by a process of its own (`pdf_page`).

A PDF is a program for drawing, in a file that anybody may have made. PDFium is what Chrome shows PDFs with, and like
Chrome we keep it out of the process that serves everybody: there it may crash, hang or ask for all memory, and may not
be used by two threads at once.
"""

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

from PIL import Image

from cnn_dash.errors import PictureError

TIMEOUT_S = 20.0

_PROGRAM = Path(__file__).with_name("pdf_page.py")
_LOCKED = 4  # exit code
_DIGITS = 10  # of a number of pages
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")  # nothing else is its business
_AT_ONCE = threading.BoundedSemaphore(2)


def first_page(data: bytes, name: str) -> tuple[Image.Image, int]:
    """Draw the first page of a PDF, on white, its longer side 2,000 pixels; return also how many pages there are.

    Args:
        data: The document.
        name: Its name, for the messages.

    Raises:
        PictureError: If there is no page, or it cannot be drawn within `TIMEOUT_S` seconds and 1 GB.
    """
    try:
        with _AT_ONCE:
            done = subprocess.run(
                # -P: the folder of the program is not searched for modules; ours has names of the standard library.
                [sys.executable, "-P", str(_PROGRAM)],
                input=data,
                capture_output=True,
                timeout=TIMEOUT_S,
                env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ},
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise _refused(name, data, f"a page that is not drawn within {TIMEOUT_S:.0f} s") from None
    except OSError as error:
        raise _refused(name, data, f"no process to draw it: {error}") from error
    if done.returncode == _LOCKED:
        raise _refused(name, data, "a document that is locked by a password")
    if done.returncode != 0:
        raise _refused(name, data, "a document that is damaged, has no page, or takes too much to draw")
    try:
        count, picture = done.stdout.split(b"\n", 1)
        page = Image.open(io.BytesIO(picture), formats=("PPM",))
        page.load()
        return page, int(count[:_DIGITS])
    except Exception as error:  # the process was not what it should be
        raise _refused(name, data, f"no picture from the process that draws it: {error}") from error


def _refused(name: str, data: bytes, received: str) -> PictureError:
    return PictureError(
        f"{name} cannot be shown as a picture. Received: {received}; {len(data):,} bytes of PDF. Allowed: a PDF whose "
        "first page opens without a password. Take a screenshot of the page, or export it as PNG, and try again."
    )
