import gzip
import json
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.catalogue import load_source
from cnn_dash.errors import DataError, DataNotFound

REPOSITORY = Path(__file__).parents[4]
IMAGES = "train-images-idx3-ubyte.gz"

PROCESS = """
import json, sys
from pathlib import Path
from cnn_dash.datasets.catalogue import load_source
from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources.files import DataFile
from cnn_dash.datasets.sources.published import PublishedSource
values = json.loads(sys.argv[1])
info = DatasetInfo(**{key: tuple(it) if isinstance(it, list) else it for key, it in values.pop("info").items()})
parts = tuple(DataFile(**part | {"shape": tuple(part["shape"])}) for part in values.pop("parts"))
print(load_source(PublishedSource(info, parts, values["folder"]), Path(sys.argv[2])).counts["test"])
"""


def start_process(source, data_dir) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROCESS, json.dumps(asdict(source)), str(data_dir)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_a_download_is_kept_and_not_repeated(small, server, served, tmp_path):
    data = load_source(served, tmp_path)
    np.testing.assert_array_equal(data.test.images[..., 0], small.arrays["t10k-images-idx3-ubyte"])
    assert names(tmp_path / "small-set") == sorted(small.packed())
    assert sorted(server.requests) == sorted(small.packed())

    server.files.clear()
    assert load_source(served, tmp_path).counts == data.counts
    assert len(server.requests) == 4


def test_only_what_is_missing_is_downloaded(small, server, served, tmp_path):
    small.write_idx(tmp_path / "small-set")
    (tmp_path / "small-set" / IMAGES).unlink()
    load_source(served, tmp_path)
    assert server.requests == [IMAGES]


@pytest.mark.parametrize("say_length", [True, False])
def test_progress_grows_to_the_size_of_each_file(small, server, served, tmp_path, say_length):
    server.say_length = say_length
    noise = np.random.default_rng(1).bytes(200_000)  # several chunks, behind the first gzip member's end
    server.files = {name: body + gzip.compress(noise) for name, body in server.files.items()}
    seen: dict[str, list] = {}
    with pytest.raises(DataError, match="checksum"):
        load_source(served, tmp_path, progress=lambda step: seen.setdefault(step.file, []).append(step))
    (steps,) = seen.values()
    done = [step.done_bytes for step in steps]
    assert len(steps) > 3
    assert done == sorted(done)
    if say_length:
        assert done[-1] == len(server.files[IMAGES])
        assert {step.total_bytes for step in steps} == {len(server.files[IMAGES])}
    else:
        assert done[-1] >= len(server.files[IMAGES])
        assert {step.total_bytes for step in steps} == {None}


def test_progress_names_every_file(small, served, tmp_path):
    seen = []
    load_source(served, tmp_path, progress=seen.append)
    finished = {step.file: step.done_bytes for step in seen}
    assert finished == {name: len(body) for name, body in small.packed().items()}


def test_a_file_with_another_checksum_is_thrown_away(small, server, served, tmp_path):
    server.files[IMAGES] = gzip.compress(b"something else")
    with pytest.raises(DataError, match=r"Received: a file with another checksum\. Allowed: MD5 ") as caught:
        load_source(served, tmp_path)
    assert server.url + IMAGES in str(caught.value)
    assert names(tmp_path / "small-set") == []

    server.files = small.packed()
    assert load_source(served, tmp_path).counts["test"] == 12


def test_a_download_that_breaks_off_leaves_nothing_and_can_be_repeated(small, server, served, tmp_path):
    server.cut.add(IMAGES)
    with pytest.raises(DataError, match="broke off"):
        load_source(served, tmp_path)
    assert names(tmp_path / "small-set") == []

    server.cut.clear()
    assert load_source(served, tmp_path).counts["test"] == 12


def test_a_file_that_the_server_does_not_have_is_named(small, server, served, tmp_path):
    del server.files[IMAGES]
    with pytest.raises(DataNotFound, match="404") as caught:
        load_source(served, tmp_path)
    assert server.url + IMAGES in str(caught.value)


def test_offline_the_error_says_which_files_from_where_and_where_to_put_them(small, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    info = replace(small.source.info, download_url=f"http://127.0.0.1:{port}/set/")
    with pytest.raises(DataNotFound, match="no answer from") as caught:
        load_source(replace(small.source, info=info), tmp_path)
    for text in (*small.packed(), info.download_url, f"put them into {tmp_path / 'small-set'}, not into {tmp_path},"):
        assert text in str(caught.value)


def test_a_data_folder_that_cannot_be_written_is_named(served, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(DataError, match=r"cannot be written\. Received: ") as caught:
        load_source(served, tmp_path / "data")
    assert str(tmp_path / "data") in str(caught.value)


def test_an_error_of_the_one_who_watches_is_not_taken_for_a_download_error(served, tmp_path):
    def cancel(step: catalogue.DownloadProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_source(served, tmp_path, progress=cancel)
    assert names(tmp_path / "small-set") == []


def test_threads_that_download_at_once_do_not_disturb_each_other(small, server, served, tmp_path):
    server.meet = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda _: load_source(served, tmp_path).counts["test"], range(2)))
    assert counts == [12, 12]
    assert names(tmp_path / "small-set") == sorted(small.packed())


def test_processes_that_download_at_once_do_not_disturb_each_other(small, server, served, tmp_path):
    server.meet = threading.Barrier(2)
    processes = [start_process(served, tmp_path) for _ in range(2)]
    assert [process.communicate(timeout=60)[0].strip() for process in processes] == ["12", "12"]
    assert names(tmp_path / "small-set") == sorted(small.packed())


def test_a_process_that_is_killed_leaves_nothing_under_the_files_name(server, served, tmp_path):
    server.hold = threading.Event()
    process = start_process(served, tmp_path)
    assert server.half_sent.wait(timeout=60)
    process.kill()
    process.communicate(timeout=60)
    assert IMAGES not in names(tmp_path / "small-set")

    server.hold.set()
    assert load_source(served, tmp_path).counts["test"] == 12
