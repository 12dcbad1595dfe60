"""`serve` as a process of its own, asked over real HTTP."""

import io
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import requests
from PIL import Image

from cnn_dash.exporters.source import ExportSource
from cnn_dash.settings import Settings

WAIT_S = 60


class Serving:
    """A server of run 1."""

    def __init__(self, line, *arguments):
        self.process = line.start("serve", 1, "--port", 0, *arguments)
        self.said = ""
        for said in self.process.stderr:
            self.said += said
            if "answers at" in said:
                break
        else:
            pytest.fail(f"It did not start:\n{self.said}")
        self.url = said.split("answers at ")[1].split("/predict")[0]
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def post(self, path="/predict", **what):
        return requests.post(self.url + path, timeout=WAIT_S, **what)

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.wait(WAIT_S)


@pytest.fixture(scope="module")
def server(trained) -> Iterator[Serving]:
    serving = Serving(trained[0])
    yield serving
    if serving.process.poll() is None:
        assert serving.end() == 0


@pytest.fixture(scope="module")
def digits(trained):
    """Test images of the run, uint8 (N, 28, 28, 1), and what it answered for them."""
    line = trained[0]
    source = ExportSource(Settings.from_environment({"CNN_DASH_HOME": str(line.home)}), line.store().run(1))
    return source.dataset.test.images[:60], source.report.probabilities[:60]


def png(image) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(255 - np.kron(image[..., 0], np.ones((4, 4), np.uint8))).save(stream, "PNG")
    return stream.getvalue()


def test_arrays_are_answered_as_the_run_did(server, digits):
    images, expected = digits
    told = server.post(json={"images": images.tolist()}).json()
    assert told["run"] == 1
    assert told["class_names"] == list("0123456789")
    assert [int(one["label"]) for one in told["predictions"]] == expected.argmax(1).tolist()
    first = told["predictions"][0]
    assert set(first) == {"label", "confidence", "doubt", "boxes", "probabilities"}
    assert first["boxes"] == [{"box": None, **{name: first[name] for name in ("label", "confidence", "doubt")}}]
    one = server.post(json={"image": images[0, ..., 0].tolist()}).json()  # without the channel, by itself
    assert one["predictions"][0]["probabilities"] == pytest.approx(first["probabilities"], abs=1e-5)


def test_pictures_are_answered_as_predict_answers_them(server, trained, digits, tmp_path):
    files = []
    for number, image in enumerate(digits[0][:3]):
        files.append(tmp_path / f"{number}.png")
        files[-1].write_bytes(png(image))
    expected = trained[0].json("predict", 1, *files)
    answer = server.post(files=[("image", (file.name, file.read_bytes(), "image/png")) for file in files])
    assert answer.status_code == 200
    found = answer.json()["predictions"]
    for one, other in zip(found, expected, strict=True):
        assert one["file"] == other["file"].rpartition("/")[2]
        assert {key: one[key] for key in ("pages", "label", "doubt")} == {
            key: other[key] for key in ("pages", "label", "doubt")
        }
        assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-5)
        assert one["boxes"][0]["box"] == other["boxes"][0]["box"]
    body = server.post(data=files[0].read_bytes(), headers={"Content-Type": "image/png"}).json()
    assert body["predictions"][0]["file"] == "the picture"
    assert body["predictions"][0]["probabilities"] == pytest.approx(found[0]["probabilities"], abs=1e-5)


def test_a_number_is_read_or_one_character_of_it(server, digits):
    both = np.concatenate([digits[0][0], digits[0][1]], axis=1)
    sheet = Image.new("L", (400, 300), 255)
    sheet.paste(Image.open(io.BytesIO(png(both))), (80, 90))
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    whole = server.post(files={"image": ("two.png", stream.getvalue())}).json()["predictions"][0]
    single = server.post("/predict?several=false", files={"image": ("two.png", stream.getvalue())}).json()
    assert len(whole["boxes"]) == len(whole["label"]) == 2
    assert len(single["predictions"][0]["boxes"]) == 1


def test_a_picture_among_others_that_cannot_be_read_is_told(server, digits):
    files = [("image", ("good.png", png(digits[0][0]))), ("image", ("bad.png", b"no picture"))]
    answer = server.post(files=files)
    assert answer.status_code == 200
    good, bad = answer.json()["predictions"]
    assert "label" in good
    assert bad["file"] == "bad.png"
    assert bad["error"].startswith("bad.png is not a picture that can be opened here.")
    alone = server.post(files=files[1:])
    assert alone.status_code == 422
    assert alone.json()["error"] == bad["error"]


