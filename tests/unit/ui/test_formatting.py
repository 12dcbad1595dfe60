"""Runs and disk room in words."""

import pytest

from cnn_dash.ui.components.formatting import runs_of, size


@pytest.mark.parametrize(
    ("run_ids", "words"),
    [
        ([5], "Run 5"),
        ([5, 7], "Runs 5 and 7"),
        ([5, 7, 9], "Runs 5, 7 and 9"),
        (range(1, 7), "Runs 1, 2, 3, 4, 5 and 6"),
        (range(1, 8), "Runs 1, 2, 3, 4, 5 and 2 more"),
    ],
)
def test_runs_are_named_by_number(run_ids: list[int], words: str) -> None:
    assert runs_of(run_ids) == words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 kB"),
        (380_000, "380 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (12_340_000, "12.3 MB"),
        (1_250_000_000, "1.2 GB"),
    ],
)
def test_room_on_the_disk_has_a_unit(size_bytes: int, words: str) -> None:
    assert size(size_bytes) == words
