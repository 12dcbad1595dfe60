import io
import math
from dataclasses import replace

import pytest
from rich.console import Console

from cnn_dash.cli.progress import RunProgress
from cnn_dash.presets import get
from cnn_dash.runs import actions
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.factories import epoch_metrics, step_metrics

EPOCH = epoch_metrics(1, 0.9, 0.7, 0.5, 0.8125, 0.99, 0.001, 2.0, 2950.0)


class Screen:
    """A run, its worker, and a terminal on which its progress is drawn."""

    def __init__(self, home, terminal=True):
        self.store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(home)}))
        self.run = submit(self.store, get("compact-valid").config())
        self.file = io.StringIO()
        console = Console(file=self.file, force_terminal=terminal, width=140, color_system=None)
        self.progress = RunProgress(self.run, console)

    def claim(self):
        return Lease.claim(self.store, Worker("worker", 1, "host"))

    def drawn(self):
        """What is drawn for the run as it is now."""
        place = self.file.tell()
        changes = self.store.changes(self.run.id, after_epoch=self.progress.epochs, after_step=self.progress.steps)
        with self.progress:
            self.progress.update(changes)
        return self.file.getvalue()[place:]


@pytest.fixture
def screen(tmp_path):
    return Screen(tmp_path)


def test_a_waiting_run_says_that_it_waits(screen):
    assert "waiting for a worker" in screen.drawn()


def test_a_download_is_told_as_it_goes(screen):
    screen.claim().set_message("Downloading train-images-idx3-ubyte.gz: 4.2 of 9.9 MB.")
    assert "Downloading train-images-idx3-ubyte.gz: 4.2 of 9.9 MB." in screen.drawn()


def test_a_training_run_shows_where_it_is_and_each_epoch_once(screen):
    lease = screen.claim()
    lease.begin(train_images=3600, batches=57)
    lease.log_epoch(EPOCH)
    lease.log_step(step_metrics(77, 1.35, 0.4, 0.9, 0.001, 2950.0), epoch=1, batch=20)
    drawn = screen.drawn()
    assert (
        "epoch 1/5: loss 0.9000, val loss 0.5000, accuracy 0.7000, val accuracy 0.8125, val auc 0.9900, 2.0 s" in drawn
    )
    assert "epoch 2/5 · batch 20/57 · 2,950 images/s · val accuracy 0.8125" in drawn
    assert (screen.progress.epochs, screen.progress.steps) == (1, 77)
    again = screen.drawn()
    assert "loss 0.9000" not in again
    assert "val accuracy 0.8125" in again


def test_a_run_that_was_asked_to_stop_says_so_once(screen):
    screen.claim()
    actions.stop(screen.store, screen.run.id)
    assert "asked to stop" in screen.drawn()
    assert "asked to stop" not in screen.drawn()


def test_a_run_that_was_asked_to_pause_says_so_and_then_that_it_is_paused(screen):
    lease = screen.claim()
    actions.pause(screen.store, screen.run.id)
    assert "asked to pause: it keeps everything" in screen.drawn()
    lease.end(Status.PAUSED)
    assert "paused" in screen.drawn()


def test_a_run_that_goes_on_shows_only_what_is_new(screen):
    lease = screen.claim()
    lease.begin(train_images=3600, batches=57)
    lease.log_epoch(EPOCH)
    later = RunProgress(screen.store.run(screen.run.id), Console(file=screen.file, width=140))
    assert (later.epochs, later.steps) == (1, 57)


def test_an_interrupted_run_says_that_it_goes_on(screen):
    screen.claim()
    actions.give_up(screen.store, screen.store.run(screen.run.id), "Its worker is gone.", most_crashes=5)
    assert "continues from its last checkpoint" in screen.drawn()


def test_the_end_is_told(screen):
    lease = screen.claim()
    lease.begin(train_images=3600, batches=57)
    for epoch in range(1, 6):
        lease.log_epoch(replace(EPOCH, epoch=epoch))
    assert "testing" in screen.drawn()
    lease.end(Status.FINISHED)
    assert "finished" in screen.drawn()


def test_where_there_is_no_terminal_the_lines_stay_whole(tmp_path):
    screen = Screen(tmp_path, terminal=False)
    lease = screen.claim()
    lease.begin(train_images=3600, batches=57)
    lease.log_epoch(EPOCH)
    drawn = screen.drawn()
    assert "\x1b" not in drawn
    assert drawn.count("epoch 1/5") == 1


def test_a_run_of_another_program_shows_what_it_records(tmp_path):
    screen = Screen(tmp_path, terminal=False)
    run = screen.store.record_external(Worker("w", 1, "elsewhere"), title="theirs")
    lease = Lease(screen.store, run)
    lease.log_epoch(EpochMetrics(1, {"f1": 0.5, "val_f1": 0.625, "loss": math.nan, "cpu": 0.5}))
    screen.run = run
    screen.progress = RunProgress(run, Console(file=screen.file, width=140))
    drawn = screen.drawn()
    assert "epoch 1: loss NaN, f1 0.5000, val_f1 0.6250\n" in drawn
    assert f"run {run.id}: theirs\n" in screen.file.getvalue()
