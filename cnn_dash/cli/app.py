"""The commands: `python -m cnn_dash train | datasets | runs | show | export | import | predict | serve`.

Also `reproduce` and `ui`; and what is asked of a run: `stop | pause | resume | retry | longer` (see `life`).

Results go to stdout, everything else to stderr. With --json stdout is exactly one JSON value, `{"error": sentence}`
after an error. Exit codes: 0 done (a run that was stopped or paused by request counts), 1 it went wrong and a sentence
says why, 2 the command was not understood, 130 left by the second Ctrl-C.

Each command imports what it needs when it is called (see the package's docstring).
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cnn_dash import __version__
from cnn_dash.cli import dashboard, imports, life, own_datasets, serve
from cnn_dash.cli.common import AsJson, WhichRun, open_store, train_and_print
from cnn_dash.cli.export import export
from cnn_dash.cli.terminal import ERR, OUT, in_words, print_json, say, with_progress
from cnn_dash.errors import CnnDashError
from cnn_dash.settings import Settings

app = typer.Typer(
    help="Train convolutional networks and ask them about pictures, over the same runs as the browser.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
@in_words
def train(
    dataset: Annotated[str, typer.Option(help="Name of a data set; see the command datasets.")] = "mnist-5k",
    preset: Annotated[str, typer.Option(help="Network and recipe to start from.")] = "compact-valid",
    epochs: Annotated[int | None, typer.Option(help="Instead of the preset's.", show_default=False)] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Random seed of weights, split, order, dropout, augmentation.", show_default=False),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Any setting, e.g. train.learning_rate=0.002; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a network and test it. Ctrl-C stops and keeps what it has learned; twice leaves."""
    from cnn_dash import presets
    from cnn_dash.datasets import catalogue
    from cnn_dash.hyperparameters import override
    from cnn_dash.models import base_weights
    from cnn_dash.runs.submit import submit

    changes: dict[str, object] = {"data.dataset": catalogue.get(dataset, Settings.from_environment().data_dir).name}
    changes |= {path: value for path, value in (("train.epochs", epochs), ("train.seed", seed)) if value is not None}
    config = override(presets.get(preset).config(), changes | dict(map(_setting, settings or [])))
    store = open_store()
    if config.model.base != "none":
        with ERR.status("Looking for the weights of the pretrained base…") as status:
            base_weights.fetch(
                config.model.base, store.settings, lambda progress: status.update(f"Downloading {progress}")
            )
    train_and_print(store, submit(store, config), as_json=as_json)


