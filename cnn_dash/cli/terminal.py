"""What goes to the terminal: results to stdout, everything said on the way to stderr."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cnn_dash.errors import CnnDashError
from cnn_dash.strict_json import dumps

# Neither reads markup: a file name or a message may have brackets in it.
OUT = Console(highlight=False, markup=False)
ERR = Console(highlight=False, markup=False, stderr=True)

P = ParamSpec("P")
T = TypeVar("T")

PROGRESS_FROM = 5  # things: fewer are done before one has read how many there are


def print_json(value: Any) -> None:
    """Print one JSON value as one line of ASCII, which every terminal and pipe can take; NaN is a text in it."""
    typer.echo(dumps(value))


def say(sentence: str) -> None:
    """Tell a person something beside the results; lines are broken by the terminal, not here."""
    ERR.print(sentence, soft_wrap=True)


def with_progress(things: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Give the things one by one, and show on stderr how many have been given, if they are more than a few."""
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=ERR, disable=total < PROGRESS_FROM) as progress:
        task = progress.add_task(what, total=total)
        for thing in things:
            progress.advance(task)
            yield thing


def in_words(command: Callable[P, None]) -> Callable[P, None]:
    """End a command with a sentence on stderr and exit code 1 instead of a traceback.

    A command that was asked for JSON (its argument `as_json`) prints `{"error": sentence}` on stdout as well, so that
    there is always exactly one JSON value.
    """

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except CnnDashError as error:
            if kwargs.get("as_json"):
                print_json({"error": str(error)})
            say(str(error))
            raise typer.Exit(1) from None

    return wrapper
