"""A small data set in every packaging, and a server that misbehaves on request: fixtures to import into a conftest."""

import gzip
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources import idx
from cnn_dash.datasets.sources.files import DataFile
from cnn_dash.datasets.sources.published import PublishedSource


@dataclass
class Small:
    """A published data set of 30 + 12 images, 8×8, three classes."""

    source: PublishedSource
    arrays: dict[str, np.ndarray]  # by IDX name

    def packed(self) -> dict[str, bytes]:
        return {f"{name}.gz": pack(array) for name, array in self.arrays.items()}

    def write_idx(self, folder: Path, packed: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self.arrays.items():
            (folder / (f"{name}.gz" if packed else name)).write_bytes(pack(array) if packed else unpacked(array))

    def write_keras_npz(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **{part.npz_key: self.arrays[part.idx_name] for part in self.source.parts})

    def write_publisher_npz(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for part in self.source.parts:
            np.savez_compressed(folder / f"{self.source.folder}-{part.npz_name}.npz", self.arrays[part.idx_name])


def unpacked(array: np.ndarray) -> bytes:
    return idx.header(array.shape, array.dtype.name) + bytes(idx.values(array))


def pack(array: np.ndarray) -> bytes:
    return gzip.compress(unpacked(array), mtime=0)


@pytest.fixture
def small() -> Small:
    random = np.random.default_rng(7)
    parts, arrays = [], {}
    for split, npz, key, count in (("train", "train", "train", 30), ("t10k", "test", "test", 12)):
        images = random.integers(0, 256, (count, 8, 8), dtype=np.uint8)
        labels = np.arange(count, dtype=np.uint8) % 3
        for idx_name, npz_name, npz_key, array in (
            (f"{split}-images-idx3-ubyte", f"{npz}-imgs", f"x_{key}", images),
            (f"{split}-labels-idx1-ubyte", f"{npz}-labels", f"y_{key}", labels),
        ):
            packed_md5 = hashlib.md5(pack(array)).hexdigest()
            parts.append(DataFile(idx_name, npz_name, npz_key, array.shape, packed_md5, idx.md5(array)))
            arrays[idx_name] = array
    info = DatasetInfo(
        name="small-set",
        title="Small set",
        description="Noise.",
        class_names=("a", "b", "c"),
        train_count=30,
        test_count=12,
        licence="none",
        source="http://localhost/",
        image_shape=(8, 8, 1),
        download_url="http://127.0.0.1:9/nothing/",
    )
    return Small(PublishedSource(info, tuple(parts), "small-set"), arrays)


@dataclass
class Server:
    """Serves `files` under /set/; those in `cut` break off in the middle."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    meet: threading.Barrier | None = None  # answers wait until this many requests are there
    hold: threading.Event | None = None  # the second half of an answer waits for it
    half_sent: threading.Event = field(default_factory=threading.Event)
    say_length: bool = True


@pytest.fixture
def server(small: Small) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            state.requests.append(name)
            body = state.files.get(name)
            if body is None:
                self.send_error(404)
                return
            if state.meet:
                state.meet.wait(timeout=30)
            self.send_response(200)
            if state.say_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            state.half_sent.set()
            if state.hold:
                state.hold.wait(timeout=30)
            if name not in state.cut:
                self.wfile.write(body[len(body) // 2 :])

        def log_message(self, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    state = Server(f"http://127.0.0.1:{http.server_address[1]}/set/", small.packed())
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def served(small: Small, server: Server) -> PublishedSource:
    """The small data set, to be had from the server."""
    return replace(small.source, info=replace(small.source.info, download_url=server.url))
