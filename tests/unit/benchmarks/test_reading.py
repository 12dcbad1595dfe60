"""A small version of the benchmark of pictures: every family is read nearly as well as the same digits plain."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from families import FAMILIES
from picture_scores import score
from reading import Network, doubt, read
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from cnn_dash.datasets import catalogue
from cnn_dash.inference import CENTRED, open_picture
from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.inference.model_input import ModelInput

PICTURES = Path(__file__).parents[4] / "shared" / "pictures"
COUNT = 6
SIDES = (300, 420)


def rows(images: np.ndarray) -> np.ndarray:
    """Images uint8 (N, 28, 28[, 1]) at half their size, float32 (N, 196) in 0–1: as good for neighbours, and faster."""
    return images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype=np.float32).reshape(len(images), -1) / 255


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return catalogue.load("mnist-5k", tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def network(data) -> Iterator[Network]:
    """Nearest neighbours among 3,600 digits: no chance, and nothing that the reader was tuned with."""
    model = KNeighborsClassifier(3, weights="distance").fit(rows(np.asarray(data.train.images)), data.train.labels)

    def outputs(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return model.predict_proba(rows(images)).astype(np.float32), rows(images)

    known = data.validation.in_memory()
    probabilities, features = outputs(known.images)
    familiarity = Familiarity.measure(rows(data.train.images[:2000]), features, probabilities, known.labels)
    with threadpool_limits(1):  # several wait for each other most of the time where other tests run too
        yield Network("neighbours", outputs, ModelInput(tuple("0123456789"), (28, 28, 1), CENTRED), familiarity)


@pytest.fixture(scope="module")
def scores(data, network):
    images, labels = data.test.images[:200, ..., 0], data.test.labels[:200]
    return {name: score(name, network, images, labels, COUNT, sides=SIDES) for name in FAMILIES}


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.digits == 1])
def test_each_family_is_read_nearly_as_well_as_plain_digits(name, scores):
    assert round(COUNT * (scores[name].plain - scores[name].right)) <= 2


def test_all_families_together_lose_little(scores):
    single = [one for one in scores.values() if one.family.digits == 1]

    assert np.mean([one.lost for one in single]) < 6
    assert sum(one.refused for one in single) <= 2


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.digits > 1])
def test_most_numbers_are_cut_into_their_digits(name, scores):
    assert scores[name].cut >= 0.5


@pytest.mark.skipif(not PICTURES.is_dir(), reason="the real pictures are not beside the repository")
def test_real_pictures_are_read_right_or_said_to_be_doubtful(network):
    wrong = []
    for file in sorted(PICTURES.glob("*_*")):
        answers = read(network, open_picture(file.read_bytes(), file.name))
        text = "".join(str(answer.label) for answer in answers)
        if text != file.stem.rsplit("_", 1)[1] and doubt(answers) <= 1:
            wrong.append(f"{file.name}: {text}")

    assert len(wrong) <= 2, wrong  # what nearest neighbours take for another digit, plain as well
