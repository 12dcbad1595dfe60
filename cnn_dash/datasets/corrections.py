"""Pictures whose class a person has told: "it was a 7". They are kept as labelled images, for training later.

    corrections/
        index.jsonl        a line for each correction, and one for each that was taken back
        pictures/ID.png    the upright picture, or what was cut out of it
        inputs/ID.png      what the network got

Several processes may add at once, without a lock: a line is appended by a single write, after its files are there. A
line begins with a line break too, so that one that was cut off (by a full disk, say) spoils no other.
"""

import hashlib
import io
import json
import os
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import TypeAdapter, ValidationError

from cnn_dash.errors import DataError

MOST = 5_000
MOST_BYTES = 500_000_000
LONGEST_PX = 1_600
"""The longer side of a picture that is kept; a larger one is scaled down."""

_FILE = re.compile(r"[0-9a-f]{32}\.png")


@dataclass(frozen=True)
class Correction:
    """A picture and its class, as a person told it.

    Attributes:
        file: Name of its two files, the picture and the model input.
        label: Name of the class that it is.
        class_names: The classes among which the person chose.
        run_id: The run whose network had answered.
        answer: Name of the class that the network had answered.
        confidence: Probability of that answer, 0 to 1.
        time: When, in seconds since 1970.
        sha256: Of the file with the picture, as hexadecimal text.
        size_bytes: What its two files take.
    """

    file: str
    label: str
    class_names: tuple[str, ...]
    run_id: int
    answer: str
    confidence: float
    time: float
    sha256: str
    size_bytes: int


_LINE = TypeAdapter(Correction)


class Corrections:
    """The corrections of an installation.

    Args:
        folder: Where they are kept; it need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = folder / "index.jsonl"

    def picture(self, correction: Correction) -> Path:
        """Return the file with the picture."""
        return self.folder / "pictures" / correction.file

    def model_input(self, correction: Correction) -> Path:
        """Return the file with the model input."""
        return self.folder / "inputs" / correction.file

    def add(
        self,
        picture: np.ndarray,
        model_input: np.ndarray,
        label: int,
        class_names: Sequence[str],
        run_id: int,
        answer: int,
        confidence: float,
    ) -> Correction:
        """Keep a picture with its class.

        Args:
            picture: uint8 (H, W) or (H, W, 3), upright.
            model_input: uint8 (height, width, 1 or 3), what the network got.
            label: Index of the class that it is.
            class_names: The classes of the network.
            run_id: The run whose network answered.
            answer: Index of the class that the network answered.
            confidence: Probability of that answer, 0 to 1.

        Raises:
            DataError: If there are too many already, there is no such class, or it cannot be written.
        """
        if not (0 <= label < len(class_names) and 0 <= answer < len(class_names)):
            raise DataError(
                f"There is no such class. Received: {label}, instead of {answer}. Allowed: 0 to {len(class_names) - 1}."
            )
        files = _png(_scaled_down(picture)), _png(model_input)
        self._check_room(sum(map(len, files)))
        made = Correction(
            file=f"{uuid.uuid4().hex}.png",
            label=class_names[label],
            class_names=tuple(class_names),
            run_id=run_id,
            answer=class_names[answer],
            confidence=confidence,
            time=time.time(),
            sha256=hashlib.sha256(files[0]).hexdigest(),
            size_bytes=sum(map(len, files)),
        )
        try:
            for path, data in zip((self.picture(made), self.model_input(made)), files, strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            self._append(asdict(made))
        except OSError as error:
            self._delete_files(made)
            raise self._not_written(error) from error
        return made

    def remove(self, correction: Correction) -> None:
        """Take a correction back; one that is not there (any more) is no error.

        Raises:
            DataError: If that cannot be written.
        """
        try:
            self._append({"removed": correction.file})
            self._delete_files(correction)
        except OSError as error:
            raise self._not_written(error) from error

    def all(self) -> list[Correction]:
        """Return the corrections, oldest first; of the same picture told several times, the last one."""
        last: dict[tuple[str, tuple[str, ...]], Correction] = {}
        for one in self._kept():
            last.pop((one.sha256, one.class_names), None)
            last[one.sha256, one.class_names] = one
        return list(last.values())

    def _kept(self) -> list[Correction]:
        kept: dict[str, Correction] = {}
        for line in self._lines():
            try:
                value = json.loads(line)
                if isinstance(value, dict) and "removed" in value:
                    kept.pop(str(value["removed"]), None)
                    continue
                one = _LINE.validate_python(value)
            except (ValueError, ValidationError, RecursionError):  # cut off, or not ours
                continue
            if _FILE.fullmatch(one.file):  # it becomes part of a path
                kept[one.file] = one
        return list(kept.values())

    def _lines(self) -> Iterator[str]:
        try:
            with self._index.open(encoding="utf-8", errors="replace") as file:
                yield from (line for line in file if not line.isspace())
        except FileNotFoundError:
            return
        except OSError as error:
            raise DataError(f"{self._index} cannot be read. Received: {error}. Check its permissions.") from error

    def _check_room(self, more_bytes: int) -> None:
        kept = self._kept()
        index_bytes = self._index.stat().st_size if self._index.exists() else 0
        taken = sum(one.size_bytes for one in kept) + index_bytes
        if len(kept) >= MOST or taken + more_bytes > MOST_BYTES:
            raise DataError(
                f"No more corrections can be kept. Received: {len(kept):,} so far, {taken / 1e6:,.0f} MB. Allowed: "
                f"{MOST:,}, and {MOST_BYTES // 10**6} MB. Download them, and delete the folder {self.folder}."
            )

    def _append(self, value: dict[str, object]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        line = b"\n" + json.dumps(value).encode() + b"\n"
        with self._index.open("ab", buffering=0) as file:
            if file.write(line) != len(line):
                raise OSError("the disk is full")
            os.fsync(file.fileno())

    def _delete_files(self, correction: Correction) -> None:
        if _FILE.fullmatch(correction.file):
            for path in (self.picture(correction), self.model_input(correction)):
                path.unlink(missing_ok=True)

    def _not_written(self, error: OSError) -> DataError:
        return DataError(f"The correction cannot be kept in {self.folder}. Received: {error}. Free some space there.")


def _scaled_down(picture: np.ndarray) -> np.ndarray:
    image = Image.fromarray(picture)
    image.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.BOX)
    return np.asarray(image)


def _png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels).save(file, "PNG")
    return file.getvalue()
