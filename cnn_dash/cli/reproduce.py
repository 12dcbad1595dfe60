"""Train the articles' networks and compare their results with what comes out."""

from collections.abc import Iterable, Iterator, Sequence

from cnn_dash.cli.follow import train_to_the_end
from cnn_dash.cli.measurement import Measurement
from cnn_dash.cli.terminal import say
from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.hyperparameters import override
from cnn_dash.presets import Preset
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings

# Measured on instead, where the article's own data set is not on this machine.
INSTEAD = {"kmnist": "kmnist-10k"}
# Somebody does not want to wait for what is left.
ENDED_BY_REQUEST = (Status.STOPPED, Status.PAUSED)


def configurations(
    preset: Preset, settings: Settings, dataset: str | None, epochs: int | None, seeds: Sequence[int]
) -> list[RunConfig]:
    """Return the article's run, once for each seed; `dataset` and `epochs` replace its own where they are given.

    Raises:
        ConfigError: If there is no such data set, or a number is out of bounds.
    """
    name = dataset or preset.reported_on
    if dataset is None and name in INSTEAD and not catalogue.is_local(name, settings.data_dir):
        name = INSTEAD[name]
        say(
            f"{preset.reported_on} is not on this machine: {preset.name} is measured on {name}, whose results cannot "
            f"be compared with the article's. To have it: python -m cnn_dash train --dataset {preset.reported_on}."
        )
    changes: dict[str, object] = {"data.dataset": catalogue.get(name, settings.data_dir).name}
    if epochs is not None:
        changes["train.epochs"] = epochs
    return [override(preset.config(), changes | {"train.seed": seed}) for seed in seeds]


def measure(store: RunStore, planned: Iterable[tuple[Preset, Sequence[RunConfig]]]) -> Iterator[Measurement]:
    """Train one after the other. One that fails does not keep the others from being measured; stop or pause ends it.

    Yields:
        A measurement for each preset, with the runs that have ended.

    Raises:
        KeyboardInterrupt: At the second Ctrl-C.
    """
    for preset, each_seed in planned:
        runs: list[Run] = []
        for planned_config in each_seed:
            runs.append(train_to_the_end(store, submit(store, planned_config)))
            if runs[-1].status in ENDED_BY_REQUEST:
                break
        yield Measurement(preset, tuple(runs))
        if runs[-1].status in ENDED_BY_REQUEST:
            return
