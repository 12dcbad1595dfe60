"""The folder of own data sets: which there are, their titles, deleting and bringing back."""

import contextlib
import json
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from cnn_dash.datasets.own.manifest import Manifest, read_manifest
from cnn_dash.datasets.own.names import full_name, split_name
from cnn_dash.errors import ConfigError, DataError, DataNotFound
from cnn_dash.text import one_line, paragraphs

PART = ".part-"
_TRASH = ".trash"
_ABOUT = "about.json"
TRASH_KEPT_S = 7 * 24 * 3600.0
"""A version in the trash is deleted for good after this time, in seconds."""
# A folder that nobody has renamed or written to after so long was left by a process that died.
_ABANDONED_S = 3600.0


@dataclass(frozen=True)
class About:
    """What may be edited of a set, for all its versions.

    Attributes:
        title: Its name on the pages, in any script.
        licence: Who made it, and what may be done with it.
    """

    title: str
    licence: str


def root(data_dir: Path) -> Path:
    """Return the folder of all own data sets."""
    return data_dir / "own"


def folder_of(full: str, data_dir: Path) -> Path:
    """Return the folder of a version, which need not exist.

    Raises:
        ConfigError: If no own data set can be called so.
    """
    parts = split_name(full)
    if parts is None:
        raise ConfigError(f"No data set is called so. Received: {full!r}. See python -m cnn_dash datasets.")
    return root(data_dir) / parts[0] / str(parts[1])


def names(data_dir: Path) -> list[str]:
    """Return the full names of all versions, sets by name, versions in order; folders of other kinds are passed by."""
    found = []
    for folder in _folders(root(data_dir)):
        for version in _folders(folder):
            full = full_name(folder.name, int(version.name)) if version.name.isdecimal() else ""
            if full and split_name(full) == (folder.name, int(version.name)):
                found.append((folder.name, int(version.name), full))
    return [full for _, _, full in sorted(found)]


def taken(name: str, data_dir: Path) -> bool:
    """Return whether there is a version of a set of this name."""
    return any(version.name.isdecimal() for version in _folders(root(data_dir) / name))


def is_there(full: str, data_dir: Path) -> bool:
    """Return whether there is a version of this full name."""
    parts = split_name(full)
    return parts is not None and folder_of(full, data_dir).is_dir()


def next_version(name: str, data_dir: Path) -> int:
    """Return the number of the next version; one in the trash keeps its own."""
    here = [int(one.name) for one in _folders(root(data_dir) / name) if one.name.isdecimal()]
    there = [parts[1] for full in deleted(data_dir) if (parts := split_name(full)) and parts[0] == name]
    return max([*here, *there], default=0) + 1


def versions(name: str, data_dir: Path) -> list[str]:
    """Return the full names of the versions of a set, the first one first."""
    return [full for full in names(data_dir) if (parts := split_name(full)) and parts[0] == name]


def manifest(full: str, data_dir: Path) -> Manifest:
    """Return what is known of a version.

    Raises:
        ConfigError: If no own data set can be called so.
        DataNotFound: If there is none of that name.
        DataError: If its manifest is damaged, or that of another one.
    """
    folder = folder_of(full, data_dir)
    found = read_manifest(folder)
    if (found.name, found.version) != split_name(full):  # files are written under the name that it tells
        raise DataError(
            f"The manifest in {folder} is not that of {full}. Received: {found.name[:100]!r}, version {found.version}. "
            "Allowed: the name of its folder. Give the folder its name back."
        )
    return found


def about(name: str, data_dir: Path, otherwise: Manifest) -> About:
    """Return title and licence of a set; as they were imported, if nobody has edited them."""
    try:
        told = json.loads((root(data_dir) / name / _ABOUT).read_bytes())
        return About(str(told["title"]), str(told["licence"]))
    except (OSError, ValueError, KeyError, TypeError):
        return About(otherwise.title, otherwise.licence)


def rename(full: str, data_dir: Path, *, title: str | None = None, licence: str | None = None) -> About:
    """Give a set, all versions of it, another title or licence note; its name stays.

    Raises:
        DataError: If there is no such set, the title is empty, or it cannot be written.
    """
    found = manifest(full, data_dir)
    old = about(found.name, data_dir, found)
    new = About(
        old.title if title is None else checked_title(title), old.licence if licence is None else paragraphs(licence)
    )
    file = root(data_dir) / found.name / _ABOUT
    part = file.with_name(f"{PART}{secrets.token_hex(4)}")
    try:
        part.write_text(json.dumps({"title": new.title, "licence": new.licence}), "utf-8")
        part.replace(file)
    except OSError as error:
        raise DataError(f"{file} cannot be written. Received: {error}. Make room there.") from error
    return new


