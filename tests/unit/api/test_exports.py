"""The networks of runs as files over HTTP."""

import requests

from cnn_dash.exporters.registry import FORMATS
from cnn_dash.inference import CENTRED
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.runs.folder import ResultFolder, RunFile
from cnn_dash.runs.schema import runs
from cnn_dash.runs.store import RunStore
from tests.factories import make_external_run, make_run


def test_the_formats_of_a_run(store: RunStore, server: str) -> None:
    make_run(store)
    told = requests.get(f"{server}/api/runs/1/exports", timeout=10).json()
    assert [one["format"] for one in told] == list(FORMATS)
    assert all(one["file"] is None and one["about"] for one in told)


def test_a_card_is_a_file_and_is_made_anew(store: RunStore, server: str) -> None:
    run = make_run(store)
    known = ModelInput(tuple("0123456789"), (28, 28, 1), CENTRED)
    ResultFolder.of(store.settings, run).model_input.put(known.write)
    for _ in range(2):
        answer = requests.get(f"{server}/api/runs/1/exports/card", timeout=30)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == 'attachment; filename="cnn-dash-run-1-model-card.md"'
        assert answer.headers["Content-Type"].startswith("text/markdown")
        assert answer.text.startswith("# Model card: ")


def test_a_file_that_is_kept_is_sent(store: RunStore, server: str, monkeypatch) -> None:
    run = make_run(store)
    folder = ResultFolder.of(store.settings, run)
    content = bytes(range(256)) * 10_000
    RunFile(folder.artifacts, f"{folder.key}/exports/onnx.onnx").put(lambda file: file.write_bytes(content))
    from cnn_dash.exporters import jobs

    monkeypatch.setattr(jobs, "kept", lambda *_: object())
    answer = requests.get(f"{server}/api/runs/1/exports/onnx", timeout=30)
    assert answer.content == content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cnn-dash-run-1.onnx"'
    assert answer.headers["Content-Length"] == str(len(content))


def test_what_is_not_there_is_said(store: RunStore, server: str) -> None:
    make_run(store)
    store.create(store.run(1).recipe, parameters=1, multiply_adds=1)
    for path, status, said in (
        ("1/exports/pickle", 400, "Networks are not exported in such a format. Received: 'pickle'."),
        ("7/exports/onnx", 404, "There is no such run."),
        ("x/exports", 404, "There is no such run."),
        ("2/exports/onnx", 400, "Run 2 has no trained network."),
        ("2/exports", 400, "Run 2 has no trained network."),
    ):
        answer = requests.get(f"{server}/api/runs/{path}", timeout=30)
        assert (answer.status_code, answer.json()["error"].startswith(said)) == (status, True), answer.text


def test_a_run_of_another_program_has_no_recipe(store: RunStore, server: str) -> None:
    make_external_run(store)
    with store.transaction() as connection:
        connection.execute(runs.update().where(runs.c.id == 1).values(result_folder="network", weights_sha256="0" * 64))
    told = requests.get(f"{server}/api/runs/1/exports", timeout=10).json()
    assert [one["format"] for one in told] == [name for name in FORMATS if name not in ("script", "notebook")]
    answer = requests.get(f"{server}/api/runs/1/exports/script", timeout=30)
    assert (answer.status_code, answer.json()["error"][:32]) == (400, "The recipe of run 1 is not known")


def test_a_page_of_another_site_cannot_have_files_made(store: RunStore, server: str) -> None:
    make_run(store)
    foreign = ({"Sec-Fetch-Site": "cross-site"}, {"Referer": "http://evil.example/page"}, {"Origin": "null"})
    for path in ("runs/1/exports/onnx", "corrections.zip"):
        for headers in foreign:
            answer = requests.get(f"{server}/api/{path}", headers=headers, timeout=30)
            assert answer.status_code == 403
            assert answer.json()["error"].startswith("Pages of another site may not have files made here.")
    own = requests.get(f"{server}/api/corrections.zip", headers={"Referer": f"{server}/predict"}, timeout=30)
    assert own.status_code == 200
