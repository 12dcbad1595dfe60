"""How much a file may hold, and the sentence with which one is refused that holds more."""

from cnn_dash.errors import DataError
from cnn_dash.inference.pictures import MAX_BYTES as MOST_PICTURE_BYTES

MOST_EXAMPLES = 1_000_000
MOST_BYTES = 50_000_000_000
"""Of everything in a file together, unpacked."""
MOST_RATIO = 300
"""Unpacked to packed: a blank BMP comes to some 200, a bomb to 1,000 and more. Small files may have any."""
SMALL_BYTES = 100_000_000
MOST_DIRECTORY_BYTES = 64_000_000
"""Of the table of contents of a ZIP archive, which is read as a whole."""
LONGEST_NAME = 1_000
CLASSES = (2, 1_000)
LONGEST_CLASS_NAME = 200

__all__ = ["MOST_PICTURE_BYTES", "Meter", "refused", "require_classes"]


def refused(name: str, received: str, allowed: str, then: str) -> DataError:
    """Return the error for a file as a whole."""
    return DataError(f"{name} cannot be imported. Received: {received}. Allowed: {allowed}. {then}")


def require_classes(name: str, class_names: tuple[str, ...]) -> None:
    """Refuse fewer classes than can be told apart, and more than a network here has.

    Raises:
        DataError: If there are too few or too many, or a name cannot be shown.
    """
    low, high = CLASSES
    if not low <= len(class_names) <= high:
        only = f", {class_names[0]!r}" if len(class_names) == 1 else ""
        raise refused(
            name,
            f"{len(class_names):,} {'class' if len(class_names) == 1 else 'classes'}{only}",
            f"{low} to {high:,} classes",
            "Give every class a folder, or a label, of its own.",
        )
    for one in class_names:
        if not one or len(one) > LONGEST_CLASS_NAME:
            raise refused(
                name, f"a class whose name has {len(one):,} characters", f"1 to {LONGEST_CLASS_NAME}", "Rename it."
            )


class Meter:
    """Counts what is unpacked, and refuses a file that becomes far too large.

    Args:
        name: The file's name.
        packed: Its size in bytes.
    """

    def __init__(self, name: str, packed: int) -> None:
        self._name, self._packed, self.done = name, packed, 0

    def add(self, count: int) -> None:
        """Count bytes.

        Raises:
            DataError: If they are too many.
        """
        self.done += count
        if self.done > MOST_BYTES:
            raise refused(
                self._name,
                f"more than {MOST_BYTES / 1e9:,.0f} GB unpacked",
                f"up to {MOST_BYTES / 1e9:,.0f} GB",
                "Bring fewer or smaller pictures.",
            )
        if self.done > SMALL_BYTES and self.done > MOST_RATIO * self._packed:
            raise refused(
                self._name,
                f"{self.done:,} bytes and more, packed into {self._packed:,}, as a decompression bomb is",
                f"at most {MOST_RATIO} times its own size unpacked",
                "Save the pictures as PNG or JPEG and pack them again.",
            )
