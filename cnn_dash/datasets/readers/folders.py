"""Class folders: from the paths of pictures to their splits and classes, wherever those paths are.

flowers/train/rose/1.png    split "train", class "rose"; one common top folder is passed by
rose/1.png                  class "rose", no split
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from cnn_dash.datasets.readers.example import Example, Listing, Part, Skipped
from cnn_dash.datasets.readers.limits import refused, require_classes
from cnn_dash.text import one_line

SUFFIXES = {"", ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".avif"}
SUFFIXES |= {".heic", ".heif"}
"""How the names of pictures end; a name without an ending may be one too."""
_ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".npz"}
_SYSTEM = {"__macosx", "thumbs.db", "desktop.ini", "icon\r"}
_SPLITS: dict[str, Part] = {
    **dict.fromkeys(("train", "training", "train_set"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "train"),
    **dict.fromkeys(("test", "testing", "test_set"), "test"),
}
_VALIDATION = {"val", "valid", "validation", "dev"}
_LOOKS_LIKE = "one folder for each class, such as rose/1.jpg and tulip/1.jpg, with train/ and test/ above them or not"
_NEXT = "Move the pictures into folders that are called like their classes, and pack those."


@dataclass(frozen=True)
class Folders:
    """Where every picture belongs.

    Attributes:
        class_names: Sorted, numbers by their value.
        places: Split and class name by path; a text says why a picture belongs nowhere.
        has_test: Whether there is a folder for the test.
        notes: Sentences on how it was understood.
        passed_over: Files that are no pictures, by their names.
    """

    class_names: tuple[str, ...]
    places: dict[str, tuple[Part, str] | str]
    has_test: bool
    notes: tuple[str, ...]
    passed_over: tuple[Skipped, ...]

    def counts(self) -> dict[Part, Counter[str]]:
        """Return the number of pictures by split and class."""
        made: dict[Part, Counter[str]] = {"train": Counter(), "test": Counter()}
        for place in self.places.values():
            if not isinstance(place, str):
                made[place[0]][place[1]] += 1
        return made

    def listing(self, where: str) -> Listing:
        """Return what it holds, where: "a ZIP archive"."""
        split = ", with train and test" if self.has_test else ""
        return Listing(
            f"class folders in {where}{split}",
            self.class_names,
            self.counts(),
            self.has_test,
            notes=self.notes,
            passed_over=self.passed_over,
        )

    def labels(self, paths: Iterable[str]) -> list[str]:
        """Return the class of each path; an empty text for one that belongs nowhere."""
        return ["" if isinstance(place := self.places[path], str) else place[1] for path in paths]

    def example(self, path: str, read: Callable[[], bytes | str]) -> Example:
        """Return the example of a path, read by a function if it belongs somewhere."""
        place = self.places[path]
        return Example("train", "", place, path) if isinstance(place, str) else Example(*place, read(), path)


def require_safe(name: str, path: str) -> None:
    """Refuse a path that names a place outside of its archive. Nothing is ever written there, but who made it tried.

    Raises:
        DataError: If it is absolute, climbs, or has a drive or a NUL character in it.
    """
    parts = re.split(r"[/\\]", path)
    if ".." in parts or path[:1] in ("/", "\\") or re.match(r"[A-Za-z]:", path) or "\0" in path:
        raise refused(name, f"a file called {path[:200]!r}", "paths inside of the archive", "Pack the folder anew.")


def is_hidden(path: str) -> bool:
    """Return whether a file is one that systems leave in folders: `__MACOSX/…`, `.DS_Store`, `Thumbs.db`."""
    return any(part.startswith(".") or part.lower() in _SYSTEM for part in path.split("/"))


def arrange(name: str, paths: Iterable[str]) -> Folders:
    """Tell splits and classes from paths.

    Args:
        name: Name of what is imported, for messages.
        paths: Of all files, with `/` between folders; hidden ones are passed by.

    Raises:
        DataError: If there are no pictures, no class folders, or too few or too many of them.
    """
    pictures: dict[str, tuple[str, ...]] = {}
    passed: list[Skipped] = []
    for path in paths:
        if is_hidden(path):
            continue
        suffix = PurePosixPath(path).suffix.lower()
        if suffix in SUFFIXES:
            pictures[path] = tuple(path.split("/")[:-1])
        else:
            passed.append(Skipped(path, "an archive within" if suffix in _ARCHIVES else "no picture, by its name"))
    if not pictures:
        what = f"no picture; the first file is {passed[0].file}" if passed else "no file in it"
        raise refused(name, what, _LOOKS_LIKE, _NEXT)
    folders = _without_common_top(pictures)
    if not any(folders.values()):
        raise refused(
            name, f"{len(pictures):,} pictures in a single folder, which tells no classes", _LOOKS_LIKE, _NEXT
        )
    places, notes = _places(name, folders)
    found = {place[1] for place in places.values() if not isinstance(place, str)}
    class_names = tuple(sorted(found, key=natural))
    require_classes(name, class_names)
    has_test = any(place[0] == "test" for place in places.values() if not isinstance(place, str))
    return Folders(class_names, places, has_test, tuple(notes), tuple(passed))


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts `2` before `10`."""
    pieces = re.split(r"([0-9]{1,18})", text)
    return tuple((0, int(piece), "") if number % 2 else (1, 0, piece) for number, piece in enumerate(pieces))


