"""Corrections as a ZIP archive of one folder per class, which other programs read as a labelled data set."""

import hashlib
import json
import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from typing import BinaryIO

from cnn_dash.datasets.corrections import Correction, Corrections

_LONGEST = 60  # characters of a class's name
_UNSAFE = re.compile(r"[^\w\- +&'()]+")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def write_zip(corrections: Corrections) -> BinaryIO:
    """Return an archive, in a temporary file at its beginning.

        pictures/CLASS/ID.png    what was brought
        inputs/CLASS/ID.png      what the network got
        index.jsonl              a line for each, with its files' places in the archive

    A correction that is taken back meanwhile is left out.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PNG is compressed already
        lines = []
        for one in corrections.all():
            try:
                contents = corrections.picture(one).read_bytes(), corrections.model_input(one).read_bytes()
            except OSError:
                continue
            places = [f"{kind}/{folder_name(one.label)}/{one.file}" for kind in ("pictures", "inputs")]
            for place, content in zip(places, contents, strict=True):
                archive.writestr(place, content)
            lines.append(_line(one, places))
        archive.writestr("index.jsonl", "".join(lines))
    file.seek(0)
    return file


def folder_name(class_name: str) -> str:
    """Return a folder's name for a class; another one for every class, whatever characters its name has.

    `7` and `お` stay as they are, `../T-shirt` becomes `_T-shirt-3f9a1c`.
    """
    safe = _UNSAFE.sub("_", class_name)[:_LONGEST].strip(" ")
    if safe == class_name and safe and safe.lower() == safe and safe not in _RESERVED:
        return safe
    # Systems that take upper and lower case for the same, and dots at the end for nothing, get no two alike.
    return f"{safe}-{hashlib.sha256(class_name.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def _line(correction: Correction, places: Sequence[str]) -> str:
    described = asdict(correction)
    described.pop("file")
    return json.dumps({"picture": places[0], "input": places[1], **described}) + "\n"
