"""What light does on a page: grain, gradients, shadows, and the camera that takes the picture."""

import io

import numpy as np
import scipy.ndimage
from PIL import Image

Array = np.ndarray


def cloud(rng: np.random.Generator, shape: tuple[int, int], cell_px: float) -> Array:
    """Return smooth noise, float32 (H, W), mean 0, deviation about 1, its spots about `cell_px` in size."""
    small = [max(2, round(side / max(cell_px, 1))) for side in shape]
    noise = Image.fromarray(rng.standard_normal(small, np.float32))
    return np.asarray(noise.resize(shape[::-1], Image.Resampling.BICUBIC))


def grain(rng: np.random.Generator, shape: tuple[int, int], strength: float) -> Array:
    """Return how much more light paper sends back here than there, float32 (H, W), about 1: fibres and stains."""
    fine = cloud(rng, shape, rng.uniform(1.5, 4))
    stains = cloud(rng, shape, max(shape) / rng.uniform(4, 12))
    return 1 + np.float32(strength) * (fine + np.float32(0.8) * stains) / 1.3


def ramp(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Return a plane over the picture that rises in a random direction, float32 (H, W), 0–1."""
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.ogrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    plane = (x * np.cos(angle) + y * np.sin(angle)).astype(np.float32)
    return (plane - plane.min()) / np.ptp(plane)


def light(rng: np.random.Generator, shape: tuple[int, int], darkest: float = 0.6, vignette: float = 0.0) -> Array:
    """Return the light on the page, float32 (H, W): 1 at the brightest, `darkest` at the far side, corners darker."""
    plane = ramp(rng, shape) ** np.float32(rng.uniform(0.7, 1.5))
    lit = np.float32(darkest) + np.float32(1 - darkest) * plane
    if vignette:
        y, x = np.ogrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
        at = rng.uniform(-0.15, 0.15, 2)
        lit = lit * (1 - np.float32(vignette / 2) * ((x - at[0]) ** 2 + (y - at[1]) ** 2)).clip(0.1).astype(np.float32)
    return lit


def shadow(rng: np.random.Generator, shape: tuple[int, int], depth: float, edge_px: float) -> Array:
    """Return a shadow that something beside the page throws on it, float32 (H, W), 1 in the light, 1 - depth in it."""
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    angle = rng.uniform(0, 2 * np.pi)
    through = (rng.uniform(0.2, 0.8) * shape[1], rng.uniform(0.2, 0.8) * shape[0])
    side = (x - through[0]) * np.cos(angle) + (y - through[1]) * np.sin(angle)
    side = side + max(shape) * rng.uniform(0, 0.04) * cloud(rng, shape, max(shape) / rng.uniform(2, 4))
    return 1 - np.float32(depth) / (1 + np.exp(-(side / max(edge_px, 0.5)).clip(-30, 30))).astype(np.float32)


def taken(
    colours: Array,
    rng: np.random.Generator,
    blur_px: float = 0.0,
    noise: float = 0.0,
    jpeg: int | None = None,
) -> Image.Image:
    """Take the picture of a scene.

    Args:
        colours: float32 (3, H, W), 0–1 and beyond, which is cut off.
        rng: Where the noise comes from.
        blur_px: Standard deviation of the lens' blur.
        noise: Standard deviation of the sensor's noise, of 0–1; a part of it is coloured.
        jpeg: Quality if the camera compresses.

    Returns:
        Mode "RGB".
    """
    if blur_px > 4:  # three boxes are as good, and much faster
        side = round(np.sqrt(4 * blur_px**2 + 1))
        for _ in range(3):
            colours = scipy.ndimage.uniform_filter(colours, (0, side, side))
    elif blur_px:
        colours = scipy.ndimage.gaussian_filter(colours, (0, blur_px, blur_px), truncate=3)
    if noise:
        colours = colours + np.float32(noise) * rng.standard_normal(colours.shape[1:], np.float32)
        colours += np.float32(noise / 2) * cloud(rng, colours.shape[1:], 2) * rng.normal(0, 1, (3, 1, 1)).astype("f4")
    levels = (colours * np.float32(255) + np.float32(0.5)).clip(0, 255).astype(np.uint8)
    picture = Image.merge("RGB", [Image.fromarray(plane) for plane in levels])
    return picture if jpeg is None else compressed(picture, jpeg)


def compressed(picture: Image.Image, quality: int, **options: object) -> Image.Image:
    """Return a picture as it comes out of a JPEG."""
    return saved(picture, "JPEG", quality=quality, **options)


def saved(picture: Image.Image, kind: str, **options: object) -> Image.Image:
    """Return a picture as it comes out of a file of that kind."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    opened = Image.open(file)
    opened.load()
    return opened
