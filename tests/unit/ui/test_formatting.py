"""Runs and disk room in words."""

import pytest

from cnn_dash.ui.formatting import format_value, runs_of, size


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


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("train.learning_rate", 0.001, "0.001"),
        ("train.learning_rate", 1e-06, "1e-06"),
        ("train.keep_best", True, "on"),
        ("train.early_stopping", False, "off"),
        ("train.optimizer", "rmsprop", "RMSprop"),
        ("model.blocks.0.padding", "same", "same"),
        ("train.schedule", "reduce_on_plateau", "reduce on plateau"),
        ("train.augmentation.rotation", 10.0, "10°"),
        ("train.batch_size", 4096, "4096"),
        ("train.warmup_epochs", 1.0, "1 epoch"),
        ("train.warmup_epochs", 1.5, "1.5 epochs"),
        ("train.patience", 5, "5 epochs"),
        ("model.blocks.0.dropout", 0.25, "25 %"),
        ("train.stages", "7/30", "continued after 7 of 30 epochs"),
    ],
)
def test_the_value_of_a_setting_in_words(path, value, words):
    assert format_value(path, value) == words
