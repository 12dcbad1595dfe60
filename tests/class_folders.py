"""Small data sets of class folders, as people pack them."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

SHAPES = ("bar", "dash", "ring")


def picture(label: str, number: int, size: tuple[int, int] = (8, 8), kind: str = "PNG", mode: str = "L") -> bytes:
    """One picture of a shape, in noise that depends on its number, as a file."""
    width, height = size
    pixels = np.random.default_rng(number).integers(0, 60, (height, width), dtype=np.uint8)
    if label == "bar":
        pixels[:, width // 2] = 250
    elif label == "dash":
        pixels[height // 2] = 250
    else:
        pixels[1, 1:-1] = pixels[-2, 1:-1] = pixels[1:-1, 1] = pixels[1:-1, -2] = 250
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, kind)
    return file.getvalue()


def files(of_each: int = 10, splits: Iterable[str] = ("",), top: str = "") -> dict[str, bytes]:
    """So many pictures of each shape in each split, by path: `top/train/bar/3.png`."""
    return {
        f"{top}{split}{label}/{number}.png": picture(label, number + 100 * place)
        for place, split in enumerate(splits)
        for label in SHAPES
        for number in range(of_each)
    }


def pack(path: Path, contents: Mapping[str, bytes]) -> Path:
    """Write a ZIP archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path
