"""Browsers that watch a run, as far as the server can tell: `python benchmarks/watching.py URL RUN COUNT MESSAGE`.

Each holds a Streamlit session on `/train?run=N` over a websocket, reads the event stream of the run, asks for what is
under way in the rhythm that the server gives, and asks for the same redraw as a browser when there is news: MESSAGE is
a file with such a request as Chromium has sent it. Nothing is drawn, and this process gives way to all others: what is
measured is what watchers cost the server.

Writes `ready` when all pages are there, and watches until its standard input ends.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

EVENTS = [0, 0]
"""Events received, redraws asked for."""


async def main(url: str, run_id: int, count: int, message: bytes) -> None:
    ready = asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as watchers:  # one that fails fails them all
        for n in range(count):
            watchers.create_task(watch(url, run_id, message, f"watcher-{n}", ready))
        for _ in range(count):
            await ready.acquire()
        EVENTS[:] = [0, 0]
        say("ready")
        await asyncio.to_thread(sys.stdin.read)
        say(f"{EVENTS[0]} events, {EVENTS[1]} redraws")
        os._exit(0)


async def watch(url: str, run_id: int, message: bytes, who: str, ready: asyncio.Semaphore) -> None:
    address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], origin=url, max_size=None) as socket:
        first = BackMsg()
        first.rerun_script.query_string = f"run={run_id}"
        first.rerun_script.page_name = "train"
        await socket.send(first.SerializeToString())
        await finished(socket)
        ready.release()
        await asyncio.gather(stream(url, run_id), pulse(url, who, socket, message))


async def finished(socket: websockets.ClientConnection) -> None:
    """Read what the server sends until a run of the page, or of a part of it, is over."""
    while True:
        forward = ForwardMsg()
        forward.ParseFromString(await socket.recv())
        if forward.WhichOneof("type") == "script_finished":
            return


async def stream(url: str, run_id: int) -> None:
    """Read the event stream of the run."""
    reader, _ = await ask(url, f"/api/runs/{run_id}/events")
    async for line in reader:
        EVENTS[0] += line.startswith(b"data:")


async def pulse(url: str, who: str, socket: websockets.ClientConnection, message: bytes) -> None:
    """Ask what is under way, and for a redraw when it is news: what `cnn_dash/ui/beat/beat.js` does."""
    seen = ""
    while True:
        reader, writer = await ask(url, f"/api/activity?who={who}&seen={seen}")
        body = (await reader.read()).rpartition(b"\r\n\r\n")[2]
        writer.close()
        news = json.loads(body)
        if news["version"] != seen:
            seen = news["version"]
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
