"""The runs that check the labels of training images: start, progress, stop, delete."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from cnn_dash.errors import CnnDashError
from cnn_dash.runs import batch, fold_runs, query, trash
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.ui.components.in_progress import render_in_progress
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.formatting import runs_of
from cnn_dash.ui.session import evaluate_keys, widget_keys
from cnn_dash.ui.session.navigation import pages
from cnn_dash.ui.session.resources import finished_runs, open_activity, open_store

MOST_EPOCHS = 1_000
FEW_EPOCHS = 5
_DELETED = "evaluate_labels_deleted"
_ERROR = "evaluate_labels_error"


def render_start(run: Run, *, again: bool = False) -> None:
    """Offer to train the networks whose predictions tell wrong labels.

    Args:
        run: The run on show, one of ours.
        again: Whether the labels were checked before.
    """
    _render_notice()
    with st.expander("Check again") if again else st.container():
        st.markdown(
            "A network that has learned an image by heart does not doubt its label. So short runs are trained, each "
            "without one part of the training images, and tell of that part. Their settings are those of this run but "
            "for the epochs; they wait in the queue and are listed as any other run."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            folds = st.segmented_control(
                "Parts",
                fold_runs.FOLDS,
                default=fold_runs.FOLDS[-1],
                required=True,
                key=evaluate_keys.EVALUATE_LABELS_FOLDS,
                help="As many runs are trained. With more of them each network learns from more images.",
            )
            epochs = st.number_input(
                "Epochs of each",
                1,
                MOST_EPOCHS,
                min(run.recipe.train.epochs, FEW_EPOCHS),
                key=evaluate_keys.EVALUATE_LABELS_EPOCHS,
                width=140,
                help="Few are enough, and better than many: a network learns wrong labels late.",
            )
        try:
            planned = batch.plan(
                open_store().settings, fold_runs.configs(run, folds or fold_runs.FOLDS[-1], epochs), finished_runs()
            )
        except CnnDashError as error:
            render_error(error)
            return
        st.button(
            f"Train {len(planned.previews)} check runs",
            key=evaluate_keys.EVALUATE_LABELS_START,
            type="secondary" if again else "primary",
            icon=":material/fact_check:",
            on_click=_start,
            args=(run, planned),
        )
        st.caption(f"They take {planned.estimate} together.")


def render_fold_runs(run: Run, networks: Sequence[Run], *, checked: bool) -> None:
    """Draw the runs that check the labels: how far they are, and what can be done with all of them.

    Args:
        run: The run on show.
        networks: They, at least one.
        checked: Whether what they say is known already.
    """
    _render_notice()
    active = [one for one in networks if one.active or one.status is Status.PAUSED]
    numbers = runs_of([one.id for one in networks])
    for one in active:
        with st.container(border=True):
            render_in_progress(one, evaluate_keys.EVALUATE_LABELS_PART)
    others = [one for one in networks if one not in active and one.status is not Status.FINISHED]
    if not active and not checked and others:
        st.warning(
            f"{plain(runs_of([one.id for one in others]))} did not finish, so nothing can be said of a part of the "
            "images. Resume or retry them on the Train page, or delete these runs and begin anew.",
            icon=":material/warning:",
        )
        for one in others:
            label = f"Run {one.id} · {plain(one.name)} · {one.status}"
            st.page_link(pages()["train"], label=label, query_params={widget_keys.RUN: str(one.id)})
    with st.container(horizontal=True, vertical_alignment="center"):
        if active:
            st.button(
                "Stop them",
                key=evaluate_keys.EVALUATE_LABELS_STOP,
                icon=":material/stop_circle:",
                on_click=_stop,
                args=(networks,),
            )
        if not any(one.status is Status.RUNNING for one in networks):
            st.button(
                "Delete these runs",
                key=evaluate_keys.EVALUATE_LABELS_DELETE,
                icon=":material/delete:",
                on_click=_delete,
                args=(networks,),
                help=f"Moves {numbers.lower()} to the trash. What they found stays with run {run.id}."
                if checked
                else f"Moves {numbers.lower()} to the trash.",
            )
        st.caption(f"{numbers}, with the tag {fold_runs.tag_of(run.id)}.", width="content")


def _render_notice() -> None:
    if error := st.session_state.pop(_ERROR, None):
        render_error(error)
    deleted: list[int] = st.session_state.get(_DELETED, [])
    if deleted:
        with st.container(horizontal=True, border=True, vertical_alignment="center"):
            st.markdown(f":material/check: {runs_of(deleted)} are in the trash.", width="content")
            st.button(
                "Undo", key=evaluate_keys.EVALUATE_LABELS_UNDO, icon=":material/undo:", on_click=_undo, args=(deleted,)
            )


def _start(run: Run, planned: batch.Batch) -> None:
    st.session_state.pop(_DELETED, None)
    _do(partial(fold_runs.start, open_store(), run, planned))


def _stop(networks: Sequence[Run]) -> None:
    _do(partial(fold_runs.stop, open_store(), networks))


def _delete(networks: Sequence[Run]) -> None:
    if _do(partial(fold_runs.delete, open_store(), networks)):
        st.session_state[_DELETED] = [one.id for one in networks]


def _do(act: Callable[[], object]) -> bool:
    """Act, and return whether it went well; if not, why is said when the page is drawn next."""
    try:
        act()
    except CnnDashError as error:
        st.session_state[_ERROR] = str(error)
        return False
    finally:
        open_activity().forget()  # what is drawn next shows what was done
    return True


def _undo(run_ids: list[int]) -> None:
    store = open_store()
    trash.restore(store, [one for one in query.deleted_ids(store) if one in run_ids])
    st.session_state.pop(_DELETED, None)
    open_activity().forget()
