"""The Runs page: what it finds, keeps, writes into the store and says in its address."""

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.errors import RunNotFound
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.runs import runs_list
from tests.factories import make_run

Open = Callable[..., AppTest]


@pytest.fixture
def three(store: RunStore) -> RunStore:
    """A store with three runs: 1 is good, 2 better and a favourite, 3 has failed."""
    make_run(store, accuracy=0.95, tags=["baseline"])
    make_run(store, accuracy=0.99, settings={"train.learning_rate": 0.01}, favourite=True)
    make_run(store, Status.FAILED, title="Third")
    return store


def shown(app: AppTest) -> list[int]:
    """Numbers of the runs in the table, from top to bottom."""
    assert not app.exception
    return [int(number) for number in app.dataframe[0].value["run"]]


def ticked(app: AppTest) -> list[int]:
    """Numbers of the runs whose rows are ticked."""
    rows = app.session_state["runs_table"]["selection"]["rows"]
    return [shown(app)[row] for row in rows]


def said(app: AppTest) -> str:
    kinds = ("caption", "markdown", "warning", "error")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def test_the_newest_run_comes_first(open_page: Open, three: RunStore) -> None:
    app = open_page("runs")
    assert shown(app) == [3, 2, 1]
    assert list(app.dataframe[0].value["favourite"]) == ["", "★", ""]
    assert "3 runs." in said(app)
    assert "run" not in app.query_params


def test_a_search_is_kept_in_the_address(open_page: Open, three: RunStore) -> None:
    app = open_page("runs")
    app.text_input(key="runs_search").set_value("accuracy>0.9 learning_rate<0.01").run()
    assert shown(app) == [1]
    assert app.query_params["search"] == "accuracy>0.9 learning_rate<0.01"
    assert shown(open_page("runs", search="tag=baseline")) == [1]