IMAGE = [[0] * 28] * 28


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        ({"data": b"x", "headers": {"Content-Type": "text/plain"}}, 415, "Content-Type 'text/plain'"),
        ({"data": b""}, 415, "Content-Type ''"),
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
        ({"data": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
        ({"json": {"pixels": [IMAGE]}}, 422, "the fields 'pixels'"),
        ({"json": [IMAGE]}, 422, "Received: list"),
        ({"json": {"images": []}}, 422, "shape (0,)"),
        ({"json": {"images": [[[0] * 27] * 28]}}, 422, "shape (1, 28, 27)"),
        ({"json": {"images": [[[0], [0, 1]]]}}, 422, "rows of different lengths"),
        ({"json": {"images": [[[0.5] * 28] * 28]}}, 422, "no pixels"),
        ({"json": {"images": [[[256] * 28] * 28]}}, 422, "no pixels"),
        ({"json": {"images": [[["1"] * 28] * 28]}}, 422, "no pixels"),
        ({"json": {"images": [[[10**40] * 28] * 28]}}, 422, "no pixels"),
        ({"data": b"NaN", "headers": {"Content-Type": "application/json"}}, 422, "Received: float"),
        ({"files": {}, "data": {"a": "b"}, "headers": {"Content-Type": "multipart/form-data"}}, 400, "cannot be read"),
        ({"files": {"a": (None, "text")}}, 400, "The form has no file"),
        ({"files": [("image", ("x", b"x"))] * 65}, 400, "Too many files"),
        ({"data": b"x" * 20_000_001, "headers": {"Content-Type": "image/png"}}, 413, "more than 20,000,000 bytes"),
        ({"data": b"no", "headers": {"Content-Type": "image/png"}}, 422, "is not a picture"),
        ({"json": {"image": IMAGE}, "params": {"several": "perhaps"}}, 400, "`several` is true or false"),
        ({"json": {"image": IMAGE}, "headers": {"Host": "evil.example"}}, 421, "does not accept that host name"),
        ({"json": {"image": IMAGE}, "headers": {"Sec-Fetch-Site": "cross-site"}}, 403, "Pages of another site"),
    ],
)
def test_what_it_cannot_answer_is_a_sentence(server, what, status, said):
    answer = server.post(**what)
    assert answer.status_code == status, answer.text
    text = answer.text if status == 421 else answer.json()["error"]
    assert said in text
    assert "Received:" in text


def test_a_body_that_does_not_say_its_size_has_the_same_limit(server):
    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 1_000_000

    try:
        answer = server.post(data=endless(), headers={"Content-Type": "image/png"})
    except requests.ConnectionError:  # it was refused while it was still being sent
        pass
    else:
        assert answer.status_code == 413
    assert requests.get(f"{server.url}/health", timeout=WAIT_S).ok


def test_it_describes_itself(server):
    health = requests.get(f"{server.url}/health", timeout=WAIT_S).json()
    assert (health["status"], health["run"]) == ("ok", 1)
    described = requests.get(f"{server.url}/openapi.json", timeout=WAIT_S).json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {"/predict", "/health"}
    names = described["components"]["schemas"]["Predictions"]["properties"]["predictions"]["items"]["properties"]
    told = server.post(json={"image": IMAGE}).json()["predictions"][0]
    assert set(told) <= set(names)
    for responses in described["paths"].values():
        for operation in responses.values():
            for answer in operation["responses"].values():
                (body,) = answer["content"].values()
                assert body["schema"]["$ref"].rpartition("/")[2] in described["components"]["schemas"]
    docs = requests.get(server.url, timeout=WAIT_S)
    assert docs.url == f"{server.url}/docs"
    assert "curl -F image=@one.png" in docs.text
    nothing = requests.get(f"{server.url}/predict", timeout=WAIT_S)
    assert nothing.status_code == 405
    assert "POST /predict" in nothing.json()["error"]
    assert requests.get(f"{server.url}/nothing", timeout=WAIT_S).status_code == 404


def test_many_may_ask_at_once(server, digits):
    images, expected = digits

    def ask(index):
        if index % 2:
            return server.post(json={"image": images[index].tolist()}).json()["predictions"][0]["probabilities"]
        return server.post(json={"images": images[index : index + 1].tolist()}).json()["predictions"][0]["label"]

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(ask, range(60)))
    for index, answer in enumerate(answers):
        label = int(np.argmax(answer)) if index % 2 else int(answer)
        assert label == expected[index].argmax()


def test_it_answers_what_is_under_way_before_it_ends(trained, digits):
    serving = Serving(trained[0])
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(serving.post, json={"images": np.repeat(digits[0], 15, 0).tolist()})
        while not asked.running():
            pass
        with socket.create_connection(serving.url.removeprefix("http://").split(":")):
            pass
        assert asked.result().status_code == 200
        assert serving.end() == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{serving.url}/health", timeout=5)


def test_a_port_that_is_taken_is_a_sentence(trained):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _, err = trained[0]("serve", 1, "--port", taken.getsockname()[1], code=1)
    assert "The server cannot listen there." in err
    assert "Name another port." in err
    assert "There is no such run" in trained[0]("serve", 9, code=1)[1]
