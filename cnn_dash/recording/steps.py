"""Counts epochs and batches of a run whose `fit` is called once or several times, here or in another process."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a run stands.

    Attributes:
        step: Batches of the whole run so far.
        position: The same in epochs: 1.5 in the middle of the second one; None while the length of an epoch is not
            known.
        epoch: Whole epochs so far.
        batch: Batches of the next one.
    """

    step: int
    position: float | None
    epoch: int
    batch: int


class StepCounter:
    """Counts through the stages of a run.

    The first epoch of a stage tells where it begins. One that `fit` calls 0 follows all that is there already; any
    other (`initial_epoch`) has the number that `fit` gives it, counted from where the stage before was.
    """

    def __init__(self) -> None:
        self.batches: int | None = None
        """Batches of an epoch; None where Keras does not know them before its end: each epoch may have its own."""
        self.last_batches: int | None = None
        """Batches of the epoch before, in this stage; None in its first one."""
        self.epochs = 0
        """Whole epochs so far."""
        self._offset = 0
        self._steps_before = 0  # of the current epoch
        self._batch = 0
        self._steps_after = {0: 0}  # batches of the run after so many epochs
        self._lock = threading.Lock()

    def begin_stage(self, first_epoch: int, batches: int | None) -> int:
        """Begin a stage with the epoch that `fit` calls `first_epoch`; returns the whole epochs before it."""
        with self._lock:
            if first_epoch == 0:
                self._offset = self.epochs
            self.epochs = self._offset + first_epoch
            self.batches, self.last_batches = batches, None
            self._batch = 0
            self._steps_before = self._steps_after.get(self.epochs, self.epochs * (batches or 0))
            return self.epochs

    @property
    def steps(self) -> int:
        """Batches before the current epoch."""
        return self._steps_before

    @property
    def last_of_fit(self) -> int:
        """The last epoch that has ended, as `fit` counts it, from 0."""
        return self.epochs - self._offset - 1

    def planned(self, epochs: int | None) -> int | None:
        """Return the epochs of the whole run, if the stage ends with the epoch that `fit` counts as `epochs`."""
        return None if epochs is None else self._offset + epochs

    def begin_epoch(self) -> None:
        """Begin the next epoch."""
        with self._lock:
            self._batch = 0

    def touch(self, batch: int) -> None:
        """Note that the batch with this number, from 0, has ended; cheap, as it comes with each batch."""
        batch = self._within(batch)
        if batch >= self._batch:
            self._batch = batch + 1

    def count(self, batch: int) -> Place:
        """Count up to the batch with this number, from 0, of the current epoch."""
        with self._lock:
            batch = self._within(batch)
            self._batch = max(self._batch, batch + 1)
            return self._place(batch + 1)

    def end_epoch(self) -> Place:
        """End the current epoch. If none of its batches was told, all that were planned are done."""
        with self._lock:
            done = self._batch or self.batches or 0
            place = self._place(done)
            self._steps_before += done
            self._batch = 0
            self.epochs += 1
            self._steps_after[self.epochs] = self._steps_before
            self.last_batches = done or None
            return Place(place.step, float(self.epochs), self.epochs, done)

    def _within(self, batch: int) -> int:
        """Return a batch that is in the epoch: Keras counts on where several are trained in one call."""
        return batch if self.batches is None or batch < self.batches else self.batches - 1

    def _place(self, batch: int) -> Place:
        position = None if not self.batches else self.epochs + min(1.0, batch / self.batches)
        return Place(self._steps_before + batch, position, self.epochs, batch)
