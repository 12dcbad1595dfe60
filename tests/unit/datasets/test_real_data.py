"""The data sets themselves, where they are at hand. Reading one also compares the MD5 of every array."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from cnn_dash.datasets import catalogue


def need(name: str, data_dir) -> None:
    if not catalogue.is_local(name, data_dir):
        pytest.skip(f"{name} is not on this machine")


def test_mnist_from_the_keras_archive(shared_data):
    need("mnist", shared_data)
    data = catalogue.load("mnist", shared_data)
    assert data.counts == {"train": 54_000, "validation": 6_000, "test": 10_000}
    assert data.class_counts(data.test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.test.labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_fashion_mnist_from_the_systems_package(tmp_path):
    need("fashion-mnist", tmp_path)
    data = catalogue.load("fashion-mnist", tmp_path, validation_fraction=0.2)
    assert data.counts == {"train": 48_000, "validation": 12_000, "test": 10_000}
    assert [data.class_names[label] for label in data.test.labels[:3]] == ["Ankle boot", "Pullover", "Trouser"]


def test_the_test_pictures_of_kmnist_alone(shared_data):
    need("kmnist-10k", shared_data)
    data = catalogue.load("kmnist-10k", shared_data)
    assert data.counts == {"train": 7_200, "validation": 800, "test": 2_000}
    assert data.class_counts(data.test).tolist() == [200] * 10
    other = catalogue.load("kmnist-10k", shared_data, seed=5)
    np.testing.assert_array_equal(other.test.images, data.test.images)


def test_kmnist_gives_the_counts_of_the_article(shared_data, tmp_path):
    need("kmnist-10k", shared_data)
    if not (shared_data / "kmnist" / "kmnist-train-labels.npz").is_file():
        pytest.skip("no labels of KMNIST's training pictures")
    shutil.copytree(shared_data / "kmnist", tmp_path / "kmnist")
    source = catalogue.SOURCES["kmnist"]
    made_up = tmp_path / "kmnist" / "kmnist-train-imgs.npz"
    if not made_up.exists():  # 18 MB that few have: any pictures will do to count them
        np.savez(made_up, np.zeros((60_000, 28, 28), np.uint8))
        source = replace(source, parts=(replace(source.parts[0], content_md5=None), *source.parts[1:]))
    data = catalogue.load_source(source, tmp_path, validation_fraction=0.2)
    assert data.counts == {"train": 48_000, "validation": 12_000, "test": 10_000}
