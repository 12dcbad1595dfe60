"""Runs by one line of text: words, numbers of runs, and comparisons of any setting or result.

    wide baseline            both words, in name, tags, notes, data set or preset
    "two words"              exactly these, one behind the other
    #12                      run 12
    learning_rate>=0.001     any field of `field_names`, with = != < <= > >=
    val_loss=nan             a metric that is not a number, or is infinite: inf, -inf
    optimizer=adam,sgd       one or the other
    tag=base*  favourite     a text with anything behind it; the marked ones
    params.status=x          a param of another program that is called like a field

All that is written must hold. What is written becomes a condition of SQL, with every text and number as a parameter.
"""

import math
import re
from datetime import datetime, timedelta
from typing import Literal, cast

import sqlalchemy as sa

from cnn_dash.errors import ConfigError
from cnn_dash.runs.field_names import Fields
from cnn_dash.runs.run_field import Kind, RunField
from cnn_dash.runs.schema import runs
from cnn_dash.runs.stored import Cell, Condition, InMetrics, Test, alike, compared, containing, within

MAX_LENGTH = 500

_SIGNS = r">=|<=|!=|==|=|<|>"
_TERM = re.compile(
    rf'(?P<name>[^\W\d][\w./-]*)\s*(?P<sign>{_SIGNS})\s*(?P<value>"[^"]*"|[^\s"=<>]+(?:\s%)?)'
    r'|"(?P<phrase>[^"]*)"|(?P<word>\S+)'
)
_NUMBER = re.compile(r"#([0-9]{1,10})")
_SWITCH = dict.fromkeys(("on", "yes", "true", "1"), "true") | dict.fromkeys(("off", "no", "false", "0"), "false")
_FAVOURITE = ("favourite", "favorite")
_NOT_FINITE = {"nan": "nan", "inf": "inf", "infinity": "inf", "-inf": "-inf", "-infinity": "-inf"}
_ORDERED = (Kind.NUMBER, Kind.SHARE, Kind.TIME, Kind.ANY)


def condition(text: str, fields: Fields) -> Condition:
    """Return the condition on the table of runs that a search stands for; an empty one finds all.

    Raises:
        ConfigError: If a name, a value or a sign cannot be used.
    """
    if len(text) > MAX_LENGTH:
        raise ConfigError(f"A search may have {MAX_LENGTH} characters. Received: {len(text):,}. Shorten it.")
    readable = text.replace("\0", " ")  # no database has it in a text
    return sa.and_(sa.true(), *(_term(term, fields) for term in _TERM.finditer(readable)))


def _term(term: re.Match[str], fields: Fields) -> Condition:
    if term["name"]:
        return _of_field(term["name"], term["sign"].replace("==", "="), term["value"].strip('"'), fields)
    word = str(term["phrase"] or term["word"] or "").casefold()
    if number := _NUMBER.fullmatch(word):
        return runs.c.id == sa.literal(int(number[1]), sa.BigInteger())
    if term["word"] and word in _FAVOURITE:
        return runs.c.favourite.is_(True)
    if term["word"] and re.search(_SIGNS, word):
        raise ConfigError(
            f"This comparison is not complete. Received: {term['word']!r}. Allowed: a name, a sign and a value, such "
            'as learning_rate>=0.001. A word with such a sign in it is written in quotation marks: "a=b".'
        )
    return containing(word) if word else sa.true()


def _of_field(name: str, sign: str, text: str, fields: Fields) -> Condition:
    try:
        return _comparison(fields.field(name), sign, text)
    except ConfigError as error:
        if not fields.has_param(name):
            raise
        raise ConfigError(f"{error} The param of another program: params.{name}{sign}{text}.") from None


def _comparison(field: RunField, sign: str, text: str) -> Condition:
    assert field.stored is not None  # only such fields are found by name
    if sign in ("=", "!="):
        found = sa.or_(*(field.stored.holds(_sameness(field, part)) for part in text.split(",")))
        return found if sign == "=" else sa.not_(found)
    if field.kind not in _ORDERED:
        raise ConfigError(f"{field.name} has no order. Received: {sign!r}. Allowed: {field.name}=… or {field.name}!=….")
    low, high = _span(field, text)
    order = cast(Literal["<", "<=", ">", ">="], sign)
    # A day is a span of time: what is after it begins behind its end.
    return field.stored.holds(lambda cell: compared(cell, order, low if sign in ("<", ">=") else high))


def _sameness(field: RunField, text: str) -> Test:
    """Return the test for a value that is the same as one of a text."""
    wanted = text.strip().casefold()
    if isinstance(field.stored, InMetrics) and wanted in _NOT_FINITE:
        return lambda cell: cell.kind == _NOT_FINITE[wanted] if cell.kind is not None else sa.false()
    match field.kind:
        case Kind.TEXT:
            return lambda cell: alike(cell, wanted)
        case Kind.ANY:
            return _any(wanted)
        case Kind.CHOICE if wanted in field.allowed:
            return lambda cell: alike(cell, wanted)
        case Kind.SWITCH if wanted in _SWITCH:
            return lambda cell: alike(cell, _SWITCH[wanted])
        case Kind.CHOICE | Kind.SWITCH:
            raise _refused(field, text)
    low, high = _span(field, text)
    return lambda cell: within(cell, low, high)


def _any(wanted: str) -> Test:
    """Return the test for a value of another program: the same number, text or switch."""

    def test(cell: Cell) -> Condition:
        same = [alike(cell, wanted)]
        if wanted in _SWITCH:
            same.append(alike(cell, _SWITCH[wanted]))
        number = _number(wanted)
        if number is not None:
            same.append(within(cell, *_near(number)))
        return sa.or_(*same)

    return test


def _span(field: RunField, text: str) -> tuple[float, float]:
    """Return the smallest and largest value that a text stands for: a number is as good as exact, a day is long."""
    if field.kind is Kind.TIME:
        try:
            start = datetime.fromisoformat(text).astimezone()  # without a zone: the one of this machine
            length = timedelta(days=1) if len(text) == len("2026-11-24") else timedelta(minutes=1)
            return start.timestamp(), (start + length - timedelta.resolution).timestamp()
        except (ValueError, OverflowError, OSError):
            raise _refused(field, text) from None
    number = _number(text)
    if number is None or (field.kind is Kind.SHARE and not 0 <= number <= 1):
        raise _refused(field, text)
    return _near(number)


def _number(text: str) -> float | None:
    """Return the finite number that a text says, `25%` as 0.25; None if it says none."""
    try:
        number = float(text.rstrip(" %")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _near(number: float) -> tuple[float, float]:
    slack = abs(number) * 1e-9
    return number - slack, number + slack


def _refused(field: RunField, text: str) -> ConfigError:
    allowed = ", ".join(field.allowed) or field.kind
    return ConfigError(f"{field.name} ({field.label}) cannot be that. Received: {text!r}. Allowed: {allowed}.")
