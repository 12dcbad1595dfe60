"""Kills workers and servers at random moments and compares every run with one that was left alone.

`python benchmarks/kills.py [--kills 100] [--seed 1] [--output docs/reliability.md]`. Real processes: the app as a
person starts it, its workers, SIGKILL. Every preset and every optimizer takes part, with dropout, batch normalization
and augmentation on. A run that was killed and paused must end with the same weights, bit for bit, the same metrics of
every epoch, each recorded once, and a curve without gap or overlap. About half an hour for 100 kills.
"""

import argparse
import contextlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from common import data_dir

from cnn_dash import presets
from cnn_dash.cli.system_info import machine
from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import choices, override
from cnn_dash.runs import actions
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.browser.server import Server

EPOCHS = 10
TAKEOVER_S = 3.0
# From the moment a worker has claimed the run: it may not have begun to train, or be in its third epoch.
LATEST_S = 6.0
WAYS = ("worker", "worker", "server", "both", "pause")


@dataclass
class Case:
    """One configuration, and what became of its runs."""

    name: str
    config: RunConfig
    done: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    attempts: int = 0
    problems: set[str] = field(default_factory=set)

    @property
    def kills(self) -> int:
        """How often something was killed."""
        return self.done["worker"] + self.done["server"] + self.done["both"]


def cases() -> list[Case]:
    """Every preset with its own optimizer, then the default network with every other one."""
    found = [Case(name, everything(presets.get(name).config())) for name in presets.PRESETS]
    default = presets.get(presets.DEFAULT_PRESET).config()
    for optimizer in choices("train.optimizer"):
        if optimizer != default.train.optimizer:
            config = everything(override(default, {"train.optimizer": optimizer}))
            found.append(Case(f"{presets.DEFAULT_PRESET}, {optimizer}", config))
    return found


def everything(config: RunConfig) -> RunConfig:
    """Return the configuration with everything turned on that is random or has a state."""
    changes: dict[str, object] = {
        "train.epochs": EPOCHS,
        "train.augmentation.shift": 0.1,
        "train.augmentation.rotation": 10,
        "train.augmentation.zoom": 0.1,
        "train.schedule": "one_cycle",
        "train.keep_best": True,
        "train.early_stopping": True,
        "train.patience": EPOCHS,
    }
    for index in range(len(config.model.blocks)):
        changes |= {f"model.blocks.{index}.batch_norm": True, f"model.blocks.{index}.dropout": 0.2}
    for index in range(len(config.model.dense)):
        changes[f"model.dense.{index}.dropout"] = 0.3
    return override(config, changes)