@app.command()
@in_words
def runs(
    search: Annotated[
        str, typer.Argument(metavar="SEARCH", help="As on the Runs page: 'accuracy>98% optimizer=adam'.")
    ] = "",
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many; without --json the last 100.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List runs, newest first: all, or those that a search finds."""
    from cnn_dash.cli.tables import runs_table
    from cnn_dash.runs import query
    from cnn_dash.runs.describe import summary
    from cnn_dash.runs.export import read
    from cnn_dash.runs.search import condition

    store = open_store()
    which = condition(search, query.fields_of(store))
    if as_json:
        print_json([summary(run) for run in read(store, query.ids(store, which, limit=limit))])
        return
    found, shown = query.count(store, which), store.select(which, limit=limit or 100)
    if shown:
        OUT.print(runs_table(shown))
    if found > len(shown):
        say(f"These are the newest {len(shown)} of {found:,} runs. Next: --limit {found}, or a search.")
    elif not shown:
        say("No runs match." if search else "No run yet. Next: python -m cnn_dash train.")


@app.command()
@in_words
def show(run: WhichRun, as_json: AsJson = False) -> None:
    """Show a run: its settings, how it went, and every epoch."""
    from cnn_dash.cli.choose import any_run
    from cnn_dash.cli.tables import run_view
    from cnn_dash.runs.describe import details
    from cnn_dash.runs.folder import RunFolder

    store = open_store()
    changes = store.changes(any_run(store, run).id)
    if as_json:
        print_json(details(changes.run, changes.epochs, store.settings))
    else:
        OUT.print(run_view(changes.run, changes.epochs, RunFolder.of(store.settings, changes.run.id).location))


@app.command()
@in_words
def predict(
    run: WhichRun,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Pictures; of a folder, all that are in it; - for standard input."),
    ],
    as_json: AsJson = False,
) -> None:
    """Ask a trained network about pictures: PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP, TIFF or a PDF's first page."""
    from cnn_dash.cli.choose import trained_run
    from cnn_dash.cli.picture_files import find_pictures
    from cnn_dash.runs.folder import ResultFolder

    store = open_store()
    chosen = trained_run(store, run)
    pictures = find_pictures(files)
    if pictures.skipped:
        files_of = "file" if pictures.skipped == 1 else "files"
        say(f"{pictures.skipped:,} {files_of} skipped: in folders, only pictures are read.")
    with ERR.status(f"Loading the network of run {chosen.id}…"):
        from cnn_dash.cli.predict import answers, answers_table  # seconds for TensorFlow, so after the checks

        reading = answers(ResultFolder.of(store.settings, chosen), pictures.names)
    found = list(with_progress(reading, len(pictures.names), "pictures"))
    found += [{"file": name, "error": sentence} for name, sentence in pictures.unread]
    print_json(found) if as_json else OUT.print(answers_table(found))
    if any("error" in one for one in found):
        raise typer.Exit(1)


@app.command()
@in_words
def reproduce(
    only: Annotated[list[str] | None, typer.Option(metavar="PRESET", help="Not all presets; repeatable.")] = None,
    output: Annotated[Path | None, typer.Option(help="Also write it as Markdown, e.g. docs/results.md.")] = None,
    seed: Annotated[
        list[int] | None,
        typer.Option(help="Random seed, else 1; repeatable: the run of median accuracy counts."),
    ] = None,
    dataset: Annotated[str | None, typer.Option(help="Another data set, for a quick look.", show_default=False)] = None,
    epochs: Annotated[int | None, typer.Option(help="Fewer epochs, for a quick look.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Train the articles' networks at full length and compare reported with measured results. Takes hours."""
    from cnn_dash import presets
    from cnn_dash.cli.follow import succeeded
    from cnn_dash.cli.reproduce import configurations, measure
    from cnn_dash.cli.results import results_page, results_table
    from cnn_dash.cli.system_info import machine

    store = open_store()
    chosen = [presets.get(name) for name in dict.fromkeys(only or presets.PRESETS)]
    seeds = list(dict.fromkeys(seed or [1]))
    planned = [(one, configurations(one, store.settings, dataset, epochs, seeds)) for one in chosen]
    began, here = date.today().isoformat(), machine()
    measured = list(measure(store, planned))
    if as_json:
        print_json({"date": began, "machine": here, "results": [one.as_json() for one in measured]})
    else:
        OUT.print(results_table(measured, here, began))
    ended = [run for one in measured for run in one.runs]
    if len(ended) < len(planned) * len(seeds) or not all(map(succeeded, ended)):
        say("Not every preset was trained to its end." + (f" {output} is left as it was." if output else ""))
        raise typer.Exit(1)
    if output is not None:
        _write(output, results_page(measured, here, began))


app.add_typer(own_datasets.app, name="datasets")
app.add_typer(imports.app, name="import")
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(dashboard.ui)
app.add_typer(export, name="export")
app.command()(serve.serve)
for command in life.COMMANDS:
    app.command()(command)


def _setting(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not sign or not path:
        raise typer.BadParameter(f"--set takes PATH=VALUE, e.g. train.learning_rate=0.002. Received: {text!r}.")
    return path.strip(), value.strip()


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise CnnDashError(f"{file} cannot be written. Received: {error}. The runs themselves are kept.") from error
