"""How a program gets a data set that is public: by Keras, or from its publisher with checksums."""

from collections.abc import Callable
from dataclasses import dataclass

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources.archived import ArchivedSource
from cnn_dash.datasets.sources.published import PublishedSource
from cnn_dash.datasets.splits import HELD_OUT_SEED
from cnn_dash.exporters.plain_keras.section import block, fill


@dataclass(frozen=True)
class Download:
    """The code that gets a data set.

    Attributes:
        body: Lines of a function that returns training images and labels, test images and labels.
        before: What has to be defined before; empty if nothing.
        imports: The lines that import what the code uses.
        shuffles: Whether the body calls `shuffled`, to hold the test images out.
    """

    body: str
    before: str = ""
    imports: tuple[str, ...] = ("import keras",)
    shuffles: bool = False


def _by_keras(info: DatasetInfo) -> Download:
    template = """
    (x_train, y_train), (x_test, y_test) = keras.datasets.$name.load_data()
    return x_train, y_train, x_test, y_test
    """
    return Download(fill(template, name=info.name.replace("-", "_")))


def _hold_out(info: DatasetInfo) -> str:
    """Return the lines that hold out the same test images as our catalogue does."""
    template = """
    # CNN Dash holds out $each images of each class for the test, the same for every run.
    order = shuffled(len(labels), $seed)
    held_out = np.zeros(len(labels), bool)
    for label in range($classes):
        held_out[np.flatnonzero(labels[order] == label)[:$each]] = True
    training, test = order[~held_out], order[held_out]
    return images[training], labels[training], images[test], labels[test]
    """
    classes = len(info.class_names)
    return fill(template, each=info.test_count // classes, classes=classes, seed=HELD_OUT_SEED)


def _mnist_5k(info: DatasetInfo) -> Download:
    template = """
    # The first $each training images of each digit.
    (images, labels), _ = keras.datasets.mnist.load_data()
    chosen = np.concatenate([np.flatnonzero(labels == digit)[:$each] for digit in range(10)])
    images, labels = images[chosen], labels[chosen]
    $hold_out
    """
    each = (info.train_count + info.test_count) // len(info.class_names)
    return Download(fill(template, each=each, hold_out=_hold_out(info)), shuffles=True)


def _kmnist(info: DatasetInfo) -> Download:
    """Return the download of the publisher's files; the smaller set needs only one pair of them."""
    source = catalogue.SOURCES[info.name]
    assert isinstance(source, PublishedSource)
    template = '''
    URL = "$url"
    $md5


    def part(name):
        """Return one of the publisher's files without its header; it is downloaded once, with its MD5 checked."""
        file = keras.utils.get_file(f"kmnist-{name}.gz", f"{URL}{name}.gz", file_hash=MD5[name])
        with gzip.open(file) as unpacked:
            return np.frombuffer(unpacked.read(), np.uint8, offset=16 if "images" in name else 8)
    '''
    md5 = block("MD5 = {", [f'"{part.idx_name}": "{part.packed_md5}"' for part in source.parts], "}")
    before, imports = fill(template, url=info.download_url, md5=md5), ("import gzip", "import keras")
    parts = [
        f'part("{one.idx_name}")' + (".reshape(-1, 28, 28)" if len(one.shape) == 3 else "") for one in source.parts
    ]
    if len(parts) == 4:
        return Download(block("return (", parts, ")"), before, imports)
    images, labels = parts
    body = f"images = {images}\nlabels = {labels}\n{_hold_out(info)}"
    return Download(body, before, imports, shuffles=True)


def _digits(info: DatasetInfo) -> Download:
    template = """
    # 17 grey values, as 0 to 255.
    images, labels = sklearn.datasets.load_digits(return_X_y=True)
    images = np.rint(images * 255 / 16).astype(np.uint8).reshape(-1, 8, 8)
    $hold_out
    """
    body = fill(template, hold_out=_hold_out(info))
    return Download(body, imports=("import sklearn.datasets",), shuffles=True)


def _cifar10(info: DatasetInfo) -> Download:
    template = """
    (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
    return x_train, y_train.ravel(), x_test, y_test.ravel()
    """
    return Download(fill(template))


def _emnist(info: DatasetInfo) -> Download:
    """Return the download of the publisher's archive, in which rows and columns of the images are exchanged."""
    source = catalogue.SOURCES[info.name]
    assert isinstance(source, ArchivedSource)
    template = '''
    def part(name):
        """Return a file of the publisher's archive without its header; the archive is downloaded once."""
        archive = keras.utils.get_file("emnist-gzip.zip", "$url", file_hash="$md5")
        with zipfile.ZipFile(archive) as files, files.open(f"gzip/$name-{name}-ubyte.gz") as packed:
            return np.frombuffer(gzip.decompress(packed.read()), np.uint8, offset=16 if "images" in name else 8)


    def images(split):
        """Return the images of a split; in the file, rows and columns are exchanged."""
        return part(f"{split}-images-idx3").reshape(-1, 28, 28).swapaxes(1, 2)


    def labels(split):
        """Return the labels of a split, from 0; those of the letters begin with 1 in the file."""
        numbers = part(f"{split}-labels-idx1")
        return numbers - numbers.min()
    '''
    before = fill(template, url=f"{info.download_url}{source.archive}", md5=source.md5, name=info.name)
    body = 'return images("train"), labels("train"), images("test"), labels("test")'
    return Download(body, before, ("import gzip", "import zipfile", "import keras"))


DOWNLOADS: dict[str, Callable[[DatasetInfo], Download]] = {
    "mnist-5k": _mnist_5k,
    "mnist": _by_keras,
    "fashion-mnist": _by_keras,
    "kmnist": _kmnist,
    "kmnist-10k": _kmnist,
    "digits": _digits,
    "cifar10": _cifar10,
    "emnist-letters": _emnist,
    "emnist-balanced": _emnist,
}
"""By the name of the data set. The program asks for a file of any other one."""