class Stage:
    """The app over one store, which can be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        environment = {"CNN_DASH_HOME": str(home), "CNN_DASH_DATA_DIR": str(data_dir())}
        self.settings = Settings.from_environment(environment | {"CNN_DASH_TAKEOVER_S": str(TAKEOVER_S)})
        self.store = RunStore(self.settings)
        self.server = self._started()

    def _started(self) -> Server:
        return Server(self.home, **self.settings.environment())

    def strike(self, run: Run, way: str) -> None:
        """Kill something, or pause the run and resume it."""
        if way == "pause":
            actions.pause(self.store, run.id)
            if self.wait(run.id, Status.PAUSED, Status.FINISHED).status is Status.PAUSED:
                actions.resume(self.store, run.id)
            return
        if way in ("worker", "both"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(run.worker_pid or 0, signal.SIGKILL)
        if way in ("server", "both"):
            self.server.kill()
            self.server = self._started()

    def wait(self, run_id: int, *statuses: Status) -> Run:
        """Return the run once it is in one of these statuses."""
        while (run := self.store.run(run_id)).status not in statuses:
            if run.status is Status.FAILED:
                raise SystemExit(f"run {run_id} failed: {run.message}")
            time.sleep(0.1)
        return run

    def close(self) -> None:
        """End the app and its workers."""
        self.server.stop()
        self.store.close()


def torment(stage: Stage, case: Case, rng: random.Random, kills: int) -> Run:
    """Train a run, struck at random until so many kills are reached, then to its end."""
    run = submit(stage.store, case.config)
    while True:
        run = stage.wait(run.id, Status.RUNNING, Status.FINISHED)
        until = time.monotonic() + rng.uniform(0, LATEST_S)
        while time.monotonic() < until and run.status is Status.RUNNING:
            time.sleep(0.05)
            run = stage.store.run(run.id)
        if run.status is Status.FINISHED:
            return run
        if run.status is not Status.RUNNING or case.kills >= kills:
            continue
        way = rng.choice(WAYS)
        place = f"epoch {run.epoch + 1}, batch {run.batch}"
        stage.strike(run, way)
        case.done[way] += 1
        print(f"  {case.name}: {way} at {place}, claim {run.attempt}", flush=True)
        # A killed server leaves the worker alone; else wait until somebody has seen what happened.
        while way != "server" and stage.store.run(run.id).attempt == run.attempt:
            if not stage.store.run(run.id).active:
                break
            time.sleep(0.1)
        if stage.store.run(run.id).status is Status.FAILED:  # killed too often at the same place: a person's turn
            actions.retry(stage.store, run.id)
            case.done["retry"] += 1


def differences(store: RunStore, run: Run, whole: Run) -> Iterator[str]:
    """Yield what differs from an undisturbed run."""
    assert run.result is not None
    assert whole.result is not None
    if run.result.weights_sha256 != whole.result.weights_sha256:
        yield "other weights"
    if (run.result.accuracy, run.result.loss) != (whole.result.accuracy, whole.result.loss):
        yield "another result"
    ours, theirs = ([(e.epoch, _repeatable(e.metrics)) for e in store.epochs(one.id)] for one in (run, whole))
    if ours != theirs:
        yield "other metrics of the epochs"
    steps = [step.step for step in store.changes(run.id).steps]
    if steps != sorted(set(steps)) or steps[-1] != run.recipe.train.epochs * (run.batches or 0):
        yield "a gap or an overlap in the curve"


def _repeatable(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return the metrics that repeat exactly; the mean training loss depends on how many steps went in one call."""
    return {name: value for name, value in metrics.items() if name.startswith("val_") or name == "learning_rate"}


def page(found: list[Case], seed: int) -> str:
    """Return the report as Markdown."""
    here = machine()
    rows = [
        f"| {case.name} | {case.runs} | {case.done['worker']} | {case.done['server']} | {case.done['both']} | "
        f"{case.done['pause']} | {case.attempts} | {', '.join(case.problems) or 'the same'} |"
        for case in found
    ]
    kills = sum(case.kills for case in found)
    bad = sum(bool(case.problems) for case in found)
    return "\n".join(
        [
            "# Reliability: runs that survive kills",
            "",
            f"Written by `python benchmarks/kills.py --seed {seed}` on {date.today().isoformat()}. Machine: "
            f"{here['cores']} cores, {here['cpu']}, {here['system']}; Python {here['python']}, TensorFlow "
            f"{here['tensorflow']}, Keras {here['keras']}.",
            "",
            f"**{kills} kills** (SIGKILL) at random moments, of the worker, of the server, or of both at once, and "
            f"{sum(case.done['pause'] for case in found)} pauses, over {len(found)} configurations. Each run trains "
            f"{EPOCHS} epochs on `mnist-5k` with dropout, batch normalization, augmentation, one cycle, keep-best "
            "and early stopping. It is compared with an undisturbed run of the same settings: the weights bit "
            "for bit, test accuracy and loss, the metrics of every epoch, and that the curve has no gap or overlap. "
            f"**Different: {bad} of {len(found)}.**",
            "",
            "| configuration | runs | worker killed | server killed | both killed | paused | claims | compared |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
            *rows,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    found = cases()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        stage = Stage(Path(home))
        try:
            for case in found:
                whole = stage.wait(submit(stage.store, case.config).id, Status.FINISHED)
                while case.kills < options.kills / len(found):
                    run = torment(stage, case, rng, -(-options.kills // len(found)))
                    case.runs += 1
                    case.attempts += run.attempt
                    case.problems |= set(differences(stage.store, run, whole))
                print(f"{case.name}: {case.kills} kills, {', '.join(case.problems) or 'the same'}", flush=True)
        finally:
            stage.close()
    text = page(found, options.seed)
    print(text)
    if options.output:
        options.output.write_text(text, "utf-8")
    if any(case.problems for case in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
