"""How a page lies in the picture: turned a little, seen a little from the side."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class View:
    """From points of the page to pixels of the picture.

    A point of the page is (x, y) in pixels from the middle, as it were if the page lay straight.

    Attributes:
        matrix: (3, 3), homogeneous, from points of the page to pixels of the picture.
        shape: Height and width of the picture in pixels.
    """

    matrix: Array
    shape: tuple[int, int]

    def pixels(self, points: Array) -> Array:
        """Return where points of the page, (N, 2), are in the picture, (N, 2)."""
        x, y, w = self.matrix @ np.vstack([np.asarray(points, float).T, np.ones(len(points))])
        return np.stack([x / w, y / w], axis=1)

    def points(self, pixels: Array) -> Array:
        """Return which points of the page pixels of the picture show; both (N, 2)."""
        return View(np.linalg.inv(self.matrix), self.shape).pixels(pixels)

    def grid(self) -> tuple[Array, Array]:
        """Return x and y of the page at each pixel's middle, both float32 (H, W)."""
        back = np.linalg.inv(self.matrix).astype(np.float32)
        rows = np.arange(self.shape[0], dtype=np.float32)[:, None] + np.float32(0.5)
        columns = np.arange(self.shape[1], dtype=np.float32)[None] + np.float32(0.5)
        x, y, w = (row[0] * columns + row[1] * rows + row[2] for row in back)
        return x / w, y / w

    def holding(self, centre: Array, scale: float, middle: tuple[float, float]) -> Array:
        """Return the matrix that puts a glyph on the page.

        Args:
            centre: Where on the page its middle comes.
            scale: Pixels of the picture in one of the digit.
            middle: Its middle in pixels of the digit.
        """
        return self.matrix @ _moved(*centre) @ np.diag([scale, scale, 1]) @ _moved(*-np.array(middle))


def straight(shape: tuple[int, int]) -> View:
    """Return the view of a page that lies straight."""
    return View(_moved(shape[1] / 2, shape[0] / 2), shape)


def tilted(
    rng: np.random.Generator, shape: tuple[int, int], degrees: float = 4.0, depth: float = 0.05, turn: float = 0.0
) -> View:
    """Return a view of a page that lies more or less askew.

    Args:
        rng: Where chance comes from.
        shape: Height and width of the picture in pixels.
        degrees: The most that it is turned, either way …
        depth: The most that it is smaller at one side than in the middle, as a share.
        turn: … beside this turn, in degrees, clockwise.
    """
    aslant = np.eye(3)
    aslant[2, :2] = rng.uniform(-depth, depth, 2) / max(shape)
    angle = turn + rng.uniform(-degrees, degrees)
    return View(_moved(shape[1] / 2, shape[0] / 2) @ _turned(angle) @ aslant, shape)


def _moved(x: float, y: float) -> Array:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])


def _turned(degrees: float) -> Array:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