def checked_title(title: str) -> str:
    """Return a title as one line.

    Raises:
        DataError: If nothing of it can be seen, or it is too long.
    """
    made = one_line(title)
    if not 0 < len(made) <= 120:
        raise DataError(f"A title has 1 to 120 characters. Received: {len(made)}. Write another one.")
    return made


def delete(full: str, data_dir: Path) -> None:
    """Move a version to the trash of own data sets, from where `undo` brings it back.

    Whether a run needs it is for whoever knows the runs to say (`runs.own_data`).

    Raises:
        DataError: If there is none, or it cannot be moved.
    """
    folder = folder_of(full, data_dir)
    read_manifest(folder)
    trash = root(data_dir) / _TRASH
    about_file = folder.parent / _ABOUT
    try:
        trash.mkdir(exist_ok=True)
        if about_file.exists():  # the next set of this name does not inherit it
            shutil.copyfile(about_file, folder / _ABOUT)
        folder.rename(trash / f"{full}.{time.time_ns()}")
    except OSError as error:
        raise DataError(f"{folder} cannot be moved. Received: {error}. Check its permissions.") from error
    _tidy(folder.parent)


def deleted(data_dir: Path) -> list[str]:
    """Return the full names of what is in the trash, the last deleted first."""
    return list(dict.fromkeys(one.name.rpartition(".")[0] for one in _in_trash(data_dir)))


def undo(full: str, data_dir: Path) -> None:
    """Bring back the version of this name that was deleted last.

    Raises:
        DataNotFound: If there is none in the trash.
        DataError: If another one has its name meanwhile, or it cannot be moved.
    """
    found = next((one for one in _in_trash(data_dir) if one.name.rpartition(".")[0] == full), None)
    if found is None:
        raise DataNotFound(
            f"{full} is not in the trash. Received: that name. Allowed: {', '.join(deleted(data_dir)) or 'none now'}."
        )
    folder = folder_of(full, data_dir)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        found.rename(folder)
        if (folder / _ABOUT).exists() and not (folder.parent / _ABOUT).exists():
            (folder / _ABOUT).rename(folder.parent / _ABOUT)
    except OSError as error:
        raise DataError(f"{full} cannot be brought back. Received: {error}. Is there another one now?") from error


def empty_trash(data_dir: Path, *, older_than_s: float = 0.0) -> int:
    """Delete for good what has been in the trash for so long; return how many versions that were."""
    until = time.time_ns() - int(older_than_s * 1e9)
    found = [folder for folder in _in_trash(data_dir) if int(folder.name.rpartition(".")[2]) <= until]
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return len(found)


def trash_bytes(data_dir: Path) -> int:
    """Return what the trash takes on the disk."""
    total = 0
    for folder in _in_trash(data_dir):
        for file in folder.iterdir():
            with contextlib.suppress(OSError):  # it is being deleted
                total += file.stat().st_size
    return total


def sweep(data_dir: Path) -> None:
    """Delete what imports have left whose process died."""
    for part in (*root(data_dir).glob(f"{PART}*"), *root(data_dir).glob(f"*/{PART}*")):
        with contextlib.suppress(OSError):  # another process is deleting it too
            newest = max(
                [part.stat().st_mtime, *(one.stat().st_mtime for one in os.scandir(part))]
                if part.is_dir()
                else [part.stat().st_mtime]
            )
            if time.time() - newest > _ABANDONED_S:
                shutil.rmtree(part, ignore_errors=True) if part.is_dir() else part.unlink()


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as found:
            return [Path(one) for one in found if one.is_dir() and not one.name.startswith(".")]
    except OSError:
        return []


def _in_trash(data_dir: Path) -> list[Path]:
    found = [one for one in _folders(root(data_dir) / _TRASH) if one.name.rpartition(".")[2].isdecimal()]
    return sorted(found, key=lambda one: int(one.name.rpartition(".")[2]), reverse=True)


def _tidy(folder: Path) -> None:
    """Delete the folder of a set that has no version left."""
    if not _folders(folder):
        with contextlib.suppress(OSError):
            (folder / _ABOUT).unlink(missing_ok=True)
            folder.rmdir()
