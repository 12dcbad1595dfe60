"""Runs by one line of text: words, numbers of runs, and comparisons of any setting or result.

    wide baseline            both words, in name, tags, notes, data set or preset
    "two words"              exactly these, one behind the other
    #12                      run 12
    learning_rate>=0.001     any fact of `facts`, with = != < <= > >=
    optimizer=adam,sgd       one or the other
    tag=base*  favourite     a text with anything behind it; the marked ones

All that is written must hold.
"""

import fnmatch
import math
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from cnn_dash.errors import ConfigError
from cnn_dash.runs.fields import Kind, RunField, Value, run_field
from cnn_dash.runs.records import Run

MAX_LENGTH = 500

Test = Callable[[Run], bool]

_SIGNS = r">=|<=|!=|==|=|<|>"
_TERM = re.compile(
    rf'(?P<name>[a-zA-Z_][\w.]*)\s*(?P<sign>{_SIGNS})\s*(?P<value>"[^"]*"|[^\s"=<>]+(?:\s%)?)'
    r'|"(?P<phrase>[^"]*)"|(?P<word>\S+)'
)
_NUMBER = re.compile(r"#(\d{1,10})")
_SWITCH = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}
_FAVOURITE = ("favourite", "favorite")


def find(runs: Iterable[Run], text: str) -> list[Run]:
    """The runs that a search finds, in their order; an empty text finds all.

    Raises:
        ConfigError: If it cannot be understood.
    """
    tests = parse(text)
    return [run for run in runs if all(test(run) for test in tests)]


def parse(text: str) -> list[Test]:
    """What a run must pass to be found.

    Raises:
        ConfigError: If a name, a value or a sign cannot be used.
    """
    if len(text) > MAX_LENGTH:
        raise ConfigError(f"A search may have {MAX_LENGTH} characters. Received: {len(text):,}. Shorten it.")
    return [_test(term) for term in _TERM.finditer(text)]


def _test(term: re.Match[str]) -> Test:
    if term["name"]:
        return _comparison(term["name"], term["sign"].replace("==", "="), term["value"].strip('"'))
    word = str(term["phrase"] or term["word"] or "").casefold()
    if number := _NUMBER.fullmatch(word):
        return lambda run: run.id == int(number[1])
    if term["word"] and word in _FAVOURITE:
        return lambda run: run.favourite
    if term["word"] and re.search(_SIGNS, word):
        raise ConfigError(
            f"This comparison is not complete. Received: {term['word']!r}. Allowed: a name, a sign and a value, such "
            'as learning_rate>=0.001. A word with such a sign in it is written in quotation marks: "a=b".'
        )
    return lambda run: word in _text(run)


def _text(run: Run) -> str:
    """Where words are looked for; the parts are kept apart, so that no phrase spans two of them."""
    parts = (run.name, *run.tags, run.notes, run.dataset, run.preset or "")
    return "\n".join(parts).casefold()


def _comparison(name: str, sign: str, text: str) -> Test:
    known = run_field(name)
    if sign in ("=", "!="):
        same = [_sameness(known, part) for part in text.split(",")]
        return lambda run: (sign == "=") is any(test(value) for test in same for value in known.values(run))
    if known.kind not in (Kind.NUMBER, Kind.SHARE, Kind.TIME):
        raise ConfigError(f"{name} has no order. Received: {sign!r}. Allowed: {name}=… or {name}!=….")
    low, high = _span(known, text)
    # A day is a span of time: what is after it begins behind its end.
    order: dict[str, Callable[[Any], bool]] = {
        "<": lambda value: value < low,
        "<=": lambda value: value <= high,
        ">": lambda value: value > high,
        ">=": lambda value: value >= low,
    }
    return lambda run: any(order[sign](value) for value in known.values(run))


def _sameness(known: RunField, text: str) -> Callable[[Value], bool]:
    wanted = text.strip().casefold()
    if known.kind is Kind.TEXT:
        return lambda value: fnmatch.fnmatchcase(str(value).casefold(), wanted)
    if known.kind is Kind.CHOICE and wanted in known.allowed:
        return lambda value: value == wanted
    if known.kind is Kind.SWITCH and wanted in _SWITCH:
        return lambda value: value is _SWITCH[wanted]
    if known.kind in (Kind.CHOICE, Kind.SWITCH):
        raise _refused(known, text)
    low, high = _span(known, text)
    return lambda value: bool(low <= value <= high)


def _span(known: RunField, text: str) -> tuple[Any, Any]:
    """Smallest and largest value that a text stands for: a number is as good as exact, a day is long."""
    try:
        if known.kind is Kind.TIME:
            start = datetime.fromisoformat(text).astimezone()  # without a zone: the one of this machine
            length = timedelta(days=1) if len(text) == len("2026-11-24") else timedelta(minutes=1)
            return start, start + length - timedelta.resolution
        number = float(text.rstrip(" %")) / (100 if text.endswith("%") else 1)
    except (ValueError, OverflowError):
        raise _refused(known, text) from None
    if not math.isfinite(number) or (known.kind is Kind.SHARE and not 0 <= number <= 1):
        raise _refused(known, text)
    slack = abs(number) * 1e-9
    return number - slack, number + slack


def _refused(known: RunField, text: str) -> ConfigError:
    allowed = ", ".join(known.allowed) or known.kind
    return ConfigError(f"{known.name} ({known.label}) cannot be that. Received: {text!r}. Allowed: {allowed}.")
