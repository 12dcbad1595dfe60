from pathlib import Path

import numpy as np
import pytest

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.report import Report, read_report, write_report

LABELS = np.array([0, 1, 2, 2, 1, 0], np.int64)
PROBABILITIES = np.array(
    [[0.9, 0.1, 0], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.6, 0, 0.4], [0.3, 0.3, 0.4], [1, 0, 0]], np.float32
)


@pytest.fixture
def report() -> Report:
    return Report(LABELS, PROBABILITIES)


def test_a_report_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_report(tmp_path / "e.npz", LABELS, PROBABILITIES)
    report = read_report(tmp_path / "e.npz")
    for got, given in ((report.labels, LABELS), (report.probabilities, PROBABILITIES)):
        assert got.dtype == given.dtype
        assert np.array_equal(got, given)


def test_answers_are_the_most_probable_classes(report: Report) -> None:
    assert report.predicted.tolist() == [0, 1, 2, 0, 2, 0]
    np.testing.assert_allclose(report.confidence, [0.9, 0.5, 0.7, 0.6, 0.4, 1.0])
    assert report.wrong.tolist() == [False, False, False, True, True, False]


def test_pictures_are_selected_by_mistake_and_class(report: Report) -> None:
    assert report.select().tolist() == [0, 1, 2, 3, 4, 5]
    assert report.select(only_wrong=True).tolist() == [3, 4]
    assert report.select(label=2).tolist() == [2, 3]
    assert report.select(label=0, only_wrong=True).tolist() == []
    assert report.select(predicted=0).tolist() == [0, 3, 5]
    assert report.select(label=2, predicted=0).tolist() == [3]


def test_shuffling_is_a_function_of_its_seed(report: Report) -> None:
    assert sorted(report.select(shuffle=1)) == [0, 1, 2, 3, 4, 5]
    assert report.select(shuffle=1).tolist() == report.select(shuffle=1).tolist()
    assert len({tuple(report.select(shuffle=seed)) for seed in range(10)}) > 5


def test_a_missing_report_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"Received: e\.npz .*Train it again"):
        read_report(tmp_path / "e.npz")


def test_a_report_cut_short_anywhere_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "e.npz"
    write_report(file, LABELS, PROBABILITIES)
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(StoreError):
            read_report(file)


def test_a_report_with_a_damaged_byte_is_a_sentence_or_still_the_same(tmp_path: Path) -> None:
    file = tmp_path / "e.npz"
    write_report(file, LABELS, PROBABILITIES)
    whole = file.read_bytes()
    refused = 0
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            report = read_report(file)
        except StoreError:
            refused += 1
        else:
            assert np.array_equal(report.labels, LABELS)
            assert np.array_equal(report.probabilities, PROBABILITIES)
    assert refused > len(whole) / 2


def test_a_report_with_a_program_in_it_is_refused_and_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"

    class Program:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return ran.mkdir, ()  # type: ignore[return-value]

    np.savez(tmp_path / "e.npz", labels=np.array([Program()], object), probabilities=PROBABILITIES[:1])
    with pytest.raises(StoreError, match=r"e\.npz"):
        read_report(tmp_path / "e.npz")
    assert not ran.exists()


@pytest.mark.parametrize(
    "arrays",
    [
        {"labels": LABELS[:-1], "probabilities": PROBABILITIES},
        {"labels": LABELS, "probabilities": PROBABILITIES[:, 0]},
        {"labels": LABELS, "probabilities": PROBABILITIES[..., None]},
        {"labels": LABELS.astype(float), "probabilities": PROBABILITIES},
        {"labels": LABELS, "probabilities": PROBABILITIES.astype(np.complex64)},
        {"labels": LABELS},
        {"probabilities": PROBABILITIES},
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    np.savez(tmp_path / "e.npz", **arrays)
    with pytest.raises(StoreError, match="cannot be read"):
        read_report(tmp_path / "e.npz")


def test_one_array_instead_of_an_archive_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "e.npz").open("wb") as file:
        np.save(file, PROBABILITIES)
    with pytest.raises(StoreError):
        read_report(tmp_path / "e.npz")


@pytest.mark.parametrize(("right", "nothing"), [(100, True), (120, True), (150, False), (950, False), (0, True)])
def test_a_network_that_is_no_better_than_the_baseline_has_learned_nothing(right: int, nothing: bool) -> None:
    labels = np.arange(1000) % 10
    said = np.where(np.arange(1000) < right, labels, (labels + 1) % 10)
    report = Report(labels, np.eye(10, dtype=np.float32)[said])
    assert report.baseline_accuracy == 0.1
    assert report.is_at_baseline is nothing


def test_chance_is_the_share_of_the_most_frequent_class() -> None:
    labels = np.array([0] * 900 + [1] * 100)
    always_0 = Report(labels, np.eye(2, dtype=np.float32)[np.zeros(1000, int)])
    assert always_0.baseline_accuracy == 0.9
    assert always_0.is_at_baseline
    assert not Report(labels, np.eye(2, dtype=np.float32)[labels]).is_at_baseline


def test_the_report_on_some_images_keeps_their_order() -> None:
    report = Report(np.array([0, 1, 2]), np.eye(3, dtype=np.float32)[[0, 2, 2]])
    some = report.at(np.array([2, 1]))
    assert some.labels.tolist() == [2, 1]
    assert some.wrong.tolist() == [False, True]


def test_the_hardest_the_most_doubtful_and_the_most_confident_come_first() -> None:
    p = np.array([[0.5, 0.45, 0.05], [0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8]], np.float32)
    report = Report(np.array([0, 2, 0, 2]), p)
    assert report.select(order="test set").tolist() == [0, 1, 2, 3]
    assert report.select(order="hardest").tolist() == [1, 2, 0, 3]
    assert report.select(order="doubtful").tolist() == [0, 2, 3, 1]
    assert report.select(order="confident").tolist() == [1, 3, 2, 0]
    assert report.select(order="confident", only_wrong=True).tolist() == [1, 2]
