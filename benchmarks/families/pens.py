"""What people write with and on: the colours of ink and paper, and how ink lies on it."""

import numpy as np

from families.scene import Colour, Placed, Scene, placed
from families.surface import cloud

Array = np.ndarray

INKS: tuple[Colour, ...] = (
    (0.08, 0.09, 0.11),  # black gel
    (0.1, 0.14, 0.45),  # blue ballpoint
    (0.05, 0.1, 0.62),
    (0.12, 0.2, 0.32),  # blue-black
    (0.62, 0.08, 0.1),  # red
    (0.05, 0.36, 0.2),  # green
    (0.36, 0.12, 0.5),  # violet
    (0.3, 0.17, 0.08),  # brown
)
PAPERS: tuple[Colour, ...] = (
    (0.97, 0.97, 0.97),
    (0.97, 0.95, 0.9),
    (0.93, 0.95, 0.98),
    (0.95, 0.92, 0.83),
    (0.87, 0.86, 0.83),  # recycled
)


def varied(rng: np.random.Generator, colours: tuple[Colour, ...], by: float = 0.04) -> Colour:
    """Return one of the colours, each channel changed by up to `by`."""
    colour = np.array(colours[rng.integers(len(colours))])
    return tuple((colour + rng.uniform(-by, by, 3)).clip(0, 1).tolist())


def write(scene: Scene, digit: Array, ink: Colour | None = None, **where: object) -> Placed:
    """Write a digit somewhere on a page with a pen, or as `where` says, see `placed`."""
    where.setdefault("pen", scene.rng.uniform(-0.7, 0.5))
    put = placed(scene.rng, digit, scene.view, **where)
    scene.write(put, ink or varied(scene.rng, INKS), ballpoint(scene, put))
    return put


def ballpoint(scene: Scene, put: Placed) -> Array:
    """Return how well a pen's ink covers, float32 (H, W), 0–1: pressed harder here than there."""
    pressure = cloud(scene.rng, scene.view.shape, put.height / scene.rng.uniform(2, 5))
    fibres = cloud(scene.rng, scene.view.shape, max(1.5, put.stroke / 5))
    return (0.93 + np.float32(0.05) * pressure + np.float32(0.05) * fibres).clip(0.7, 1)


def graphite(scene: Scene, put: Placed, strength: float) -> Array:
    """Return how well a pencil covers, float32 (H, W), 0–1: the tooth of the paper stays free."""
    tooth = cloud(scene.rng, scene.view.shape, max(1.5, put.stroke / scene.rng.uniform(5, 9)))
    pressure = cloud(scene.rng, scene.view.shape, put.height / scene.rng.uniform(2, 4))
    return (np.float32(strength) * (1 + np.float32(0.12) * pressure + np.float32(0.25) * tooth)).clip(0, 1)


def chalked(scene: Scene, put: Placed) -> Array:
    """Return how well chalk covers, float32 (H, W), 0–1: broken up by the board's roughness."""
    rough = cloud(scene.rng, scene.view.shape, max(1.5, put.stroke / scene.rng.uniform(4, 8)))
    return (0.8 + np.float32(scene.rng.uniform(0.15, 0.3)) * rough).clip(0.25, 1)
