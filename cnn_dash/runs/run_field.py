"""What a field of runs is: something that is known of a run, where it is kept and where it is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, Flag, StrEnum, auto
from typing import Any

from cnn_dash import strict_json
from cnn_dash.metrics import Format, number_text
from cnn_dash.runs.records import Run
from cnn_dash.runs.stored import Stored

Value = Any
"""A text, a number, a switch, a time; of an external run's params, whatever JSON can carry."""


class Kind(StrEnum):
    """What the values of a field are, in the words of an error."""

    NUMBER = "a number, such as 0.001 or 25%"
    SHARE = "a number from 0 to 1, or per cent, such as 98%"
    SWITCH = "on or off"
    CHOICE = "one of a few words"
    TEXT = "a text; * stands for anything"
    TIME = "a day such as 2026-11-24, or a time such as 2026-11-24T18:30"
    ANY = "a number, a text, or on or off"


class Place(Flag):
    """Where a field is found in JSON and CSV, under its JSON name."""

    NOWHERE = 0
    LIST = auto()  # a run in a list, as JSON
    DETAILS = auto()  # one run by itself, as JSON
    EXPORT = auto()  # a run in a file, as JSON
    CSV = auto()  # a run in a file, as CSV
    JSON = LIST | DETAILS | EXPORT
    NOT_LISTED = DETAILS | EXPORT | CSV
    ALL = LIST | DETAILS | EXPORT | CSV


@dataclass(frozen=True)
class RunField:
    """Something that is known of runs.

    Attributes:
        name: What it is called in a search.
        label: What it is called on a page.
        kind: What its values are.
        read: Returns its values for a run; None among them counts as none.
        stored: Where it is kept, to search and sort by; None if that is not offered.
        allowed: The words that a choice may be.
        format: How a number is written; None for one that is written as it is.
        json: Its name in JSON and CSV; empty if it is in neither.
        places: In which of them it is found.
        digits: Decimal places in JSON; None for all.
        event: Its name in the event stream; empty if it is not part of it.
        many: Whether a run may have several values of it in JSON too, such as tags.
        aliases: Other names in a search.
    """

    name: str
    label: str
    kind: Kind
    read: Callable[[Run], Iterable[Value]]
    stored: Stored | None = None
    allowed: tuple[str, ...] = ()
    format: Format | None = None
    json: str = ""
    places: Place = Place.NOWHERE
    digits: int | None = None
    event: str = ""
    many: bool = False
    aliases: tuple[str, ...] = ()

    def values(self, run: Run) -> tuple[Value, ...]:
        """Return its values for a run: none if not known, or the network has no such layer; several of several."""
        return tuple(value for value in self.read(run) if value is not None)

    def value(self, run: Run) -> Value | None:
        """Return the value for a table: by itself if it is one, else all of them as text: `32, 64, 64`."""
        values = self.values(run)
        if len(values) > 1:
            return ", ".join(_text(one) for one in values)
        return values[0] if values else None

    def text(self, run: Run) -> str:
        """Return the value as a person reads it: `98.72 %`, `12,810`, `2026-11-24 18:30`; `–` if it is not known."""
        value = self.value(run)
        if value is None:
            return "–"
        if isinstance(value, datetime):
            return f"{value.astimezone():%Y-%m-%d %H:%M}"
        if self.format is not None and isinstance(value, int | float):
            return number_text(value, self.format)
        return _text(value)

    def json_value(self, run: Run) -> Any:
        """Return the value as JSON can carry it."""
        values = [self._json(value) for value in self.values(run)]
        return values if self.many else values[0] if values else None

    def _json(self, value: Value) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, float):
            return strict_json.encode(value if self.digits is None else round(value, self.digits))
        return value


def _text(value: Value) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
