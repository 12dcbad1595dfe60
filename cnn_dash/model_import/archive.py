"""Whether a file is a Keras archive of an honest size, by the directory of its ZIP: nothing is unpacked before that."""

import io
import json
import zipfile
from typing import Any, BinaryIO

from cnn_dash.errors import ModelFileError

MOST_BYTES = 500_000_000
MOST_UNPACKED_BYTES = 1_000_000_000
MOST_CONFIG_BYTES = 10_000_000
# Keras stores without compression. Weights hardly shrink; a file of zeros does, a thousandfold.
MOST_RATIO = 50

_CONFIG = "config.json"
_WEIGHTS = ("model.weights.h5", "model.weights.npz")
_FILES = {_CONFIG, "metadata.json", *_WEIGHTS}
_KINDS = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file (.h5), whose layers Keras cannot load safely"),
    (b"\x80", "a pickle, which is a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"GGUF", "a GGUF file"),
    (b"BZh", "a bzip2 archive"),
)


def read_config(file: BinaryIO, name: str) -> dict[str, Any]:
    """Check a `.keras` file by its directory, and return the configuration of the network in it.

    Args:
        file: The file, open for reading; little of it is read.
        name: What it is called, for the messages.

    Raises:
        ModelFileError: If it is another kind of file, too large, packed so that it could fill the disk, or damaged.
    """
    size = file.seek(0, io.SEEK_END)
    if size > MOST_BYTES:
        raise refused(name, f"{size:,} bytes", f"up to {MOST_BYTES:,} bytes")
    file.seek(0)
    head = file.read(8)
    if not head.startswith(b"PK\x03\x04"):
        kind = next((kind for start, kind in _KINDS if head.startswith(start)), "a file that is no ZIP archive")
        raise refused(name, kind)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive, name)
            # zipfile reads no more than the directory says, and complains if there was more, or something else.
            config = json.loads(archive.read(_CONFIG))
    except ModelFileError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        # RecursionError, of lists in lists in lists, is a RuntimeError; zlib's own error is none of these
        raise refused(name, f"a damaged archive: {str(error)[:200]}") from None
    except Exception as error:  # zlib, lzma
        raise refused(name, f"a damaged archive: {type(error).__name__}") from None
    if not isinstance(config, dict):
        raise refused(name, "an archive whose config.json describes no network")
    return config


def _check_directory(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if _CONFIG not in names or not any(one in names for one in _WEIGHTS):
        what = "a SavedModel" if any(one.endswith("saved_model.pb") for one in names) else "a ZIP archive"
        raise refused(name, f"{what} without config.json and model.weights.h5")
    if len(set(names)) < len(names):
        raise refused(name, "an archive with two files of one name")
    foreign = next((one for one in names if one not in _FILES), None)
    if foreign is not None:
        raise refused(name, f"an archive with {foreign[:80]!r} in it", "config.json, metadata.json and the weights")
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused(name, "an archive that is locked by a password")
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MOST_UNPACKED_BYTES:
        raise refused(name, f"{unpacked:,} bytes when unpacked", f"up to {MOST_UNPACKED_BYTES:,} bytes")
    if unpacked > MOST_RATIO * packed + MOST_CONFIG_BYTES:
        raise refused(name, f"{unpacked:,} bytes packed into {packed:,}", "weights, which do not shrink so far")
    if archive.getinfo(_CONFIG).file_size > MOST_CONFIG_BYTES:
        raise refused(name, f"a config.json of more than {MOST_CONFIG_BYTES:,} bytes")


def refused(name: str, received: str, allowed: str = "") -> ModelFileError:
    """Return the error that says why a file is not imported."""
    return ModelFileError(
        f"{name} is not imported. Received: {received}. Allowed: "
        f"{allowed or 'a .keras file, as model.save(“net.keras”) of Keras 3 writes it'}. "
        "Save it again with Keras 3 (an .h5 file: keras.models.load_model, then model.save) and try again."
    )
