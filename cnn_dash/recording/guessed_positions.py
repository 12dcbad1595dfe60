"""Steps of an epoch whose length is not known before its end (a `tf.data` pipeline with a filter, a generator)."""

from typing import TYPE_CHECKING

from cnn_dash.recording.steps import Place

if TYPE_CHECKING:
    from cnn_dash.runs.records import StepMetrics

# So many are shown at a guessed position, and so many more kept for the end of the epoch.
_MOST_SHOWN, _MOST_HELD_BACK = 2_000, 500

_Step = tuple[Place, dict[str, float]]


class GuessedPositions:
    """Gives steps positions that are guessed, and their true ones when the epoch ends."""

    def __init__(self) -> None:
        self._shown: list[_Step] = []
        self._held_back: list[_Step] = []
        self._batches = 0

    def add(
        self, place: Place, metrics: dict[str, float], last_batches: int | None
    ) -> "list[tuple[StepMetrics, Place]]":
        """Take one more step, and return what is to be recorded: this one, or all of them at new positions.

        Args:
            place: Where it is.
            metrics: What it has measured.
            last_batches: Length of the epoch before, which is the first guess; None if there was none.
        """
        as_before = last_batches is not None and place.batch <= last_batches
        if len(self._shown) >= _MOST_SHOWN:
            if as_before:  # most likely it stays there
                return _at([(place, metrics)], last_batches or 1)
            self._held_back.append((place, metrics))
            if len(self._held_back) > _MOST_HELD_BACK:
                del self._held_back[::2]
            return []
        self._shown.append((place, metrics))
        # Else of all so far, and as many again at least.
        guess = last_batches if last_batches and as_before else 1 << (2 * place.batch - 1).bit_length()
        guess = max(guess, self._batches)  # one that was overtaken changes nothing
        moved = self._shown if guess != self._batches else self._shown[-1:]
        self._batches = guess
        return _at(moved, guess)

    def settle(self, batches: int) -> "list[tuple[StepMetrics, Place]]":
        """Return the steps of an epoch that has ended after so many batches, if they have to move, and forget them."""
        moved = self._held_back if batches == self._batches else [*self._shown, *self._held_back]
        self._shown, self._held_back, self._batches = [], [], 0
        return _at(moved, max(1, batches))


def _at(steps: list[_Step], batches: int) -> "list[tuple[StepMetrics, Place]]":
    """Place steps in an epoch of so many batches."""
    from cnn_dash.runs.records import StepMetrics

    return [
        (StepMetrics(place.step, place.epoch + min(1.0, place.batch / batches), metrics), place)
        for place, metrics in steps
    ]
