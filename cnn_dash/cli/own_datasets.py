"""The commands `datasets`, which lists them, and `datasets import | show | export | delete` for a person's own."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cnn_dash.cli.common import AsJson, open_store
from cnn_dash.cli.terminal import ERR, OUT, in_words, print_json, say
from cnn_dash.settings import Settings

app = typer.Typer(help="List the data sets, and which of them are on this machine; bring your own.")

_Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a data set of your own.")]


@app.callback(invoke_without_command=True)
def list_datasets(context: typer.Context, as_json: AsJson = False) -> None:
    """List the data sets, and which of them are on this machine; bring your own."""
    if context.invoked_subcommand is None:
        _list(as_json=as_json)


@in_words
def _list(as_json: bool) -> None:
    from cnn_dash.cli.datasets import datasets_table, describe

    known = describe(Settings.from_environment().data_dir)
    print_json(known) if as_json else OUT.print(datasets_table(known))


@app.command("import")
@in_words
def import_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="Class folders in a ZIP or tar.gz archive or on disk; .npz, IDX, CSV of pixels, Parquet.",
        ),
    ],
    name: Annotated[str, typer.Option(help="What it is called here: a–z, 0–9, - and _; else as the file.")] = "",
    title: Annotated[str, typer.Option(help="What the pages call it; else its name.", show_default=False)] = "",
    size: Annotated[int, typer.Option(help="Height and width of its images in pixels.")] = 28,
    colour: Annotated[Literal["grey", "rgb"], typer.Option(help="Of its images.")] = "grey",
    fit: Annotated[
        Literal["fit", "fill"], typer.Option(help="Whole pictures with a border, or their middle without one.")
    ] = "fit",
    test_fraction: Annotated[
        float, typer.Option(help="Share of each class for the test, where no test set is brought.")
    ] = 0.2,
    licence: Annotated[str, typer.Option(help="Whose pictures they are, and what may be done with them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a data set of your own from pictures in class folders."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from cnn_dash.datasets.own.importing import ImportProgress, import_from
    from cnn_dash.datasets.own.manifest import ImportOptions
    from cnn_dash.datasets.own.names import suggest_name
    from cnn_dash.datasets.readers.opening import open_reader

    settings = Settings.from_environment()
    reader = open_reader(path)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("pictures"), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("pictures", total=None)

        def show(step: ImportProgress) -> None:
            bar.update(task, completed=step.done, total=step.total)

        made = import_from(
            reader,
            name or suggest_name(path.name),
            settings.data_dir,
            ImportOptions(size, colour, fit, test_fraction),
            title=title,
            licence=licence,
            progress=show,
        )
    found = {
        "name": made.name,
        "classes": len(made.class_names),
        **made.total,
        "hash": made.content_hash,
        "skipped": made.skipped_count,
        "notes": list(made.notes),
    }
    if as_json:
        print_json(found)
    else:
        OUT.print(
            f"{made.name}: {made.total['train']:,} images to train with and {made.total['test']:,} to test, in "
            f"{len(made.class_names):,} classes. SHA-256 {made.content_hash}",
            soft_wrap=True,
        )
        for note in made.notes:
            say(note)
        if made.skipped_count:
            first = made.skipped[0]
            say(f"{made.skipped_count:,} files skipped, the first {first.file}: {first.reason.rstrip(chr(46))}.")
        say(f"Next: python -m cnn_dash train --dataset {made.name}.")


@app.command()
@in_words
def show(name: _Name, as_json: AsJson = False) -> None:
    """Show what is known of a data set of your own: classes, where it came from, what was skipped."""
    from cnn_dash.cli.datasets import own_details, own_view

    found = own_details(name, Settings.from_environment().data_dir)
    print_json(found) if as_json else OUT.print(own_view(found))


@app.command("export")
@in_words
def export_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a data set.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ends with .npz, or with .zip for class folders.")],
    as_json: AsJson = False,
) -> None:
    """Write a data set into a file: arrays as Keras stores MNIST, or a ZIP archive of class folders."""
    from cnn_dash.cli.export import whole
    from cnn_dash.datasets.folders_file import write_folders
    from cnn_dash.datasets.npz_file import write_npz
    from cnn_dash.errors import RequestError

    write = {".npz": write_npz, ".zip": write_folders}.get(file.suffix.lower())
    if write is None:
        raise RequestError(
            f"A data set cannot be written so. Received: {file.name!r}. Allowed: a name that ends with .npz or .zip. "
            "Choose one."
        )
    settings = Settings.from_environment()
    with ERR.status("Writing…"), whole(file, file.suffix) as part:
        write(name, settings.data_dir, part, settings.imported_dir)
    size = file.stat().st_size
    print_json({"dataset": name, "path": str(file), "bytes": size}) if as_json else OUT.print(f"{file}: {size:,} bytes")


@app.command()
@in_words
def delete(
    name: _Name,
    undo: Annotated[bool, typer.Option("--undo", help="Bring back the last one deleted of this name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Move a data set of your own to the trash, unless a run needs it; --undo brings it back."""
    from cnn_dash.datasets.own import library
    from cnn_dash.runs.own_data import delete_dataset

    store = open_store()
    if undo:
        library.undo(name, store.settings.data_dir)
    else:
        delete_dataset(store, name)
    if as_json:
        print_json({"dataset": name, "deleted": not undo})
    elif undo:
        say(f"{name} is back. Next: python -m cnn_dash datasets show {name}.")
    else:
        say(f"{name} is in the trash. To undo: python -m cnn_dash datasets delete {name} --undo.")