def class_name(folder: str) -> str:
    """Return a class's name as it is shown: composed, as one line."""
    return one_line(unicodedata.normalize("NFC", folder))


def _without_common_top(pictures: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    while True:
        tops = {folders[:1] for folders in pictures.values()}
        if len(tops) > 1 or tops == {()}:
            return pictures
        pictures = {path: folders[1:] for path, folders in pictures.items()}


def _without_common_in_splits(folders: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Pass by one common folder within train or test, as in `train/train/rose/1.jpg`."""
    for top in {one[0] for one in folders.values() if one}:
        within = {path: one for path, one in folders.items() if one[:1] == (top,)}
        while len({one[1:2] for one in within.values()}) == 1 and all(len(one) > 2 for one in within.values()):
            within = {path: (top, *one[2:]) for path, one in within.items()}
        folders = folders | within
    return folders


def _places(name: str, folders: dict[str, tuple[str, ...]]) -> tuple[dict[str, tuple[Part, str] | str], list[str]]:
    tops = {one[0].lower() for one in folders.values() if one}
    split = bool(tops & _SPLITS.keys()) and (
        tops <= _SPLITS.keys() or ("train" in tops and bool(tops & (_SPLITS.keys() - {"train"})))
    )
    if split and not any(len(one) > 1 for one in folders.values() if one and one[0].lower() in _SPLITS):
        first = next(path for path, one in folders.items() if one and one[0].lower() in _SPLITS)
        raise refused(name, f"{first}, a picture of no class in {', '.join(sorted(tops))}", _LOOKS_LIKE, _NEXT)
    if split:
        folders = _without_common_in_splits(folders)
    places: dict[str, tuple[Part, str] | str] = {}
    shown: dict[str, str] = {}
    deeper = False
    for path, one in folders.items():
        part: Part = "train"
        if split and one:
            if one[0].lower() not in _SPLITS:
                places[path] = "neither in train nor in test"
                continue
            part, one = _SPLITS[one[0].lower()], one[1:]
        if not one:
            places[path] = "in no class folder"
            continue
        label = class_name(one[0])
        if shown.setdefault(label, unicodedata.normalize("NFC", one[0])) != unicodedata.normalize("NFC", one[0]):
            raise refused(name, f"two folders that both read {label!r}", "names that differ", "Rename one of them.")
        deeper |= len(one) > 1
        places[path] = (part, label)
    notes = ["Folders within class folders do not matter: the first one tells the class."] if deeper else []
    if split and tops & _VALIDATION and "train" in {_SPLITS.get(top) for top in tops - _VALIDATION}:
        notes.append("Its validation images join those for training: every run sets its own aside, by its seed.")
    return places, notes
