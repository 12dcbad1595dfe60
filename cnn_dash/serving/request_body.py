"""What `POST /predict` is sent: pictures in a form, one picture as the body, or arrays as JSON."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from cnn_dash.api.guard import Refused
from cnn_dash.inference.pictures import MAX_BYTES

MOST_FILES = 64
MOST_ARRAYS = 1_000
MOST_BYTES = 100_000_000
"""Of a form with pictures; one picture, or arrays, may have `MAX_BYTES`."""

FORM, JSON = "multipart/form-data", "application/json"
_PICTURE = ("application/octet-stream", "application/pdf")
_EXAMPLES = (
    f"Allowed: {FORM} with pictures as files, a picture as the body (Content-Type image/…, application/pdf or "
    f"application/octet-stream), or {JSON} with arrays."
)

_BROKEN_OFF = Refused(400, "The request was broken off. Received: a part of it. Send it again.")

Named = tuple[str, bytes]
"""Name of a file, and its content."""


def kind_of(request: Request) -> str:
    """Return the Content-Type of a request: `FORM`, `JSON`, or that of a picture.

    Raises:
        Refused: 415, if it is another one.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in (FORM, JSON, *_PICTURE) or kind.startswith("image/"):
        return kind
    raise Refused(415, f"Such a body cannot be read. Received: Content-Type {kind[:100]!r}. {_EXAMPLES}")


def limited(request: Request, kind: str) -> Request:
    """Return a request whose body is refused beyond what its kind may have, before it is all here.

    Raises:
        Refused: 413, if it says that it is longer; reading it raises the same.
    """
    most = MOST_BYTES if kind == FORM else MAX_BYTES
    refusal = Refused(
        413,
        f"The request is too large. Received: more than {most:,} bytes. Allowed: {most:,}. Send several requests, or "
        "smaller pictures.",
    )
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > most:
        raise refusal
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > most:
            raise refusal
        return message

    return Request(request.scope, receive)


async def pictures_of(request: Request, kind: str) -> list[Named]:
    """Return the pictures that a request brings.

    Raises:
        Refused: 400, if it brings none or its form is damaged; 413, if there are too many.
    """
    if kind != FORM:
        body = await _body(request)
        return [("the picture", body)]
    async with _form(request) as files:
        # One byte more than allowed is enough to be refused as too large.
        return [(one.filename or "a picture", await one.read(MAX_BYTES + 1)) for one in files]


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[list[UploadFile]]:
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FILES)
    except HTTPException as error:  # what Starlette makes of a damaged form, and of one with too many parts
        raise Refused(
            400,
            f"The form cannot be read. Received: {error.detail} Allowed: {FORM} with 1 to {MOST_FILES} files. "
            "curl -F image=@digit.png sends one.",
        ) from None
    except ClientDisconnect:
        raise _BROKEN_OFF from None
    try:
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        if not files:
            raise Refused(
                400, f"The form has no file. Received: {len(form)} other fields. {_EXAMPLES} Send pictures as files."
            )
        yield files
    finally:
        await form.close()


async def arrays_of(request: Request, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Return model inputs, uint8 (N, H, W, C): those of `{"images": […]}`, or the one of `{"image": […]}`.

    Raises:
        Refused: 400, if the body is no JSON; 422, if it is anything but such images.
    """
    body = await _body(request)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(
            400, f'The body is no JSON. Received: {error}. Allowed: {{"images": [[[0, 255, …], …]]}}.'
        ) from None
    if not isinstance(told, dict) or len({"image", "images"} & told.keys()) != 1:
        received = f"the fields {', '.join(map(repr, told))}"[:200] if isinstance(told, dict) else type(told).__name__
        raise Refused(
            422, f'The JSON has no images. Received: {received}. Allowed: {{"images": […]}} or {{"image": […]}}.'
        )
    return _checked([told["image"]] if "image" in told else told["images"], shape)


def _checked(values: Any, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    allowed = (
        f"Allowed: 1 to {MOST_ARRAYS:,} images of {shape[0]} × {shape[1]}"
        f"{'' if shape[2] == 1 else f' × {shape[2]}'} whole numbers from 0 to 255, as the network takes them."
    )
    try:
        found = np.asarray(values)
    except ValueError:  # rows of different lengths
        raise Refused(422, f"These are no images. Received: rows of different lengths. {allowed}") from None
    if found.shape[1:] == shape[:2] and shape[2] == 1:
        found = found[..., None]
    if found.shape[1:] != shape or not 1 <= len(found) <= MOST_ARRAYS:
        raise Refused(422, f"These are no images for this network. Received: shape {found.shape}. {allowed}")
    if found.dtype.kind not in "iuf" or not ((found >= 0) & (found <= 255) & (found == np.floor(found))).all():
        raise Refused(422, f"These are no pixels. Received: other values, among them. {allowed}")
    return found.astype(np.uint8)


async def _body(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect:
        raise _BROKEN_OFF from None
