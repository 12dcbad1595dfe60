"""Article against measured: a table for the terminal, a page for the documentation."""

from collections.abc import Sequence

from rich.console import Group, RenderableType

from cnn_dash.cli.measurement import Measurement
from cnn_dash.cli.tables import table
from cnn_dash.metrics import percent

COLUMNS = (
    "preset",
    "data set",
    "article",
    "measured",
    "points",
    "article loss",
    "loss",
    "epochs",
    "seed",
    "seconds",
    "images/s",
)


def results_table(measurements: Sequence[Measurement], machine: dict[str, str | int], date: str) -> RenderableType:
    """Return a table with one row for each preset, then what has to be known beside it."""
    made = table(*COLUMNS, right=COLUMNS[2:])
    for one in measurements:
        made.add_row(*_cells(one))
    notes = [f"{one.preset.name}: {one.note}" for one in measurements if one.note]
    return Group(made, "", f"{date}. {_machine(machine)}.", *notes)


def results_page(measurements: Sequence[Measurement], machine: dict[str, str | int], date: str) -> str:
    """Return the same as Markdown."""
    rows = [COLUMNS, ("---", "---", *["---:"] * (len(COLUMNS) - 2)), *map(_cells, measurements)]
    sources = [
        f"- **{one.preset.name}**, from {one.preset.source}: {one.run.parameters:,} parameters. {one.note}".rstrip()
        + (f" SHA-256 of the weights: `{one.run.result.weights_sha256}`." if one.run.result else "")
        for one in measurements
    ]
    return "\n".join(
        [
            "# Article against measured",
            "",
            f"Written by `python -m cnn_dash reproduce{_seeds(measurements)}` on {date}. {_machine(machine)}.",
            "",
            "Accuracy and loss are those of the test set, with the weights of the last epoch, or of the best one where "
            "the recipe keeps it. Points are percentage points, measured minus article. Seconds are those of the whole "
            "run: data, network, training, test. Where there are several seeds, a row is the run of median accuracy, "
            "of two in the middle the lower one, and the accuracy with each seed stands below.",
            "",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
            *sources,
            "",
        ]
    )


def _seeds(measurements: Sequence[Measurement]) -> str:
    """Return the seeds as they were asked for: ` --seed 1 --seed 2`."""
    seeds = dict.fromkeys(run.recipe.train.seed for one in measurements for run in one.runs)
    return "".join(f" --seed {seed}" for seed in seeds)


def _cells(one: Measurement) -> tuple[str, ...]:
    run, result, difference = one.run, one.run.result, one.difference_points
    return (
        one.preset.name,
        one.dataset,
        percent(one.preset.reported_accuracy),
        percent(result.accuracy) if result else run.status.value,
        "–" if difference is None else f"{difference:+.2f}",
        "–" if one.preset.reported_loss is None else f"{one.preset.reported_loss:.5f}",
        f"{result.loss:.5f}" if result else "–",
        f"{run.epoch} of {run.recipe.train.epochs}",
        str(run.recipe.train.seed),
        f"{result.seconds:,.0f}" if result else "–",
        f"{result.images_per_second:,.0f}" if result else "–",
    )


def _machine(machine: dict[str, str | int]) -> str:
    return (
        f"Machine: {machine['cores']} cores, {machine['cpu']}, {machine['system']}; Python {machine['python']}, "
        f"TensorFlow {machine['tensorflow']}, Keras {machine['keras']}"
    )
