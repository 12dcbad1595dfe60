"""Changes of an own data set that a person has planned on this page, of the run on show, until a version is made."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own.derive import Changes
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings

_PLAN = "evaluate_plan"


def own_data(run: Run, settings: Settings) -> Path | None:
    """Return the data folder with the own data set that a run was trained on; None if it is none, or not there."""
    if run.config is None or run.dataset in catalogue.SOURCES:
        return None
    places = [Path(run.data_dir)] if run.data_dir else []
    return catalogue.find(run.recipe.data.dataset, [*places, settings.data_dir])


def planned(run_id: int) -> Changes:
    """Return what is planned."""
    of_run, changes = st.session_state.get(_PLAN, (run_id, Changes()))
    return changes if of_run == run_id else Changes()


def plan(run_id: int, changes: Changes) -> None:
    """Replace what is planned."""
    st.session_state[_PLAN] = (run_id, changes)


def joined(first: Changes, second: Changes) -> Changes:
    """Return both: of an image that both change, the class and tag of the second; one that is left out stays out."""
    return Changes(
        {**first.relabel, **second.relabel},
        frozenset([*first.exclude, *second.exclude]),
        {**first.tag, **second.tag},
    )


def in_words(changes: Changes) -> str:
    """Return what is planned: `3 relabelled, 1 left out`."""
    counts = ((len(changes.relabel), "relabelled"), (len(changes.exclude), "left out"), (len(changes.tag), "tagged"))
    return ", ".join(f"{count:,} {what}" for count, what in counts if count)


def relabelled(chosen: Sequence[int], labels: Sequence[int], label: int) -> Changes:
    """Return the change that gives test images a class; those that have it already are not in it.

    Args:
        chosen: Positions in the test set.
        labels: The present class of each test image.
        label: The new class.
    """
    return Changes(relabel={("test", index): label for index in chosen if labels[index] != label})


def left_out(chosen: Sequence[int]) -> Changes:
    """Return the change that leaves test images out."""
    return Changes(exclude=[("test", index) for index in chosen])


def tagged(chosen: Sequence[int], tag: str) -> Changes:
    """Return the change that gives test images a tag."""
    return Changes(tag={("test", index): tag for index in chosen})
