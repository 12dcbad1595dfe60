"""Every page, empty and with runs; what is clicked goes into the store."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash import presets
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.ui.components.messages import plain
from tests.evaluate_page import grid_images

Open = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    kinds = ("caption", "markdown", "info", "warning", "error", "subheader", "title")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


@pytest.mark.parametrize(
    ("name", "next_step"),
    [
        ("home", "None yet. Press the button above"),
        ("train", "Press Train"),
        ("runs", "Train a network first"),
        ("evaluate", "Train one first"),
        ("predict", "Train one first"),
    ],
)
def test_an_empty_page_says_what_to_do_next(open_page: Open, name: str, next_step: str) -> None:
    app = open_page(name)
    assert not app.exception
    assert next_step in texts(app)


@pytest.mark.parametrize("name", ["home", "data", "train", "runs", "evaluate", "predict"])
def test_a_page_shows_a_run(open_page: Open, tested_run: Callable[[], Run], name: str) -> None:
    tested_run()
    app = open_page(name)
    assert not app.exception
    assert not app.error


def test_home_trains_the_default(open_page: Open, store: RunStore) -> None:
    app = open_page("home")
    app.button(key="home_start").click().run()
    run = store.latest(Status.QUEUED)
    assert run is not None
    assert (run.preset, run.dataset) == ("compact-valid", "mnist-5k")


def test_home_calls_a_run_by_the_name_that_it_was_given(open_page: Open, store: RunStore) -> None:
    for title in ("my \u202ebest", None):
        run = submit(store, presets.get("compact-valid").config())
        if title:
            annotate(store, run.id, title=title)
    table = open_page("home").dataframe[0].value
    assert list(table["name"]) == ["compact-valid on mnist-5k", "my best"]
    assert list(table["run"]) == [2, 1]


def test_train_starts_the_run_that_the_widgets_say(open_page: Open, store: RunStore) -> None:
    app = open_page("train")
    app.select_slider(key="train_epochs").set_value(2)
    app.selectbox(key="train_optimizer").select("adam").run()
    app.button(key="train_start").click().run()
    assert not app.exception
    run = store.run(1)
    assert (run.recipe.train.epochs, run.recipe.train.optimizer) == (2, "adam")
    assert run.parameters == 93_322
    assert app.query_params["run"] == "1"


def test_a_stop_reaches_the_store(open_page: Open, store: RunStore) -> None:
    app = open_page("train")
    app.button(key="train_start").click().run()
    app.container(key="train_stop").button(key="live_stop").click().run()
    assert not app.exception
    assert store.run(1).status is Status.STOPPED


def test_a_preset_replaces_the_settings_and_undo_brings_them_back(open_page: Open) -> None:
    app = open_page("train", train_epochs="7")
    assert "epochs 5 → 7" in texts(app)
    app.selectbox(key="train_preset").select("compact-same").run()
    assert app.select_slider(key="train_batch_size").value == 200
    assert app.select_slider(key="train_epochs").value == 10
    app.button(key="train_undo").click().run()
    assert app.selectbox(key="train_preset").value == "compact-valid"
    assert app.select_slider(key="train_epochs").value == 7
    app.button(key="train_reset").click().run()
    assert app.select_slider(key="train_epochs").value == 5
    assert "orange-badge[changed]" not in texts(app)


@pytest.mark.parametrize(
    ("preset", "reported", "dataset"),
    [
        ("compact-same", "article: 99.27 %, loss 0.03166", "mnist"),
        ("kuzushiji", "article: curves only", "kmnist"),
    ],
)
def test_a_preset_says_what_its_article_reports_and_offers_its_data_set(
    open_page: Open, preset: str, reported: str, dataset: str
) -> None:
    app = open_page("train", train_preset=preset)
    choice = app.selectbox(key="train_preset")
    assert choice.options[choice.index].endswith(reported)
    app.button(key="train_article_data").click().run()
    assert not app.exception
    assert app.selectbox(key="train_dataset").value == dataset
    assert app.query_params["train_dataset"] == dataset
    with pytest.raises(KeyError):
        app.button(key="train_article_data")


def test_a_data_set_says_how_many_pictures_each_class_has(open_page: Open) -> None:
    assert "4,000 images to train with (400 per class), 1,000 to test (100 per class)." in texts(open_page("train"))


def test_undo_is_offered_until_something_else_is_changed(open_page: Open) -> None:
    app = open_page("train", train_epochs="7")
    app.button(key="train_reset").click().run()
    app.selectbox(key="train_optimizer").select("sgd").run()
    with pytest.raises(KeyError):
        app.button(key="train_undo")
    assert app.selectbox(key="train_optimizer").value == "sgd"
    assert "optimizer RMSprop → SGD" in texts(app)


def test_layers_that_were_added_are_said_once(open_page: Open) -> None:
    app = open_page("train", train_preset="compact-same", train_blocks="5")
    assert "[changed] block 4 added, block 5 added" in texts(app)


def test_settings_outlive_a_visit_to_another_page(open_page: Open) -> None:
    app = open_page("train", train_learning_rate="0.0123")
    app.switch_page("../../pages/runs.py").run()
    app.query_params.clear()
    app.switch_page("../../pages/train.py").run()
    assert app.select_slider(key="train_learning_rate").value == 0.0123
    assert app.query_params["train_learning_rate"] == "0.0123"


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({}, {"train_warmup_epochs"}, {"train_momentum", "train_weight_decay", "train_step_factor", "train_patience"}),
        ({"train_optimizer": "sgd"}, {"train_momentum"}, {"train_weight_decay"}),
        ({"train_schedule": "one_cycle"}, {"train_schedule"}, {"train_warmup_epochs", "train_step_every"}),
        ({"train_schedule": "step"}, {"train_step_every", "train_step_factor"}, {"train_plateau_patience"}),
        ({"train_keep_best": "true"}, {"train_monitor"}, {"train_patience"}),
        ({"train_block1_pooling": "none"}, {"train_block2_pool_size"}, {"train_block1_pool_size"}),
    ],
)
def test_the_form_shows_what_has_an_effect(
    open_page: Open, query: dict[str, str], shown: set[str], hidden: set[str]
) -> None:
    app = open_page("train", **query)
    assert not app.exception
    keys = {widget.key for kind in ("select_slider", "selectbox", "toggle") for widget in app.get(kind)}
    assert shown <= keys
    assert not hidden & keys


def test_one_switch_turns_batch_normalization_on_in_all_blocks(open_page: Open) -> None:
    app = open_page("train")
    app.toggle(key="train_all_batch_norm").set_value(True).run()
    assert not app.exception
    # Of each of the 32 + 64 + 64 filters, four numbers come in and the bias goes.
    assert f"**{93_322 + 3 * (32 + 64 + 64):,}** parameters, {2 * (32 + 64 + 64):,} of them not trainable" in texts(app)


@pytest.mark.parametrize(
    ("query", "received"),
    [
        ({"train_epochs": "0"}, "'0'"),
        ({"train_epochs": "many"}, "'many'"),
        ({"train_learning_rate": "nan"}, "'nan'"),
        ({"train_optimizer": "lion"}, "'lion'"),
        ({"train_preset": "nobody"}, "'nobody'"),
        ({"train_blocks": "99"}, "'99'"),
        ({"train_blocks": "9" * 5000}, "'999"),
        ({"train_epochs": "9" * 5000}, "'999"),
        ({"train_block1_filters": "-3"}, "'-3'"),
        ({"train_dataset": "../etc"}, "'../etc'"),
        ({"train_dataset": "cifar-10"}, "'cifar-10'"),
        ({"train_colour": "red"}, "'train_colour'"),
        ({"run": "99"}, "99"),
        ({"run": "9" * 5000}, "999"),
        ({"run": "x"}, "'x'"),
    ],
)
def test_what_is_wrong_in_the_address_is_said_and_left_out(
    open_page: Open, query: dict[str, str], received: str
) -> None:
    app = open_page("train", **query)
    assert not app.exception
    assert any(f"Received: {plain(received)}" in warning.value for warning in app.warning)
    assert app.select_slider(key="train_epochs").value == 5
    assert app.button(key="train_start")


def test_a_network_that_cannot_be_built_is_said_and_not_started(open_page: Open, store: RunStore) -> None:
    app = open_page("train", train_blocks="6", train_block3_pooling="max")
    assert not app.exception
    assert any("block 4: convolution 3×3 on 1×1" in error.value for error in app.error)
    assert app.button(key="train_start").disabled
    assert "This network cannot be trained." in texts(app)
    app.select_slider(key="train_blocks").set_value(3).run()
    assert not app.error
    assert not app.button(key="train_start").disabled


def test_the_grid_shows_ten_and_filters(open_page: Open, tested_run: Callable[[], Run]) -> None:
    tested_run()
    app = open_page("evaluate")
    assert len(grid_images(app)) == 10
    assert "1 to 10 of 1,000" in texts(app)
    app.toggle(key="evaluate_mistakes").set_value(True).run()
    assert [image["correct"] for image in grid_images(app)] == [False] * 10
    assert "1 to 10 of 100" in texts(app)
    before = grid_images(app)
    app.button(key="evaluate_shuffle").click().run()
    assert grid_images(app) != before
    app.selectbox(key="evaluate_class").select(3).run()
    assert {image["lines"][1] for image in grid_images(app)} == {"true: 3"}


def test_data_that_changed_after_the_run_are_said(
    open_page: Open, tested_run: Callable[[], Run], store: RunStore
) -> None:
    tested_run()
    assert not open_page("evaluate").warning
    with store.transaction() as connection:
        connection.execute(runs.update().values(data_sha256="0" * 64))
    app = open_page("evaluate")
    assert ["has changed since run 1 was trained" in warning.value for warning in app.warning] == [True]
    assert len(grid_images(app)) == 10


def test_the_grid_is_there_when_nothing_fits(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run(wrong_every=10_000)
    app = open_page("evaluate")
    app.toggle(key="evaluate_mistakes").set_value(True).run()
    assert not app.exception
    assert "No image matches" in app.get_by_key("evaluate_grid").info[0].value


@pytest.mark.parametrize("asked", ["77", "9" * 5000, "²", "x"])
def test_a_run_without_a_network_is_said_and_the_latest_is_shown(
    open_page: Open, tested_run: Callable[[], Run], asked: str
) -> None:
    tested_run()
    app = open_page("evaluate", run=asked)
    assert any(f"Received: '{asked[:3]}" in warning.value for warning in app.warning)
    assert app.selectbox(key="evaluate_run").value == 1


@pytest.mark.parametrize("page", ["evaluate", "predict"])
def test_the_latest_finished_run_comes_first_and_a_stopped_one_can_be_chosen(
    open_page: Open, tested_run: Callable[..., Run], page: str
) -> None:
    finished, stopped = tested_run(), tested_run(Status.STOPPED)
    app = open_page(page)
    choice = app.selectbox(key=f"{page}_run")
    assert choice.value == finished.id
    choice.select(stopped.id).run()
    assert not app.exception
    assert app.selectbox(key=f"{page}_run").value == stopped.id
    assert app.query_params["run"] == str(stopped.id)
    assert "stopped" in app.selectbox(key=f"{page}_run").options[0]


def test_a_stopped_run_is_shown_where_none_has_finished(open_page: Open, tested_run: Callable[..., Run]) -> None:
    stopped = tested_run(Status.STOPPED)
    assert open_page("predict").selectbox(key="predict_run").value == stopped.id


def test_another_run_in_the_address_is_shown(open_page: Open, tested_run: Callable[[], Run]) -> None:
    tested_run()
    tested_run()
    app = open_page("evaluate", run="1")
    assert app.selectbox(key="evaluate_run").value == 1
    app.switch_page("../../pages/runs.py").run()
    app.query_params["run"] = "2"
    app.switch_page("../../pages/evaluate.py").run()
    assert app.selectbox(key="evaluate_run").value == 2


def test_the_address_is_text_and_no_markdown(open_page: Open) -> None:
    app = open_page("train", run="[x](https://example.org)")
    assert any(r"\[x\](https\://" in warning.value for warning in app.warning)


def test_a_run_that_learned_nothing_is_said_with_what_to_try(open_page: Open, tested_run: Callable[..., Run]) -> None:
    tested_run()
    assert "learned nothing" not in texts(open_page("evaluate"))
    tested_run(wrong_every=1)
    app = open_page("evaluate")
    assert "This network has learned nothing" in texts(app)
    app.button(key="evaluate_try_again").click().run()
    assert not app.exception
    assert app.title[0].value == "Train"
    assert app.query_params["train_preset"] == "compact-valid"


def test_many_problems_of_an_address_are_one_box(open_page: Open) -> None:
    app = open_page("train", train_epochs="0", train_optimizer="lion", train_block9_filters="3")
    (box,) = app.warning
    assert box.value.startswith("3 things in the address could not be used:")
    assert "- Epochs cannot be used." in box.value
    assert "5 stands there instead." in box.value


def test_the_pages_of_the_grid_can_be_turned_and_fewer_begin_with_the_first(
    open_page: Open, tested_run: Callable[..., Run]
) -> None:
    tested_run()
    app = open_page("evaluate")
    app.get_by_key("evaluate_page").set_value(100).run()
    assert "991 to 1,000 of 1,000" in texts(app)
    app.toggle(key="evaluate_mistakes").set_value(True).run()
    assert not app.exception
    assert "1 to 10 of 100" in texts(app)
