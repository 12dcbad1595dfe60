"""Networks as people bring them, written by Keras itself, and files made of them."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest

Changed = Callable[[dict[str, Any]], None]


def net(*layers: keras.layers.Layer, scaled: bool = True, shape: tuple[Any, ...] = (28, 28, 1)) -> keras.Model:
    """A small network of ten classes, with further layers in the middle."""
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.Input(shape),
            *([keras.layers.Rescaling(1 / 255)] if scaled else []),
            *layers,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A network in a file."""
    path = tmp_path / "net.keras"
    net(keras.layers.Conv2D(4, 3, activation="relu")).save(path)
    return path


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def with_config(path: Path, change: Changed) -> Path:
    """Change what a file says of its network."""
    files = contents(path)
    config = json.loads(files["config.json"])
    change(config)
    path.write_bytes(packed(files | {"config.json": json.dumps(config).encode()}))
    return path
