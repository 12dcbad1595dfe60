"""The run that a program records: opened in the run store when the store can be reached, opened again after its end.

Everything here may raise when the store is locked, full or away; whoever calls repeats it. Nothing is imported before
the first call: a program that trains does not wait for the database's libraries.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnn_dash.runs.external import Kept
    from cnn_dash.runs.folder import RunFolder
    from cnn_dash.runs.lease import Lease
    from cnn_dash.runs.records import EpochMetrics, StepMetrics
    from cnn_dash.runs.status import Request, Status
    from cnn_dash.runs.store import RunStore, Worker
    from cnn_dash.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """What a program says of its run before anything is recorded.

    Attributes:
        name: Its title.
        params: Its settings.
        layers: Its layers in order.
        columns: `planned_epochs` and `parameters`, where they are known.
        tags: Words by which it is found.
        notes: What else is to be known of it.
        resume: Number of the run that goes on; None for a new one.
    """

    name: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    layers: Sequence[Mapping[str, Any]] = ()
    columns: Mapping[str, int | None] = field(default_factory=dict)
    tags: Sequence[str] = ()
    notes: str | None = None
    resume: int | None = None


class RunTarget:
    """A run in the store of `settings`, or of the one that the environment names."""

    def __init__(self, told: Told, settings: "Settings | None" = None) -> None:
        self.told = told
        self.settings = settings
        self.store: RunStore | None = None
        self.lease: Lease | None = None
        self.live = False
        """Whether it is being recorded, so that it needs heartbeats."""
        self.base_epoch = self.base_step = 0
        """What a run that goes on had before this process: added to what this process counts."""
        self._worker: Worker | None = None
        self._begun = self._annotated = False

    def open(self) -> "Lease":
        """Return the right to record the run; it is made, or opened again, at the first call and after its end."""
        if self.lease is None:
            self.lease = self._made()
            self.live = True
        elif not self.live:
            self.lease = self._reopened(self.lease.run.id)
            self.live = True
        if not self._annotated:  # after the run is known here: what fails is tried again, and must not make another
            self._annotate(self.lease.run.id)
            self._annotated = True
        return self.lease

    def _made(self) -> "Lease":
        from cnn_dash.runs.external import this_process
        from cnn_dash.runs.lease import Lease
        from cnn_dash.runs.store import RunStore
        from cnn_dash.settings import Settings

        if self.store is None:
            self.settings = self.settings or Settings.from_environment()
            self.store = RunStore(self.settings)
            self._worker = this_process(uuid.uuid4().hex)
        assert self._worker is not None
        told = self.told
        if told.resume is not None:
            lease = self._reopened(told.resume)
        else:
            run = self.store.record_external(
                self._worker,
                params=told.params,
                layers=told.layers,
                planned_epochs=told.columns.get("planned_epochs"),
                parameters=told.columns.get("parameters"),
                title=told.name,
            )
            lease = Lease(self.store, run)
        return lease

    def _reopened(self, run_id: int) -> "Lease":
        from cnn_dash.runs.external import reopen

        assert self.store is not None
        assert self._worker is not None
        return reopen(self.store, run_id, self._worker)

    def _annotate(self, run_id: int) -> None:
        """Add name, tags and notes; what is too long costs itself, not the run."""
        from cnn_dash.errors import ConfigError
        from cnn_dash.runs.annotations import annotate

        assert self.store is not None
        title = self.told.name if self.told.resume is not None else None
        told: tuple[dict[str, Any], ...] = (
            {"title": title},
            {"tags": list(self.told.tags) or None},
            {"notes": self.told.notes},
        )
        for one in told:
            try:
                annotate(self.store, run_id, **one)
            except ConfigError as error:
                log.warning("%s", error)

    def heartbeat(self) -> "Request | None":
        """Say that the program lives, and return what was asked of it."""
        return self.lease.record_heartbeat() if self.lease is not None and self.live else None

    def acknowledge(self) -> None:
        """Say that the program does what it was asked to."""
        self.open().acknowledge_request()

    def describe(self, **told: Any) -> None:
        """Change what was told of the run; see `runs.external.describe`."""
        from cnn_dash.runs.external import describe

        describe(self.open(), **told)

    def begin(self, epoch: int, step: int, batches: int | None, planned: int | None) -> None:
        """Begin a stage after so many epochs and batches; what is recorded beyond them is dropped.

        The first stage of a run that goes on begins behind all its epochs if it counts from 0.
        """
        from cnn_dash.runs.external import begin_stage, describe

        lease = self.open()
        first = self.told.resume is not None and not self._begun
        if first and epoch == 0:
            self.base_epoch = lease.run.epoch
        recorded = begin_stage(lease, epoch=self.base_epoch + epoch, batches=batches)
        if first:
            self.base_step = max(0, recorded - step)
        self._begun = True
        describe(lease, planned_epochs=None if planned is None else self.base_epoch + planned)

    def log_steps(self, steps: "Sequence[tuple[StepMetrics, int, int]]") -> None:
        """Record steps, each with the whole epochs and batches after which it came.

        One that comes after the end is left out: Keras may tell the last batch from a thread that is late, and the run
        would be open again.
        """
        from cnn_dash.runs.external import log_steps

        if self.lease is not None and not self.live:
            return
        lease, base_step, base_epoch = self.open(), self.base_step, self.base_epoch
        moved = [
            (replace(step, step=base_step + step.step, position=base_epoch + step.position), base_epoch + epoch, batch)
            for step, epoch, batch in steps
        ]
        log_steps(lease, moved)

    def log_epoch(self, epoch: "EpochMetrics") -> None:
        """Record an epoch."""
        self.open().log_epoch(replace(epoch, epoch=self.base_epoch + epoch.epoch))

    def record_result(self, kept: "Kept") -> None:
        """Name the folder with the network as it is now, counted on from what a run had that goes on."""
        from cnn_dash.runs.external import record_result

        best, steps = self.base_epoch + kept.best_epoch, self.base_step + kept.steps
        record_result(self.open(), replace(kept, best_epoch=best, steps=steps))
        self.folder.keep_result(kept.folder)

    def end(self, status: "Status", message: str | None) -> None:
        """Record that the program has ended, or at least this stage of it."""
        if self.live and self.lease is not None:
            self.lease.end(status, message=message)
            self.live = False

    @property
    def folder(self) -> "RunFolder":
        """The files of the run."""
        from cnn_dash.runs.folder import RunFolder

        lease = self.open()
        return RunFolder.of(lease.store.settings, lease.run.id)

    def write_log(self, text: str, when: datetime) -> None:
        """Add a line to the log of the run."""
        self.folder.log.append(f"{when:%H:%M:%S}  {text}\n".encode())