def test_a_search_that_is_not_understood_is_said_and_the_last_one_stays(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", search="favourite")
    app.text_input(key="runs_search").set_value("favourite lerning_rate>1").run()
    assert plain("Did you mean learning_rate?") in app.error[0].value
    assert "The table still shows what was found by: favourite" in said(app)
    assert shown(app) == [2]


def test_nothing_found_says_what_to_do(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", search="nowhere")
    assert not app.exception
    assert not app.dataframe
    assert "Take something out of the search" in said(app)


def test_any_setting_or_result_sorts_and_is_shown(open_page: Open, three: RunStore) -> None:
    app = open_page("runs")
    app.selectbox(key="runs_sort").select("learning_rate").run()
    assert shown(app)[0] == 2
    assert "learning_rate" in app.dataframe[0].value
    app.segmented_control(key="runs_direction").set_value("rising").run()
    assert shown(app)[-1] == 2
    assert app.query_params["sort"] == "learning_rate"
    assert shown(open_page("runs", sort="-accuracy")) == [2, 1, 3]


def test_the_settings_that_differ_become_columns(open_page: Open, three: RunStore) -> None:
    app = open_page("runs")
    app.button(key="runs_differing").click().run()
    assert "learning_rate" in app.dataframe[0].value
    assert "optimizer" not in app.dataframe[0].value
    assert app.query_params["columns"] == "learning_rate"


def test_ticks_follow_their_runs(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", selected="1,3")
    assert set(ticked(app)) == {1, 3}
    make_run(three)
    app.run()
    assert shown(app) == [4, 3, 2, 1]
    assert set(ticked(app)) == {1, 3}
    app.selectbox(key="runs_sort").select("accuracy").run()
    assert set(ticked(app)) == {1, 3}
    app.text_input(key="runs_search").set_value("third").run()
    assert ticked(app) == [3]
    assert "1 selected is not among them" in said(app)
    assert app.query_params["selected"] == "1,3"


@pytest.mark.parametrize(
    ("query", "received"),
    [
        ({"selected": "99"}, "'99'"),
        ({"selected": "x"}, "'x'"),
        ({"selected": "-1"}, "'-1'"),
        ({"selected": "²"}, "'²'"),
        ({"selected": "9" * 400}, "'99999"),
        ({"sort": "colour"}, "'colour'"),
        ({"sort": "--run"}, "'-run'"),
        ({"columns": "a,b"}, "'a'"),
        ({"page": "two"}, "'two'"),
        ({"page": "0"}, "'0'"),
        ({"search": "epochs<many"}, "'many'"),
        ({"search": "[x](https://example.org)=1"}, "example.org"),
        ({"search": "x" * 600}, "600"),
    ],
)
def test_what_is_wrong_in_the_address_is_said_and_left_out(
    open_page: Open, three: RunStore, query: dict[str, str], received: str
) -> None:
    app = open_page("runs", **query)
    assert f"{plain(received)}" in said(app)
    assert shown(app) == [3, 2, 1]
    assert ticked(app) == []


def test_a_run_gets_name_tags_notes_and_star(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", selected="1")
    app.text_input(key="runs_title").set_value("  My   run ").run()
    app.multiselect(key="runs_tags").set_value(["baseline", "new, one"]).run()
    app.text_area(key="runs_notes").set_value("Why: to see.").run()
    app.toggle(key="runs_favourite").set_value(True).run()
    assert not app.exception
    run = three.run(1)
    assert (run.name, run.tags, run.notes, run.favourite) == ("My run", ("baseline", "new one"), "Why: to see.", True)
    assert app.text_input(key="runs_title").value == "My run"
    assert app.multiselect(key="runs_tags").value == ["baseline", "new one"]
    app.text_input(key="runs_title").set_value("").run()
    assert three.run(1).title is None


def test_the_panel_shows_the_run_that_is_ticked_now(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", selected="3")
    assert app.text_input(key="runs_title").value == "Third"
    app.button(key="runs_clear").click().run()
    app.session_state["runs_selected"] = (2,)
    app.run()
    assert app.text_input(key="runs_title").value == ""
    assert app.toggle(key="runs_favourite").value is True
    assert three.run(3).title == "Third"


def test_clone_opens_train_with_all_settings(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", selected="2")
    app.button(key="runs_clone").click().run()
    assert not app.exception
    assert app.select_slider(key="train_learning_rate").value == 0.01


def test_a_run_without_a_network_cannot_be_evaluated(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", selected="3")
    with pytest.raises(KeyError):
        app.button(key="runs_evaluate")


def test_delete_asks_says_what_it_frees_and_can_be_undone(open_page: Open, store: RunStore) -> None:
    for _ in range(3):
        make_run(store, file_bytes=2_000_000)
    app = open_page("runs", selected="1,3")
    app.button(key="runs_delete").click().run()
    assert "**Runs 1 and 3**" in said(app)
    assert "**4.0 MB**" in said(app)
    assert len(store.runs()) == 3
    app.button(key="runs_delete_confirm").click().run()
    assert shown(app) == [2]
    assert "selected" not in app.query_params
    app.button(key="runs_undo").click().run()
    assert shown(app) == [3, 2, 1]
    with pytest.raises(KeyError):
        app.button(key="runs_undo")


def test_a_run_that_trains_cannot_be_deleted(open_page: Open, three: RunStore) -> None:
    make_run(three, Status.RUNNING)
    app = open_page("runs", selected="4,1")
    app.button(key="runs_delete").click().run()
    assert "Run 4 cannot be deleted while training. Stop it first" in said(app)
    with pytest.raises(KeyError):
        app.button(key="runs_delete_confirm")


def test_the_trash_gives_back_or_deletes_for_good(open_page: Open, store: RunStore) -> None:
    for _ in range(3):
        make_run(store, file_bytes=1000)
    app = open_page("runs", selected="1,2")
    app.button(key="runs_delete").click().run()
    app.button(key="runs_delete_confirm").click().run()
    app.session_state["runs_bin"] = True
    app.run()
    app.button(key="runs_restore_1").click().run()
    assert shown(app) == [3, 1]
    app.session_state["runs_bin"] = True
    app.run()
    app.button(key="runs_empty_bin").click().run()
    assert "**Run 2**" in said(app)
    app.button(key="runs_empty_bin_confirm").click().run()
    assert "Run 2 is gone for good" in said(app)
    with pytest.raises(RunNotFound):
        store.run(2)
    assert RunFolder.of(store.settings, 2).size_bytes() == 0


def test_the_last_run_in_the_trash_can_be_restored(open_page: Open, store: RunStore) -> None:
    make_run(store)
    app = open_page("runs", selected="1")
    app.button(key="runs_delete").click().run()
    app.button(key="runs_delete_confirm").click().run()
    assert "no runs" in app.info[0].value
    app.button(key="runs_undo").click().run()
    assert shown(app) == [1]


def test_checkpoints_of_runs_that_have_ended_are_freed(open_page: Open, store: RunStore) -> None:
    make_run(store, file_bytes=2_000_000)
    make_run(store, Status.PAUSED, file_bytes=1_000_000)
    make_run(store, file_bytes=1_000_000)  # today, so that somebody may still want it
    with store.transaction() as connection:
        long_ago = {"ended_at": time.time() - 2 * 24 * 3600}
        connection.execute(runs.update().where(runs.c.id == 1).values(long_ago))
    app = open_page("runs")
    assert "4.0 MB" in said(app)
    app.button(key="runs_free").click().run()
    assert "**1 run**, **2.0 MB**" in said(app)
    assert "from the beginning" in said(app)
    app.button(key="runs_free_confirm").click().run()
    assert "2.0 MB freed" in said(app)
    assert [store.run(run_id).checkpoint is None for run_id in (1, 2, 3)] == [True, False, False]


def test_the_queue_is_put_into_another_order(open_page: Open, store: RunStore) -> None:
    for _ in range(3):
        make_run(store, Status.QUEUED)
    app = open_page("runs")
    assert "3 waiting · done in about" in said(app)
    app.button(key="runs_first_3").click().run()
    assert [run.id for run in store.queue()] == [3, 1, 2]
    app.button(key="runs_up_2").click().run()
    app.button(key="runs_down_3").click().run()
    assert [run.id for run in store.queue()] == [2, 3, 1]
    assert app.button(key="runs_up_2").disabled
    assert app.button(key="runs_down_1").disabled
    app.button(key="runs_cancel_3").click().run()
    assert not app.exception
    assert [run.id for run in store.queue()] == [2, 1]
    assert store.run(3).status is Status.STOPPED


def test_a_long_queue_is_shown_on_demand(open_page: Open, store: RunStore) -> None:
    for _ in range(7):
        make_run(store, Status.QUEUED)
    app = open_page("runs")
    with pytest.raises(KeyError):
        app.button(key="runs_up_7")
    app.toggle(key="runs_queue_all").set_value(True).run()
    assert app.button(key="runs_up_7")


def test_edit_opens_train_with_the_settings_of_a_run_that_waits(open_page: Open, store: RunStore) -> None:
    make_run(store, Status.QUEUED, settings={"train.epochs": 7})
    make_run(store, Status.INTERRUPTED)
    app = open_page("runs")
    with pytest.raises(KeyError):
        app.button(key="runs_edit_2")
    app.button(key="runs_edit_1").click().run()
    assert not app.exception
    assert app.select_slider(key="train_epochs").value == 7
    assert app.query_params["edit"] == "1"


def test_the_view_outlives_a_visit_to_another_page(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", search="tag=baseline", selected="1")
    app.switch_page("../../pages/home.py").run()
    app.query_params.clear()
    app.switch_page("../../pages/runs.py").run()
    assert shown(app) == [1]
    assert ticked(app) == [1]
    assert app.query_params["search"] == "tag=baseline"


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_list, "PAGE_SIZE", 2)


@pytest.mark.usefixtures("pages_of_two")
def test_the_table_shows_a_page_of_what_was_found(open_page: Open, three: RunStore) -> None:
    app = open_page("runs")
    assert shown(app) == [3, 2]
    assert "3 runs, 1 to 2 here." in said(app)
    app.session_state["runs_page"] = 2
    app.run()
    assert shown(app) == [1]
    assert app.query_params["page"] == "2"
    app.segmented_control(key="runs_direction").set_value("rising").run()
    assert shown(app) == [1, 2]
    assert "page" not in app.query_params


@pytest.mark.usefixtures("pages_of_two")
def test_what_is_selected_on_another_page_stays_selected(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", selected="1,3", page="2")
    assert (shown(app), ticked(app)) == ([1], [1])
    assert "1 selected is not among them" in said(app)
    app.session_state["runs_page"] = 1
    app.run()
    assert (shown(app), ticked(app)) == ([3, 2], [3])
    assert app.query_params["selected"] == "1,3"


@pytest.mark.usefixtures("pages_of_two")
def test_a_page_beyond_the_last_is_the_last(open_page: Open, three: RunStore) -> None:
    app = open_page("runs", page="9")
    assert shown(app) == [1]
    assert app.query_params["page"] == "2"
    app.text_input(key="runs_search").set_value("baseline").run()
    for _ in range(2):  # the pager is gone, and so may be what it held
        assert shown(app) == [1]
        assert "page" not in app.query_params
        app.run()
    app.text_input(key="runs_search").set_value("").run()
    assert shown(app) == [3, 2]


def test_only_the_runs_of_the_page_are_read(
    open_page: Open, three: RunStore, pages_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    by_ids = RunStore.by_ids
    monkeypatch.setattr(RunStore, "by_ids", lambda self, ids: read.extend(ids) or by_ids(self, ids))
    monkeypatch.setattr(RunStore, "deleted", lambda self: pytest.fail("all deleted runs are read"))
    assert shown(open_page("runs")) == [3, 2]
    assert read == [3, 2]


def test_a_run_of_another_program_is_shown_and_found_but_not_cloned(open_page: Open, three: RunStore) -> None:
    worker = Worker("x", 1, "host")
    run = three.record_external(worker, params={"lr": 0.1, "opt": "Lion"}, title="Theirs", planned_epochs=3)
    Lease(three, run).log_epoch(EpochMetrics(1, {"f1": 0.7}, None))
    app = open_page("runs", search="source=external f1>0.5", columns="f1,opt,source", selected="4")
    assert shown(app) == [4]
    row = app.dataframe[0].value.iloc[0]
    assert (row["f1"], row["opt"], row["source"], row["trained_epochs"]) == (0.7, "Lion", "external", "1 of 3")
    assert "recorded by another program" in said(app)
    with pytest.raises(KeyError):
        app.button(key="runs_clone")
