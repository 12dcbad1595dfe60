"""Where the value of a field is kept in the database, and how runs are found and sorted by it.

A value is a number or a text, wherever it is kept; a condition on it is made of both (`Cell`). Runs are found by
conditions on the table of runs, so that any of them can be combined.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from cnn_dash.runs.schema import metric_summaries, run_settings, run_texts, runs
from cnn_dash.runs.status import Source

Condition = sa.ColumnElement[bool]
Order = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Cell:
    """A value in the database; of what it cannot be, there is None.

    Attributes:
        number: Its number, NULL if it has none.
        text: Its text, case-folded, NULL if it has none.
        kind: `nan`, `inf` or `-inf` for a number that is not finite, which then is NULL; else NULL.
    """

    number: sa.ColumnElement[Any] | None = None
    text: sa.ColumnElement[Any] | None = None
    kind: sa.ColumnElement[Any] | None = None


Test = Callable[[Cell], Condition]


class Stored(Protocol):
    """A place in the database."""

    def holds(self, test: Test) -> Condition:
        """Return the condition that a run has a value there that passes a test; it is never NULL."""

    def order(self, *, descending: bool) -> Sequence[Order]:
        """Return what to sort by. Runs without a value come last either way, a value that is NaN counts as none."""


@dataclass(frozen=True)
class Column:
    """A column of the table of runs, or an expression of its columns."""

    cell: Cell

    @classmethod
    def number(cls, column: sa.ColumnElement[Any]) -> "Column":
        """Return a column of numbers."""
        return cls(Cell(number=column))

    @classmethod
    def text(cls, column: sa.ColumnElement[Any]) -> "Column":
        """Return a column of words in lower case."""
        return cls(Cell(text=column))

    def holds(self, test: Test) -> Condition:
        """Return the condition that a run has such a value that passes a test."""
        return sa.func.coalesce(test(self.cell), sa.false())

    def order(self, *, descending: bool) -> Sequence[Order]:
        """Return what to sort by."""
        value = self.cell.text if self.cell.number is None else self.cell.number
        assert value is not None
        return (_directed(value, descending=descending, missing_last=True),)


@dataclass(frozen=True)
class InTexts:
    """Lines of a text of a run: its name, its tags, its notes. Runs are sorted by the first line."""

    field: str

    def holds(self, test: Test) -> Condition:
        """Return the condition that a run has such a value that passes a test."""
        found = sa.select(run_texts.c.run_id).where(run_texts.c.field == self.field)
        return runs.c.id.in_(found.where(test(Cell(text=run_texts.c.folded))))

    def order(self, *, descending: bool) -> Sequence[Order]:
        """Return what to sort by."""
        lines = sa.select(run_texts.c.folded).where(run_texts.c.run_id == runs.c.id, run_texts.c.field == self.field)
        first = lines.order_by(run_texts.c.line).limit(1).scalar_subquery()
        return (_directed(first, descending=descending, missing_last=True),)


@dataclass(frozen=True)
class InMetrics:
    """The last or the best value of a metric, or the epoch in which it was best."""

    name: str
    which: Literal["last", "best"]

    def holds(self, test: Test) -> Condition:
        """Return the condition that a run has such a value that passes a test."""
        number, kind = self._columns()
        found = sa.select(metric_summaries.c.run_id).where(metric_summaries.c.name == self.name)
        return runs.c.id.in_(found.where(test(Cell(number=number, kind=kind))))

    def order(self, *, descending: bool) -> Sequence[Order]:
        """Return what to sort by."""
        number, kind = self._columns()
        infinite: list[tuple[Condition, Any]] = [
            (kind == name, sa.literal(float(name), sa.Double())) for name in ("inf", "-inf")
        ]
        value = sa.select(sa.case(*infinite, else_=number))
        own = value.where(metric_summaries.c.run_id == runs.c.id, metric_summaries.c.name == self.name)
        return (_directed(own.scalar_subquery(), descending=descending, missing_last=True),)

    def _columns(self) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
        return metric_summaries.c[self.which], metric_summaries.c[f"{self.which}_kind"]


@dataclass(frozen=True)
class InSettings:
    """Settings: one, or that of each layer.

    Runs are sorted by the first layer, then by the second, and so on. A network without that layer is smaller than one
    that has it, a number smaller than a text.

    Attributes:
        layers: For each layer the paths at which a run may have the setting: that of our configuration, or params of
            other programs.
    """

    layers: tuple[tuple[str, ...], ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """All of the paths."""
        return tuple(path for layer in self.layers for path in layer)

    def holds(self, test: Test) -> Condition:
        """Return the condition that a run has such a value that passes a test."""
        found = sa.select(run_settings.c.run_id).where(run_settings.c.path.in_(self.paths))
        return runs.c.id.in_(found.where(test(Cell(number=run_settings.c.number, text=run_settings.c.text))))

    def order(self, *, descending: bool) -> Sequence[Order]:
        """Return what to sort by."""
        rank = sa.case((run_settings.c.number.is_not(None), 1), else_=2)
        single, keys = len(self.layers) == 1, list[Order]()
        if not single:
            any_layer = sa.select(run_settings.c.path).where(run_settings.c.run_id == runs.c.id)
            keys.append(sa.case((any_layer.where(run_settings.c.path.in_(self.paths)).exists(), 0), else_=1).asc())
        for layer in self.layers:
            for value in (rank, run_settings.c.number, run_settings.c.text):
                own = sa.select(sa.func.min(value)).where(run_settings.c.run_id == runs.c.id)
                own = own.where(run_settings.c.path.in_(layer))
                keys.append(_directed(own.scalar_subquery(), descending=descending, missing_last=single))
        return keys


@dataclass(frozen=True)
class CountedSettings:
    """How many of some paths a run of ours has: the number of its layers."""

    paths: tuple[str, ...]

    def holds(self, test: Test) -> Condition:
        """Return the condition that a run has such a value that passes a test."""
        return sa.and_(runs.c.source == Source.RECIPE, test(Cell(number=self._count())))

    def order(self, *, descending: bool) -> Sequence[Order]:
        """Return what to sort by."""
        ours = sa.case((runs.c.source == Source.RECIPE, self._count()), else_=None)
        return (_directed(ours, descending=descending, missing_last=True),)

    def _count(self) -> sa.ColumnElement[Any]:
        found = sa.select(sa.func.count()).where(run_settings.c.run_id == runs.c.id)
        return found.where(run_settings.c.path.in_(self.paths)).scalar_subquery()


def within(cell: Cell, low: float, high: float) -> Condition:
    """Return the condition that a number lies between two, themselves included."""
    return compared(cell, ">=", low) & compared(cell, "<=", high)


def compared(cell: Cell, sign: Literal["<", "<=", ">", ">="], than: float) -> Condition:
    """Return the condition that a number is smaller or larger than another one."""
    if cell.number is None:
        return sa.false()
    # Always as a double: the driver would round it to the type of a column of whole numbers.
    bound: sa.ColumnElement[float] = sa.literal(than, sa.Double())
    conditions = {
        "<": cell.number < bound,
        "<=": cell.number <= bound,
        ">": cell.number > bound,
        ">=": cell.number >= bound,
    }
    if cell.kind is None:
        return conditions[sign]
    return conditions[sign] | (cell.kind == ("inf" if sign.startswith(">") else "-inf"))


def alike(cell: Cell, pattern: str) -> Condition:
    """Return the condition that a text is like a pattern, case-folded, in which * stands for anything."""
    if cell.text is None:
        return sa.false()
    if "*" not in pattern:
        return cell.text == pattern
    return cell.text.like("%".join(map(_escaped, pattern.split("*"))), escape="/")


def containing(word: str) -> Condition:
    """Return the condition that a word is anywhere in the texts of a run."""
    found = sa.select(run_texts.c.run_id)
    return runs.c.id.in_(found.where(run_texts.c.folded.like(f"%{_escaped(word)}%", escape="/")))


def _escaped(text: str) -> str:
    """Return a text in which LIKE takes every character for itself."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _directed(value: sa.ColumnElement[Any], *, descending: bool, missing_last: bool) -> Order:
    directed = value.desc() if descending else value.asc()
    # Where a missing value is the smallest one, it is last only in descending order.
    return directed.nulls_last() if missing_last or descending else directed.nulls_first()
