"""Changes of an own data set that a person has planned on this page, of the run on show, until a version is made."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.derive import Changes
from cnn_dash.evaluation.report import Split
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings

_PLAN = "evaluate_plan"


def own_data(run: Run, settings: Settings) -> Path | None:
    """Return the data folder with the own data set that a run was trained on; None if it is none, or not there."""
    if run.config is None:
        return None
    places = [*([Path(run.data_dir)] if run.data_dir else []), settings.data_dir]
    return next((place for place in places if library.is_there(run.recipe.data.dataset, place)), None)


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


def relabelled(chosen: Sequence[int], labels: Sequence[int], label: int, split: Split = "test") -> Changes:
    """Return the change that gives images a class; those that have it already are not in it.

    Args:
        chosen: Positions among the images of the split.
        labels: The present class of each of them.
        label: The new class.
        split: Which images.
    """
    return Changes(relabel={(split, index): label for index in chosen if labels[index] != label})


def relabelled_as(chosen: Sequence[int], labels: Sequence[int], new: Sequence[int], split: Split = "test") -> Changes:
    """Return the change that gives each image a class of its own; see `relabelled`."""
    return Changes(relabel={(split, index): int(new[index]) for index in chosen if labels[index] != new[index]})


def left_out(chosen: Sequence[int], split: Split = "test") -> Changes:
    """Return the change that leaves images out."""
    return Changes(exclude=[(split, index) for index in chosen])


def tagged(chosen: Sequence[int], tag: str, split: Split = "test") -> Changes:
    """Return the change that gives images a tag."""
    return Changes(tag={(split, index): tag for index in chosen})
