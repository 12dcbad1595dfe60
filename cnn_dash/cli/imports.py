"""The command `import model`: a network that was trained elsewhere becomes a run."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cnn_dash.cli.common import AsJson, open_store
from cnn_dash.cli.terminal import ERR, OUT, in_words, print_json, say

app = typer.Typer(help="Bring in what was made elsewhere.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring in what was made elsewhere."""


@app.command()
@in_words
def model(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .keras file, as model.save of Keras 3 writes it.")],
    name: Annotated[str, typer.Option(help="Title of the run, else the name of the file.", show_default=False)] = "",
    dataset: Annotated[
        str | None, typer.Option(help="Data set whose test images it answers, for Evaluate.", show_default=False)
    ] = None,
    class_names: Annotated[
        str,
        typer.Option(help="Separated by commas; else those of the data set, or numbers.", show_default=False),
    ] = "",
    scaling: Annotated[
        Literal["0-1", "-1-1", "0-255"] | None,
        typer.Option(
            help="Numbers of black and white as the network takes them; a Rescaling layer tells.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import a Keras network as a run: test it on a data set, then use it like one that was trained here."""
    from cnn_dash.cli.tables import run_head
    from cnn_dash.model_import.importing import Wanted, import_model
    from cnn_dash.runs.describe import summary

    names = [one.strip() for one in class_names.split(",") if one.strip()]
    store = open_store()
    with ERR.status("Loading the network in a process of its own…"):
        run = import_model(store, file, file.name, Wanted(name, dataset, names, scaling))
    print_json(summary(run)) if as_json else OUT.print(run_head(run))
    say(f"Next: python -m cnn_dash predict {run.id} PICTURE…, or the pages Evaluate and Predict.")
