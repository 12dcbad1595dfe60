"""How a program gets the data of a run: as anybody would, or from a file; cut and split as in the run."""

from pathlib import Path

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.errors import ConfigError, DataError
from cnn_dash.exporters.plain_keras.downloads import DOWNLOADS, Download
from cnn_dash.exporters.plain_keras.section import Section, fill

_MOST_NAMES = 20

_FILE = """
# To skip the download, set DATA to a .npz file with x_train, y_train, x_test and y_test.
DATA = os.environ.get("DATA")
"""
_OWN_FILE = """
# A .npz file with x_train, y_train, x_test and y_test: uint8 images of $shape, labels from 0.
DATA = os.environ.get("DATA", "$name.npz")
"""
_SHUFFLED = '''
def shuffled(count, seed):
    """Return 0 … count - 1 in an order that depends on the seed only, whatever the version of NumPy."""
    return np.argsort(np.random.PCG64(seed).random_raw(count), kind="stable")
'''
_LOAD = '''
def load():
    """Return training images and labels, test images and labels."""
    if DATA:
        with np.load(DATA) as file:
            return [file[name] for name in ("x_train", "y_train", "x_test", "y_test")]
    $download
'''
_OWN_LOAD = '''
def load():
    """Return training images and labels, test images and labels."""
    with np.load(DATA) as file:
        return [file[name] for name in ("x_train", "y_train", "x_test", "y_test")]
'''
_READ = """
try:
    x_train, y_train, x_test, y_test = load()
except Exception as error:  # Keras has no exception class for a failed download
    raise SystemExit(
        f"The data cannot be read: {error}\\nSet DATA to a .npz file with x_train, y_train, x_test and y_test. "
        "python -m cnn_dash export dataset $name writes one."
    ) from error
$check
x_train, x_test = (x.reshape(-1, $shape) for x in (x_train, x_test))

# The same validation images as in the run: this order depends on the seed only.
order = $order
count = round(len(order) * $fraction)
validation, training = order[:count], order[count:]
x_val, y_val = x_train[validation], y_train[validation]
x_train, y_train = x_train[training], y_train[training]
$one_hot
"""
_HINT = '        "python -m cnn_dash export dataset $name writes one."\n'
_CHECK = """
if (len(x_train), len(x_test)) != ($train, $test):
    raise SystemExit(f"DATA has {len(x_train)} + {len(x_test)} images, not $train + $test. Set it to another file.")
"""


def data(
    name: str,
    image_shape: tuple[int, int, int],
    classes: int,
    validation_fraction: float,
    *,
    one_hot: bool,
    data_dir: Path | None = None,
) -> Section:
    """Return the section that reads a data set and sets the validation images aside.

    Args:
        name: Its name; one that the catalogue does not know (any more) is read from a file.
        image_shape: Height, width and channels.
        classes: Number of classes.
        validation_fraction: As in the settings.
        one_hot: Whether labels are needed as vectors.
        data_dir: Where a person's own data sets are.
    """
    info = _info(name, data_dir)
    download = DOWNLOADS[name](info) if info and name in DOWNLOADS else None
    shuffles = download is not None and download.shuffles
    order = 'np.argsort(np.random.PCG64(SEED).random_raw(len(x_train)), kind="stable")'
    vectors = f"y_train, y_val, y_test = (keras.utils.to_categorical(y, {classes}) for y in (y_train, y_val, y_test))"
    read = fill(
        _READ if info else _READ.replace(_HINT, ""),
        name=name,
        check=fill(_CHECK, train=info.train_count, test=info.test_count) if info else "",
        shape=", ".join(map(str, image_shape)),
        order="shuffled(len(x_train), SEED)" if shuffles else order,
        fraction=validation_fraction,
        one_hot=vectors if one_hot else "",
    )
    code = "\n\n\n".join([*_before(name, image_shape, download), read])
    imports = {"import os", "import numpy as np", *(download.imports if download else ())}
    return Section("Data", _text(name, info), code, (*imports, *(("import keras",) if one_hot else ())))


def _info(name: str, data_dir: Path | None) -> DatasetInfo | None:
    try:
        return catalogue.get(name, data_dir)
    except (ConfigError, DataError):
        return None


def _before(name: str, image_shape: tuple[int, int, int], download: Download | None) -> list[str]:
    """Return what stands before the data are read: definitions, two empty lines apart."""
    if download is None:
        shape = " × ".join(map(str, image_shape))
        return [fill(_OWN_FILE, name=name, shape=shape), fill(_OWN_LOAD)]
    place = fill(_FILE) if not download.before else f"{fill(_FILE)}\n\n{download.before}"
    return [place, *([fill(_SHUFFLED)] if download.shuffles else []), fill(_LOAD, download=download.body)]


def _text(name: str, info: DatasetInfo | None) -> tuple[str, ...]:
    if info is None:
        return (f"The data set {name}.",)
    counts = f"{info.train_count:,} images for training and validation, {info.test_count:,} for the test"
    names = f" Classes: {', '.join(info.class_names)}." if len(info.class_names) <= _MOST_NAMES else ""
    return f"{info.title}: {counts}.{names}", f"{info.licence}. {info.source}"
