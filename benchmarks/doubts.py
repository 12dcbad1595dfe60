"""How well a reader tells pictures without a digit from those with one, by its doubt."""

from collections.abc import Iterator

import numpy as np
import scipy.stats
from families import OTHERS, generator, make
from PIL import Image
from reading import Network, doubt, read

from cnn_dash.datasets import catalogue
from cnn_dash.settings import Settings

KEPT = 0.99
"""Share of the digits that must not be doubted."""

_AS_DIGITS = ("clean drawing", "pen on paper")  # the others are drawn, and written on paper, as well


def auroc(known: np.ndarray, others: np.ndarray) -> float:
    """Return how often one of `others` is doubted more than one of `known`, ties counting half: 0.5 is chance."""
    ranks = scipy.stats.rankdata(np.concatenate([known, others]))
    return float((ranks[len(known) :].sum() - len(others) * (len(others) + 1) / 2) / (len(known) * len(others)))


def table(network: Network, images: np.ndarray, count: int, seed: int = 1) -> Iterator[tuple[str, float, float]]:
    """Yield for each kind of picture without a digit its name, the AUROC and the share that is said to be doubtful.

    The threshold of doubt is the one that keeps 99 % of as many pictures with a digit, made of `images`.
    """
    known = np.array(
        [
            doubt(read(network, make(kind, images[number], generator(kind, number, seed)).picture))
            for number in range(count)
            for kind in (_AS_DIGITS[number % len(_AS_DIGITS)],)
        ]
    )
    threshold = np.quantile(known, KEPT)
    for name, draw in OTHERS.items():
        pictures = (draw(generator(name, number, seed), (300, 2000)) for number in range(count))
        doubts = np.array([doubt(read(network, picture)) for picture in pictures])
        yield name, auroc(known, doubts), float(np.mean(doubts > threshold))
    plain = np.array([doubt(read(network, Image.fromarray(image))) for image in images[:count]])
    for name in ("fashion-mnist", "kmnist"):
        if (others := _images(name)) is not None:
            doubts = np.array([doubt(read(network, Image.fromarray(image))) for image in others[:count]])
            yield f"{name}, 28×28", auroc(plain, doubts), float(np.mean(doubts > np.quantile(plain, KEPT)))


def _images(name: str) -> np.ndarray | None:
    """Return the test images of a data set, uint8 (N, 28, 28), or None if it is not on this machine."""
    folder = Settings.from_environment().data_dir
    if catalogue.is_local(name, folder):
        return catalogue.load(name, folder).test.images[..., 0]
    file = folder / name / f"{name}-test-imgs.npz"
    return np.load(file)["arr_0"] if file.exists() else None
