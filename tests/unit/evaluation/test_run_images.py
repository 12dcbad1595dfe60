"""The images behind a run, found again by their positions."""

import numpy as np

from cnn_dash.datasets import catalogue
from cnn_dash.evaluation.run_images import at_positions, images_tested, images_trained
from cnn_dash.runs.store import RunStore
from tests.factories import make_tested_run


def test_a_position_names_the_same_training_image_however_the_data_set_is_split(store: RunStore) -> None:
    run = make_tested_run(store)
    images, positions = images_trained(run, store.settings)
    train = run.recipe.train
    data = catalogue.load("mnist-5k", store.settings.data_dir, train.validation_fraction, train.seed)
    np.testing.assert_array_equal(images, data.train.images)
    for fraction, seed in ((0.1, 1), (0.3, 5)):
        other = catalogue.load("mnist-5k", store.settings.data_dir, fraction, seed)
        found = at_positions(other, positions[:300], fraction, seed)
        np.testing.assert_array_equal(found.images, images[:300])
        np.testing.assert_array_equal(found.labels, data.train.labels[:300])


def test_the_test_images_are_those_of_the_data_set(store: RunStore) -> None:
    found = images_tested(make_tested_run(store), store.settings)
    data = catalogue.load("mnist-5k", store.settings.data_dir)
    np.testing.assert_array_equal(found.images, data.test.images)
    np.testing.assert_array_equal(found.labels, data.test.labels)
