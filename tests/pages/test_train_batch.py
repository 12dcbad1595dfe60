"""Several runs from one form, and the settings of a run that waits."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.ui.session import settings_url

Open = Callable[..., AppTest]

TRY = "learning_rate:0.001, 0.003;seed:1..3"


def texts(app: AppTest) -> str:
    kinds = ("caption", "markdown", "info", "warning", "error", "subheader", "title")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


@pytest.fixture
def waiting(store: RunStore) -> Run:
    """A run that waits, far from the default settings."""
    config = override(presets.get("compact-same").config(), {"train.epochs": 3, "train.stages": "2/30"})
    return submit(store, config)


def test_values_in_the_address_are_counted_before_they_are_trained(open_page: Open, store: RunStore) -> None:
    app = open_page("train", train_try=TRY)
    assert not app.exception
    assert app.button(key="train_start").label == "Train 6 runs"
    assert any(caption.value.startswith("6 runs, about ") for caption in app.caption)
    assert not store.runs()

    app.button(key="train_start").click().run()
    assert not app.exception
    runs = store.queue()
    assert [(run.recipe.train.learning_rate, run.recipe.train.seed) for run in runs] == [
        (rate, seed) for rate in (0.001, 0.003) for seed in (1, 2, 3)
    ]
    assert {run.tags for run in runs} == {("batch-1",)}
    assert app.title[0].value == "Runs"
    assert app.query_params["search"] == "tag=batch-1"


def test_values_are_chosen_and_typed_and_go_into_the_address(open_page: Open) -> None:
    app = open_page("train", train_seed="7")
    app.multiselect(key="train_sweep").select("train.seed").run()
    assert app.text_input(key="train_sweep_seed").value == "7"
    app.text_input(key="train_sweep_seed").set_value("7, 8").run()
    assert app.button(key="train_start").label == "Train 2 runs"
    assert app.query_params["train_try"] == "seed:7, 8"
    app.button(key="train_sweep_clear").click().run()
    assert app.button(key="train_start").label == "Train"
    assert "train_try" not in app.query_params


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("epochs:0, 5", "Epochs cannot have this value."),
        ("block3_kernel_size:3, 11", "1 of 2 runs cannot be trained. The first: block 3: convolution 11×11"),
        ("seed:1..150;epochs:1,2", "150 × 2 = 300"),
    ],
)
def test_what_cannot_be_tried_is_said_and_not_started(open_page: Open, text: str, sentence: str) -> None:
    app = open_page("train", train_try=text)
    assert not app.exception
    assert any(sentence in error.value for error in app.error)
    assert app.button(key="train_start").disabled


def test_values_of_a_setting_that_does_not_exist_are_left_out(open_page: Open) -> None:
    app = open_page("train", train_try="colour:red;seed:1,2")
    assert any("Received: 'colour" in warning.value for warning in app.warning)
    assert app.button(key="train_start").label == "Train 2 runs"


def test_values_of_a_layer_that_is_taken_away_are_no_longer_tried(open_page: Open) -> None:
    app = open_page("train", train_try="block3_filters:16,32")
    assert app.button(key="train_start").label == "Train 2 runs"
    app.select_slider(key="train_blocks").set_value(2).run()
    assert not app.exception
    assert app.button(key="train_start").label == "Train"


def test_the_settings_of_a_waiting_run_are_changed(open_page: Open, store: RunStore, waiting: Run) -> None:
    app = open_page("train", edit=str(waiting.id))
    assert not app.exception
    assert "You are changing run 1, which waits." in texts(app)
    assert app.selectbox(key="train_preset").value == "compact-same"
    assert "Trained longer: continued after 2 of 30 epochs." in texts(app)
    app.select_slider(key="train_epochs").set_value(4).run()
    assert app.query_params["edit"] == "1"
    app.button(key="train_start").click().run()
    assert not app.exception
    assert [run.recipe for run in store.runs()] == [override(waiting.config, {"train.epochs": 4})]
    assert "edit" not in app.query_params
    assert app.query_params["run"] == "1"
    assert app.button(key="train_start").label == "Train"


def test_cancel_brings_back_what_the_form_said_and_leaves_the_run(
    open_page: Open, store: RunStore, waiting: Run
) -> None:
    app = open_page("train", train_epochs="9")
    app.query_params.clear()
    app.query_params["edit"] = str(waiting.id)
    app.run()
    assert app.select_slider(key="train_epochs").value == 3
    app.button(key="train_cancel").click().run()
    assert not app.exception
    assert app.select_slider(key="train_epochs").value == 9
    assert app.selectbox(key="train_preset").value == "compact-valid"
    assert "edit" not in app.query_params
    app.query_params["edit"] = str(waiting.id)  # as the browser may still say it, late
    app.run()
    assert app.button(key="train_start").label == "Train"
    assert store.run(waiting.id) == waiting


def test_changes_in_the_address_are_kept_over_a_reload(open_page: Open, waiting: Run) -> None:
    query = settings_url.to_query(waiting.config) | {"train_epochs": "8"}
    app = open_page("train", edit=str(waiting.id), **query)
    assert app.select_slider(key="train_epochs").value == 8
    assert app.button(key="train_start").label == "Save changes"


def test_a_run_that_was_taken_meanwhile_becomes_a_new_one(open_page: Open, store: RunStore, waiting: Run) -> None:
    app = open_page("train", edit=str(waiting.id))
    app.select_slider(key="train_epochs").set_value(4).run()
    assert Lease.claim(store, Worker("w", 1, "host"))
    app.button(key="train_start").click().run()
    assert any("Run 1 can no longer be changed." in error.value for error in app.error)
    app.button(key="train_as_new").click().run()
    assert not app.exception
    assert [run.recipe.train.epochs for run in store.runs()] == [4, 3]
    assert app.query_params["run"] == "2"


@pytest.mark.parametrize("asked", ["99", "x", "9" * 5000])
def test_a_run_that_does_not_exist_cannot_be_changed(open_page: Open, asked: str) -> None:
    app = open_page("train", edit=asked)
    assert not app.exception
    assert app.warning
    assert app.button(key="train_start").label == "Train"
    assert "edit" not in app.query_params


def test_earlier_stages_are_said_and_cleared(open_page: Open) -> None:
    app = open_page("train", train_stages="7/30", train_epochs="40")
    assert "trained longer (continued after 7 of 30 epochs)" in texts(app)
    app.button(key="train_stages_clear").click().run()
    assert not app.exception
    assert "train_stages" not in app.query_params
    assert "rained longer" not in texts(app)


def test_settings_without_a_preset_are_trained_without_one(open_page: Open, store: RunStore) -> None:
    app = open_page("train", train_preset="none", train_epochs="2")
    assert not app.exception
    assert "orange-badge[changed]" not in texts(app)
    app.button(key="train_start").click().run()
    assert store.run(1).config.preset is None
    assert store.run(1).config.train.epochs == 2


def test_choosing_no_preset_leaves_the_settings_as_they_are(open_page: Open) -> None:
    app = open_page("train", train_preset="compact-same", train_epochs="7")
    app.selectbox(key="train_preset").select("none").run()
    assert not app.exception
    assert app.select_slider(key="train_epochs").value == 7
    assert app.select_slider(key="train_batch_size").value == 200
    app.button(key="train_undo").click().run()
    assert app.selectbox(key="train_preset").value == "compact-same"
