"""Real digits, and the generator of drawings that the benchmark uses."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def drawn() -> ModuleType:
    spec = importlib.util.spec_from_file_location("drawn", REPOSITORY / "benchmarks" / "drawn.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["drawn"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def digits(data_dir: Path) -> Dataset:
    """MNIST, all of it where it is at hand, else the 5,000 digits that always are."""
    return catalogue.load("mnist" if catalogue.is_local("mnist", data_dir) else "mnist-5k", data_dir)


@pytest.fixture(scope="session")
def mnist(data_dir: Path) -> dict[str, np.ndarray]:
    path = data_dir / "mnist.npz"
    if not path.exists():
        pytest.skip(f"full MNIST is not in the data folder ({path.name})")
    with np.load(path) as file:
        return {key: file[key] for key in file}


@pytest.fixture(scope="session")
def kmnist(data_dir: Path) -> np.ndarray:
    path = data_dir / "kmnist" / "kmnist-test-imgs.npz"
    if not path.exists():
        pytest.skip(f"KMNIST is not in the data folder ({path.name})")
    with np.load(path) as file:
        return file["arr_0"]


@pytest.fixture(scope="session")
def seven() -> np.ndarray:
    """A seven as MNIST might have it, uint8 (28, 28), ink bright: two strokes of two pixels."""
    digit = np.zeros((28, 28), np.uint8)
    digit[4:6, 8:21] = 255
    for row in range(6, 24):
        left = 19 - (row - 6) // 2
        digit[row, left : left + 2] = 255
    return digit
