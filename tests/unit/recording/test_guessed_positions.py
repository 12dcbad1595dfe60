"""Positions of steps in epochs whose length is not known before their end."""

import pytest

from cnn_dash.recording import guessed_positions
from cnn_dash.recording.guessed_positions import GuessedPositions
from cnn_dash.recording.steps import Place


def positions(guessed: GuessedPositions, batches: int, last_batches: int | None) -> list[list[float]]:
    """Positions that are recorded after each batch of the first epoch."""
    recorded = [guessed.add(Place(batch, None, 0, batch), {}, last_batches) for batch in range(1, batches + 1)]
    return [[step.position for step, _ in steps] for steps in recorded]


def settled(guessed: GuessedPositions, batches: int) -> dict[int, float]:
    """Positions by step that are recorded when the epoch ends."""
    return {step.step: step.position for step, _ in guessed.settle(batches)}


def test_the_first_guess_is_the_length_of_the_epoch_before() -> None:
    guessed = GuessedPositions()
    assert positions(guessed, 4, 4) == [[0.25], [0.5], [0.75], [1.0]]
    assert settled(guessed, 4) == {}, "they are where they belong"


def test_an_epoch_that_outgrows_the_one_before_moves_its_steps() -> None:
    guessed = GuessedPositions()
    assert positions(guessed, 3, 2) == [[0.5], [1.0], [0.125, 0.25, 0.375]]
    assert settled(guessed, 3) == pytest.approx({1: 1 / 3, 2: 2 / 3, 3: 1.0})


def test_a_shorter_epoch_ends_at_its_end() -> None:
    guessed = GuessedPositions()
    assert positions(guessed, 2, 4) == [[0.25], [0.5]]
    assert settled(guessed, 2) == {1: 0.5, 2: 1.0}


def test_more_steps_than_are_kept_wait_for_the_end_of_the_first_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessed_positions, "_MOST_SHOWN", 2)
    guessed = GuessedPositions()
    assert positions(guessed, 4, None) == [[0.5], [0.25, 0.5], [], []]
    assert settled(guessed, 4) == {3: 0.75, 4: 1.0}, "the others happen to be right"


def test_more_steps_than_are_kept_are_shown_at_once_in_later_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessed_positions, "_MOST_SHOWN", 2)
    guessed = GuessedPositions()
    assert positions(guessed, 4, 4) == [[0.25], [0.5], [0.75], [1.0]]
    assert settled(guessed, 4) == {}
