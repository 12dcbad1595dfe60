"""Parts of the training images that are held out in turn."""

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.own.names import split_name
from cnn_dash.datasets.sources.fold import Fold
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import load as load_config
from cnn_dash.settings import Settings


def test_each_training_image_is_held_out_once_and_the_test_images_never(settings: Settings) -> None:
    whole = import_dataset(catalogue.source("mnist-5k"), settings.data_dir, None)
    seen = []
    for number in (1, 2, 3):
        name = f"mnist-5k.fold{number}of3"
        part = catalogue.load(name, settings.data_dir, 0.1, 1)
        held_out = Fold(*("mnist-5k", number, 3)).held_out(whole.train_labels)
        assert (part.test.images == whole.train_images[held_out]).all()
        assert (part.test.labels == whole.train_labels[held_out]).all()
        info = catalogue.get(name)
        assert (info.train_count, info.test_count) == (len(part.train) + len(part.validation), len(part.test))
        assert np.ptp(part.class_counts(part.test)) <= 1
        learned = {one.tobytes() for one in (*part.train.images, *part.validation.images)}
        assert len(learned) + len(held_out) == len(whole.train_labels)
        seen += held_out.tolist()
    assert sorted(seen) == list(range(len(whole.train_labels)))


def test_parts_are_as_large_as_they_say_whatever_the_number() -> None:
    labels = np.random.default_rng(1).integers(0, 7, 101)
    for folds in (2, 3, 9):
        parts = [Fold("x", number, folds) for number in range(1, folds + 1)]
        assert [len(one.held_out(labels)) for one in parts] == [one.size(101) for one in parts]
        assert max(one.size(101) for one in parts) - min(one.size(101) for one in parts) <= 1


def test_parts_have_hashes_of_their_own(settings: Settings) -> None:
    hashes = {
        catalogue.load(name, settings.data_dir).content_hash
        for name in ("mnist-5k", "mnist-5k.fold1of3", "mnist-5k.fold2of3", "mnist-5k.fold1of4")
    }
    assert len(hashes) == 4


@pytest.mark.parametrize("name", ["flowers@2.fold2of5", "mnist-5k.fold1of3"])
def test_a_recipe_may_name_a_part_and_no_own_data_set_can_be_called_so(name: str) -> None:
    assert load_config({"data": {"dataset": name}}).data.dataset == name
    fold = Fold.of(name)
    assert fold is not None
    assert fold.name == name
    assert split_name(name) is None


@pytest.mark.parametrize("name", ["mnist-5k", "mnist-5k.fold3of2", "mnist-5k.fold0of3", "mnist-5k.fold1", "fold1of3"])
def test_other_names_are_no_parts(name: str) -> None:
    assert Fold.of(name) is None


def test_a_part_of_a_data_set_that_is_not_there_is_none(settings: Settings) -> None:
    with pytest.raises(ConfigError, match=r"There is no such data set. Received: 'gone'"):
        catalogue.load("gone.fold1of3", settings.data_dir)
