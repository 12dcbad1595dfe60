"""Sends an open file piece by piece, and closes it whatever becomes of the connection."""

from collections.abc import AsyncIterator, Mapping
from typing import BinaryIO

from anyio import to_thread
from starlette.responses import StreamingResponse

_PIECE_BYTES = 1 << 20


def file_response(file: BinaryIO, media_type: str, headers: Mapping[str, str]) -> StreamingResponse:
    """Return the response that sends a file from where it stands to its end."""

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while piece := await to_thread.run_sync(file.read, _PIECE_BYTES):
                yield piece
        finally:
            file.close()

    return StreamingResponse(pieces(), media_type=media_type, headers=dict(headers))
