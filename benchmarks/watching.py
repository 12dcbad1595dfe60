"""Browsers that watch a run, as far as the server can tell: `python benchmarks/watching.py URL RUN COUNT MESSAGE`.

Each holds a Streamlit session on `/train?run=N` over a websocket. After a line `watch` on standard input each reads
the event stream of the run, fetches the images of its last epoch now and then, asks for what is under way in the
rhythm that the server gives, and asks for the same redraw as a browser when there is news: MESSAGE is a file with
such a request as Chromium has sent it. After a line `rest` they only keep their sessions, as hidden tabs do. Nothing
is drawn, and this process gives way to all others: what is measured is what watchers cost the server. Answers each
line with what was received.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

LATE_PER_SECOND = 4
IMAGES_EVERY_S = 10.0

EVENTS = [0, 0]
"""Events received, redraws asked for."""


async def main(url: str, run_id: int, count: int, message: bytes) -> None:
    sessions = await asyncio.gather(*(open_page(url, run_id) for _ in range(count)))
    say("ready")
    watching: list[asyncio.Task[None]] = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        for task in watching:
            task.cancel()
        failed = [e for e in await asyncio.gather(*watching, return_exceptions=True) if isinstance(e, Exception)]
        if failed:
            raise failed[0]
        watching = []
        if line.strip() == "watch":
            for number, socket in enumerate(sessions):
                watching.append(asyncio.create_task(stream(url, run_id)))
                watching.append(asyncio.create_task(pulse(url, number, socket, message)))
        say(f"{EVENTS[0]} events, {EVENTS[1]} redraws")
        EVENTS[:] = [0, 0]
    os._exit(0)


async def open_page(url: str, run_id: int) -> websockets.ClientConnection:
    address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    socket = await websockets.connect(address, subprotocols=["streamlit"], origin=url, max_size=None, max_queue=None)
    first = BackMsg()
    first.rerun_script.query_string = f"run={run_id}"
    first.rerun_script.page_name = "train"
    await socket.send(first.SerializeToString())
    await finished(socket)
    return socket


async def finished(socket: websockets.ClientConnection) -> None:
    """Read what the server sends until a run of the page, or of a part of it, is over."""
    while True:
        forward = ForwardMsg()
        forward.ParseFromString(await socket.recv())
        if forward.WhichOneof("type") == "script_finished":
            return


async def stream(url: str, run_id: int) -> None:
    """Read the event stream of the run, and fetch the images of its last epoch as often as the live panel does."""
    reader, writer = await ask(url, f"/api/runs/{run_id}/events")
    fetched = 0.0
    try:
        async for line in reader:
            EVENTS[0] += line.startswith(b"data:")
            if b'"epochs": [{' in line and time.monotonic() - fetched >= IMAGES_EVERY_S:
                answer, asking = await ask(url, f"/api/runs/{run_id}/images")
                await answer.read()
                asking.close()
                fetched = time.monotonic()
    finally:
        writer.close()


async def pulse(url: str, number: int, socket: websockets.ClientConnection, message: bytes) -> None:
    """Ask for the current activity, and for a redraw when it has changed, as `live_updates.js` does."""
    seen, states = "", ""
    await asyncio.sleep(number / LATE_PER_SECOND)  # not all at once
    while True:
        reader, writer = await ask(url, f"/api/activity?who=watcher-{number}&seen={seen}")
        body = (await reader.read()).rpartition(b"\r\n\r\n")[2]
        writer.close()
        news = json.loads(body)
        seen = news["version"]
        if news["states"] != states:  # else the browser draws by itself how far the run is
            states = news["states"]
            back = BackMsg()
            back.ParseFromString(message)
            for widget in back.rerun_script.widget_states.widgets:
                if widget.WhichOneof("value") == "json_trigger_value":
                    widget.json_trigger_value = json.dumps([{"event": "news", "value": seen}])
            await socket.send(back.SerializeToString())
            await finished(socket)
            EVENTS[1] += 1
        if news["active"]:
            await asyncio.sleep(news["again_s"])


async def ask(url: str, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**24)  # a snapshot is one line
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
    return reader, writer


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.nice(10)
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]).read_bytes()))
