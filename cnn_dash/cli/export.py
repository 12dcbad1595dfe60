"""The commands `export runs | curves | model | dataset`."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from cnn_dash.cli.common import AsJson, WhichRun, open_store
from cnn_dash.cli.terminal import ERR, OUT, in_words, print_json, say
from cnn_dash.errors import CnnDashError

export = typer.Typer(
    help="Print runs or curves as CSV, or write a trained network or a data set into a file for other programs.",
    no_args_is_help=True,
)

_Runs = Annotated[list[int] | None, typer.Argument(metavar="RUN…", help="Only these; else all.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON value instead of CSV.")]


@export.command()
@in_words
def runs(runs: _Runs = None, as_json: _Json = False) -> None:
    """Print settings and results, one row for each run."""
    _print("runs", runs, as_json=as_json)


@export.command()
@in_words
def curves(runs: _Runs = None, as_json: _Json = False) -> None:
    """Print every epoch of runs: python -m cnn_dash export curves 3 12 > curves.csv."""
    _print("curves", runs, as_json=as_json)


def _print(what: Literal["runs", "curves"], runs: list[int] | None, *, as_json: bool) -> None:
    from cnn_dash.runs.export import chosen, export

    store = open_store()
    for piece in export(store, what, "json" if as_json else "csv", chosen(store, runs or None)):
        typer.echo(piece.encode(), nl=False)  # as bytes: CSV has line ends of its own, on every system the same


@export.command()
@in_words
def model(
    run: WhichRun,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="keras, onnx, litert, litert-int8, savedmodel, html (page with a canvas), script, notebook, or card "
            "(model card).",
        ),
    ] = "keras",
    output: Annotated[
        Path | None, typer.Option(help="File to write, or a folder for it; else here.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a trained network into a file, and check it against the run's own answers on 500 test images."""
    from cnn_dash.cli.choose import trained_run
    from cnn_dash.exporters import registry
    from cnn_dash.exporters.check_text import check_text
    from cnn_dash.exporters.export import export

    chosen_form = registry.get(form)
    store = open_store()
    chosen = trained_run(store, run)
    place = Path(output or ".")
    file = place / chosen_form.file_name(chosen.id) if place.is_dir() else place
    with ERR.status("Starting…") as status, whole(file, chosen_form.suffix) as part:
        made = export(store.settings, chosen, chosen_form, part, lambda step, _: status.update(f"{step}…"))
    if as_json:
        print_json({"run": chosen.id, "format": form, "path": str(file)} | made.as_json())
    else:
        OUT.print(f"{file}: {made.bytes:,} bytes", soft_wrap=True)
        say(check_text(made.check, chosen_form))


@export.command()
@in_words
def dataset(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a data set; see the command datasets.")],
    output: Annotated[
        Path | None, typer.Option(help="File to write, or a folder for it; else here.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a data set as one .npz file, as Keras stores MNIST: for an exported script, or your own."""
    from cnn_dash.datasets import catalogue
    from cnn_dash.datasets.npz_file import write_npz
    from cnn_dash.settings import Settings

    settings = Settings.from_environment()
    catalogue.get(name, settings.data_dir)  # before its name is part of a path
    place = Path(output or ".")
    file = place / f"{name}.npz" if place.is_dir() else place
    with ERR.status("Starting…") as status, whole(file, ".npz") as part:
        write_npz(name, settings.data_dir, part, settings.imported_dir, lambda done: status.update(str(done)))
    size = file.stat().st_size
    if as_json:
        print_json({"dataset": name, "path": str(file), "bytes": size})
    else:
        OUT.print(f"{file}: {size:,} bytes", soft_wrap=True)


@contextmanager
def whole(file: Path, suffix: str) -> Iterator[Path]:
    """Give a path to write to, which ends with `suffix` as libraries want; it becomes `file` when it is whole.

    Raises:
        CnnDashError: If it cannot be written.
    """
    part = file.with_name(f".part-{os.getpid()}{suffix}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(file)
    except OSError as error:
        raise CnnDashError(f"{file} cannot be written. Received: {error}. Name another place.") from error
    finally:
        with contextlib.suppress(OSError):  # its folder is none
            part.unlink(missing_ok=True)
