"""Wrong labels are found by confident learning, and what was found is kept."""

from pathlib import Path

import numpy as np
import pytest

from cnn_dash.artifacts.local import LocalArtifactStore
from cnn_dash.errors import StoreError
from cnn_dash.evaluation.label_check import LabelCheck
from cnn_dash.evaluation.label_issues import check_labels
from cnn_dash.runs.folder import RunFile


def sure_of(classes: np.ndarray, sure: float = 0.9) -> np.ndarray:
    """Probabilities of a network that is equally sure of each of three classes."""
    probabilities = np.full((len(classes), 3), (1 - sure) / 2, np.float32)
    probabilities[np.arange(len(classes)), classes] = sure
    return probabilities


def test_images_whose_label_is_another_than_the_class_they_show_are_found_the_surest_first() -> None:
    true = np.arange(90) % 3
    labels = true.copy()
    labels[[4, 50]] = (true[[4, 50]] + 1) % 3
    probabilities = sure_of(true)
    probabilities[50] = sure_of(true[50:51], 0.98)
    found = check_labels(labels, probabilities, [7])
    assert found.ranked.tolist() == [50, 4]
    assert found.likely[[50, 4]].tolist() == true[[50, 4]].tolist()
    assert found.of_label[50] == pytest.approx(0.01)
    assert found.accuracy == pytest.approx(88 / 90)
    assert found.networks == (7,)


def test_nothing_is_found_where_all_labels_are_right() -> None:
    labels = np.arange(60) % 3
    assert len(check_labels(labels, sure_of(labels), [1]).ranked) == 0


def test_a_class_without_images_does_no_harm() -> None:
    labels = np.arange(60) % 2
    true = labels.copy()
    true[0] = 1
    assert check_labels(labels, sure_of(true), [1]).ranked.tolist() == [0]


def test_a_network_that_gives_no_numbers_is_refused() -> None:
    labels = np.arange(6) % 3
    probabilities = sure_of(labels)
    probabilities[2] = np.nan
    with pytest.raises(StoreError, match="NaN or infinity for 1 of 6 images"):
        check_labels(labels, probabilities, [1])


def test_what_was_found_is_kept(tmp_path: Path) -> None:
    file = RunFile(LocalArtifactStore(tmp_path), "00001/labels.npz")
    assert LabelCheck.read(file) is None
    labels = np.arange(30) % 3
    found = check_labels(labels, sure_of((labels + (labels == 1)) % 3), [3, 4])
    found.write(file)
    again = LabelCheck.read(file)
    assert again is not None
    assert again.networks == (3, 4)
    for name in ("labels", "likely", "confidence", "of_label", "ranked"):
        assert (getattr(again, name) == getattr(found, name)).all()
    file.put(lambda path: path.write_bytes(b"no archive"))
    with pytest.raises(StoreError, match="cannot be read"):
        LabelCheck.read(file)
