"""Networks that were trained before, by others, and are the base of one of ours: what is known without TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnn_dash.config import Base
from cnn_dash.models import mobilenet_v3


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights that somebody publishes.

    Attributes:
        url: Where it is; the end is what the file is called.
        checksum: `md5:…` or `sha256:…`, hexadecimal digits.
    """

    url: str
    checksum: str

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True)
class PretrainedBase:
    """A network that others have trained, without its last layers.

    Attributes:
        title: What a person reads.
        about: What it learned from, and who published it.
        size: Height and width in pixels of the images that it takes: those that it was trained on. It would take
            others, but knows things at the scale that they have there.
        output_shape: Height, width and channels of its feature maps.
        parameters: All numbers that it holds.
        multiply_adds: Products that are summed up for one image.
        weights: The file with its weights, as its publisher offers it.
        download_mb: Its size.
    """

    title: str
    about: str
    size: int
    output_shape: tuple[int, int, int]
    parameters: int
    multiply_adds: int
    weights: WeightsFile
    download_mb: int


_SMALL = mobilenet_v3.count(mobilenet_v3.SMALL, 224)

BASES: Mapping[Base, PretrainedBase] = MappingProxyType(
    {
        "mobilenet-v3-small": PretrainedBase(
            title="MobileNetV3-Small",
            about="Trained on the photographs of ImageNet (Howard et al., Searching for MobileNetV3, ICCV 2019; "
            "weights of keras.applications).",
            size=224,
            output_shape=_SMALL.output_shape,
            parameters=_SMALL.parameters,
            multiply_adds=_SMALL.multiply_adds,
            # Address and MD5 are those of Keras itself (keras/src/applications/mobilenet_v3.py, WEIGHTS_HASHES).
            weights=WeightsFile(
                "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v3/"
                "weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5",
                "md5:d3e8ec802a04aa4fc771ee12a9a9b836",
            ),
            download_mb=4,
        )
    }
)
"""By the name that `model.base` has."""


def multiply_adds_once(base: Base) -> int:
    """Return the multiply-adds for one image that are computed once instead of in each epoch; 0 without a base."""
    return 0 if base == "none" else BASES[base].multiply_adds
