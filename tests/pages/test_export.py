"""The export dialog, with jobs of the test's own: no network has to be made."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_dash.errors import StoreError
from cnn_dash.exporters.check import Check
from cnn_dash.exporters.export import Exported
from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.jobs import Job
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.ui.components import export_dialog
from cnn_dash.ui.session import widget_keys
from tests.factories import make_external_run, make_run


class Jobs:
    """Makes every file at once, or fails; `made` are those that are there."""

    def __init__(self) -> None:
        self.made: dict[str, Exported] = {}
        self.asked: dict[str, Job] = {}
        self.result: Exported | StoreError = Exported(380_000, Check(500, 8e-7, 0))

    def start(self, _run: Run, form: ExportFormat) -> Job:
        job = self.asked[form.name] = Job()
        if isinstance(self.result, Exported):
            self.made[form.name] = self.result
            job.end(None)
        else:
            job.fail(self.result)
        return job

    def under_way(self, _run: Run, form: ExportFormat) -> Job | None:
        return self.asked.pop(form.name, None)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """What the dialog asks instead of processes."""
    jobs = Jobs()
    monkeypatch.setattr(export_dialog, "open_exports", lambda: jobs)
    monkeypatch.setattr(export_dialog, "kept", lambda _settings, _run, form: jobs.made.get(form.name))
    return jobs


@pytest.fixture
def open_dialog(open_page: Callable[..., AppTest], store: RunStore) -> Callable[[], AppTest]:
    """Open the dialog of a trained run on the Train page."""

    def open_dialog() -> AppTest:
        make_run(store)
        app = open_page("train", run="1")
        return app.button(key=widget_keys.EXPORT_FROM_TRAIN).click().run()

    return open_dialog


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption, *app.warning, *app.error])


def links(app: AppTest) -> list[tuple[str, str]]:
    found: list[Any] = list(app.get("link_button"))
    return [(one.proto.label, one.proto.url) for one in found if "/exports/" in one.proto.url]


def test_it_says_what_each_format_is_for(jobs: Jobs, open_dialog: Callable[[], AppTest]) -> None:
    app = open_dialog()
    assert not app.exception
    assert "For ONNX Runtime" in texts(app)
    assert app.button(key=widget_keys.export_make("onnx")).label == "Make · about 373 kB"
    assert app.button(key=widget_keys.export_make("litert-int8")).label == "Make · about 93 kB"
    assert links(app) == [("Download", f"/api/runs/1/exports/{name}") for name in ("script", "notebook", "card")]


def test_a_file_is_made_and_offered_with_its_check(jobs: Jobs, open_dialog: Callable[[], AppTest]) -> None:
    app = open_dialog()
    app.button(key=widget_keys.export_make("onnx")).click().run()
    assert not app.exception
    assert ("Download · 380 kB", "/api/runs/1/exports/onnx") in links(app)
    assert "no answer changed, largest difference of a probability 8.0e-07" in texts(app)


def test_one_that_differs_or_is_unchecked_is_a_warning(jobs: Jobs, open_dialog: Callable[[], AppTest]) -> None:
    jobs.made = {
        "onnx": Exported(1000, Check(500, 0.5, 7)),
        "keras": Exported(1000, Check(note="Not checked. Why.")),
        "litert-int8": Exported(1000, Check(500, 0.02, 3)),
    }
    app = open_dialog()
    warnings = [one.value for one in app.warning]
    assert len(warnings) == 2
    assert any("7 answers changed" in one and "more than rounding" in one for one in warnings)
    assert any("Not checked. Why." in one for one in warnings)


def test_what_went_wrong_is_a_sentence_and_can_be_tried_again(jobs: Jobs, open_dialog: Callable[[], AppTest]) -> None:
    jobs.result = StoreError("The network of run 1 cannot be opened.")
    app = open_dialog()
    app.button(key=widget_keys.export_make("onnx")).click().run()
    assert "The network of run 1 cannot be opened." in texts(app)
    assert app.button(key=widget_keys.export_make("onnx")).label == "Try again"


def test_the_runs_page_has_the_button_and_a_run_without_a_network_has_none(
    jobs: Jobs, open_page: Callable[..., AppTest], store: RunStore
) -> None:
    make_run(store)
    make_external_run(store, [{"loss": 0.5}])
    st.cache_resource.clear()
    keys = {button.key for button in open_page("runs", selected="1").button}
    assert widget_keys.EXPORT_FROM_RUNS in keys
    assert widget_keys.EXPORT_FROM_TRAIN not in {button.key for button in open_page("train", run="2").button}
