import io
import zipfile

import numpy as np
from PIL import Image

from cnn_dash.datasets.exploration.original_sizes import original_sizes
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.own.source import OwnSource
from cnn_dash.datasets.readers.opening import open_reader


def test_sizes_are_in_the_order_of_the_images(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for number in range(24):  # as wide as it is bright
            picture = io.BytesIO()
            Image.new("L", (100 + 5 * number, 30), 100 + 5 * number).save(picture, "PNG")
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", picture.getvalue())
    import_from(open_reader(tmp_path / "set.zip"), "set", tmp_path, ImportOptions(size=8), processes=1)
    data = OwnSource.of("set", tmp_path).mapped(tmp_path)
    found = original_sizes("set", tmp_path, 24)
    assert found is not None
    brightness = np.concatenate([data.train_images, data.test_images]).mean(axis=(1, 2, 3))
    np.testing.assert_array_equal(found[:, 0], brightness)
    assert set(found[:, 1]) == {30}


def test_of_other_sets_they_are_not_known(tmp_path):
    assert original_sizes("mnist-5k", tmp_path, 5000) is None
    assert original_sizes("../mnist", tmp_path, 5000) is None
