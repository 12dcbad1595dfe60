"""Puts the page together: the network, its script and its looks in one file, which asks for nothing else."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from cnn_dash import __version__
from cnn_dash.errors import StoreError
from cnn_dash.exporters.card import model_card
from cnn_dash.exporters.export_format import Answer, ExportFormat
from cnn_dash.exporters.html_page.markdown import to_html
from cnn_dash.exporters.html_page.numpy_network import carry_out
from cnn_dash.exporters.html_page.operations import Floats, Operation, operations_of
from cnn_dash.exporters.source import ExportSource
from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.inference.kept_temperature import read_familiarity
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.metrics import percent
from cnn_dash.text import one_line

MOST_PARAMETERS = 10_000_000
"""Of more the page would be over 50 MB, which phones hardly open."""

_MOST_FEATURES = 1_000_000  # bytes: what a training image looks like to a large network is left out
_SCRIPTS = (
    "network.js", "framing.js", "ink.js", "pieces.js", "characters.js", "plausibility.js", "reading.js", "answers.js",
    "canvas.js", "page.js",
)  # fmt: skip
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def write_page(source: ExportSource, file: Path) -> None:
    """Write the page of a run.

    Raises:
        StoreError: If the network is too large, or has a layer that the page cannot carry out.
    """
    from cnn_dash.inference.predictor import with_framing

    known = with_framing(source.model_input, source.folder)
    operations = operations_of(source.network, *known.factor_and_offset, known.outputs)
    parameters = sum(array.size for one in operations for array in one.arrays)
    if parameters > MOST_PARAMETERS:
        raise StoreError(
            f"The network of run {source.run.id} is too large for a page. Received: {parameters:,} parameters. "
            f"Allowed: {MOST_PARAMETERS:,}, a page of about 50 MB. Take another format, such as onnx."
        )
    familiarity = _familiarity(source, operations)
    title, about = _words(source)
    file.write_text(
        page(title, about, to_html(model_card(source)), operations, known, familiarity), "utf-8", newline="\n"
    )


def page(
    title: str,
    about: str,
    card: str,
    operations: Sequence[Operation],
    known: ModelInput,
    familiarity: Familiarity | None = None,
) -> str:
    """Return the page as text.

    Args:
        title: Its heading.
        about: A line below it.
        card: The model card, as HTML.
        operations: The network.
        known: How images go into it.
        familiarity: What it has seen, by which doubtful drawings are told; None if that was not measured.
    """
    script = "\n".join(_part(name) for name in _SCRIPTS)
    script, style = f'"use strict";\n{script}', _part("page.css")
    network, weights = _network(operations, known, familiarity)
    features = b"" if familiarity is None else _half_bytes(familiarity)
    parts = {
        "policy": f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'",
        "version": escape(__version__),
        "title": escape(title),
        "about": escape(about),
        "icon": quote((files("cnn_dash") / "ui" / "icon.svg").read_text("utf-8")),
        "style": style,
        "card": card,
        "network": network,
        "weights": base64.b64encode(weights).decode(),
        "features": base64.b64encode(features).decode(),
        "script": script,
    }
    # In one go: what somebody called a class may look like a place for something else.
    return _PLACE.sub(lambda place: parts[place[1]], _part("page.html"))


def open_page(file: Path) -> Answer:
    """Read the network out of a page, and carry it out with NumPy."""
    text = file.read_text("utf-8")
    network = json.loads(_block(text, "network"))
    numbers = np.frombuffer(base64.b64decode(_block(text, "weights")), "<f4")
    operations = []
    for one in network["operations"]:
        arrays = [numbers[first : first + count] for first, count in one.pop("arrays")]
        kind = one.pop("kind")
        shape = {"convolution": "kernel", "dense": "size"}.get(kind)
        if shape is not None:
            arrays[0] = arrays[0].reshape(one[shape])
        operations.append(Operation(kind, one, tuple(arrays)))

    def answer(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return carry_out(operations, images)

    return answer


def _network(operations: Sequence[Operation], known: ModelInput, familiarity: Familiarity | None) -> tuple[str, bytes]:
    """Return all that the script has to know as JSON, and the weights as little-endian float32."""
    arrays: list[Floats] = []
    described: list[dict[str, Any]] = []
    count = 0
    for one in operations:
        places = []
        for array in one.arrays:
            places.append([count, array.size])
            count += array.size
            arrays.append(array.ravel())
        described.append({"kind": one.kind, **one.settings, "arrays": places})
    told = {
        "class_names": list(map(one_line, known.class_names)),
        "shape": list(known.image_shape),
        "framing": None if known.framing is None else asdict(known.framing),
        "doubt": None
        if familiarity is None
        else {
            "temperature": familiarity.told_temperature,
            "fitted_temperature": familiarity.temperature,
            "entropy_limit": familiarity.entropy_limit,
            "distance_limit": familiarity.distance_limit,
            "features": bool(_half_bytes(familiarity)),
        },
        "operations": described,
    }
    # Whatever a class is called, it does not end the element that it stands in.
    text = json.dumps(told, allow_nan=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text, np.concatenate([*arrays, np.zeros(0, np.float32)]).astype("<f4").tobytes()


def _familiarity(source: ExportSource, operations: Sequence[Operation]) -> Familiarity | None:
    found = read_familiarity(source.folder)
    if found is None:
        return None
    dense = [one.settings["size"][0] for one in operations if one.kind == "dense"]
    # A network within a network has other features than those that were measured.
    return found if dense and found.features.shape[1] == dense[-1] else None


def _half_bytes(familiarity: Familiarity) -> bytes:
    data = familiarity.features.astype("<f2").tobytes()
    return data if len(data) <= _MOST_FEATURES else b""


def _words(source: ExportSource) -> tuple[str, str]:
    run = source.run
    tested = "not tested" if run.result is None else f"{percent(run.result.accuracy)} of its test images right"
    when = run.ended_at or run.created_at
    return one_line(run.name), f"Run {run.id} · {tested} · {when.day} {when:%B %Y}"


def _part(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8").strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _block(text: str, name: str) -> str:
    found = re.search(rf'<script type="[^"]+" id="{name}">(.*?)</script>', text, re.DOTALL)
    if found is None:
        raise StoreError(f"The page is damaged. Received: a file without {name}. Export it again.")
    return found[1]


HTML = ExportFormat(
    name="html",
    label="HTML page",
    suffix=".html",
    about="One file with the network and a canvas. It recognises drawings offline, in any browser, also on a phone. "
    "Send it by e-mail, or open it from disk.",
    media_type="text/html; charset=utf-8",
    write=write_page,
    open=open_page,
    bytes_per_parameter=6,
    checked_by="The network in the page was carried out by NumPy, not by a browser.",
)
