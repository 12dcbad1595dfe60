"""A map of images, computed in the background: places, and small images as tiles of one picture."""

from dataclasses import dataclass

import numpy as np

from cnn_dash.datasets.exploration import image_map, positions
from cnn_dash.datasets.exploration.averaging import thumbnails
from cnn_dash.datasets.exploration.image_map import ImageMap
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.jobs import Job
from cnn_dash.ui.components.image_map import Tiles, tiles

PCA, TSNE = "PCA", "t-SNE"
KIND_HELP = (
    "PCA is there at once and keeps distances. t-SNE takes half a minute or more and keeps neighbours together; its "
    "distances between groups mean nothing. UMAP is not offered: it would bring a compiler of 150 MB."
)
_TILE_PX = {1: 32, 3: 40}


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """Places of images, and the images.

    Attributes:
        found: Where they are.
        tiles: How they look, in the same order.
    """

    found: ImageMap
    tiles: Tiles


def draw_map(data: Imported, kind: str, job: Job[DrawnMap]) -> DrawnMap:
    """Arrange the images of a data set by `PCA` or `TSNE`; the work of a job."""
    found = image_map.pca_map(data) if kind == PCA else image_map.tsne_map(data)
    job.tell("Making small images")
    return DrawnMap(found, tiles(_small(data, found)))


def _small(data: Imported, found: ImageMap) -> np.ndarray:
    length = positions.chunk_length(data)
    longest = _TILE_PX[data.train_images.shape[3]]
    return np.concatenate(
        [
            thumbnails(positions.images_at(data, found.positions[begin : begin + length]), longest)
            for begin in range(0, len(found.positions), length)
        ]
    )
