"""What several runs say to many pictures: which come first, and all of it as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnn_dash.inference.answers import DOUBTS
from cnn_dash.runs.export import csv_text
from cnn_dash.ui.predict.summary import Summary

_FIRST_COLUMNS = ("answer", "confidence", "doubt", "boxes", "error")


@dataclass(frozen=True)
class Opinions:
    """What the runs say to one picture.

    Attributes:
        key: Names the picture, among the others.
        by_run: The answer of each run by its number; that of the chosen run is the first.
    """

    key: str
    by_run: dict[int, Summary]

    @property
    def first(self) -> Summary:
        """The answer of the chosen run."""
        return next(iter(self.by_run.values()))

    @property
    def differ(self) -> bool:
        """Whether networks that know the same classes give different answers."""
        return differ(self.by_run.values())


def differ(summaries: Iterable[Summary]) -> bool:
    """Return whether networks that know the same classes give different answers."""
    answered = [one for one in summaries if not one.error]
    return len({(one.class_names, one.answer) for one in answered}) > len({one.class_names for one in answered})


def most_doubtful_first(given: Iterable[Opinions]) -> list[Opinions]:
    """Return the doubtful ones first, then those on which runs differ, then those without an answer, then by name."""
    return sorted(
        given, key=lambda one: (not one.first.doubt, not one.differ, not one.first.error, one.first.name.casefold())
    )


def as_csv(given: Sequence[Opinions]) -> bytes:
    """Return a table for a spreadsheet, UTF-8 with a mark by which spreadsheets know it.

    A box is `top left bottom right` in pixels of the upright picture, several have semicolons between them. If several
    runs answered, `differ` says whether their answers do, and each further run has columns of its own: `run_2_answer`.
    """
    others = list(given[0].by_run)[1:] if given else []
    columns = ["file", *_FIRST_COLUMNS, *(["differ"] if others else [])]
    columns += [f"run_{run_id}_{column}" for run_id in others for column in _FIRST_COLUMNS]
    rows = [
        [
            one.first.name,
            *_cells(one.first),
            *(["yes" if one.differ else "no"] if others else []),
            *(cell for run_id in others for cell in _cells(one.by_run[run_id])),
        ]
        for one in given
    ]
    return csv_text([columns, *rows]).encode("utf-8-sig")


def _cells(one: Summary) -> tuple[str | float | None, ...]:
    return (
        one.answer,
        None if one.error else round(one.confidence, 4),
        DOUBTS[one.doubt] if one.doubt else "",
        "; ".join(" ".join(map(str, box)) for box in one.boxes),
        one.error,
    )
