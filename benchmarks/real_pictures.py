"""How well real pictures are read: those of a folder, whose names end in what is on them."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from picture_scores import SURE
from reading import Network, doubt, read

from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture

_NAME = re.compile(r"(?P<kind>.+?)(-[a-z])?_(?P<label>\d+)$")


@dataclass(frozen=True)
class Real:
    """How one real picture was read.

    Attributes:
        file: The picture.
        kind: What kind it is, by its folder, or by its name without a last letter: `grid-cell` of `grid-cell-a_1.png`.
        label: What is on it.
        answer: What was read, empty if it was refused.
        confidence: The least of the answers', 0–1.
        doubted: Whether it was said to be doubtful.
    """

    file: Path
    kind: str
    label: str
    answer: str
    confidence: float
    doubted: bool

    @property
    def right(self) -> bool:
        """Whether it was read right."""
        return self.answer == self.label


def read_folder(network: Network, folder: Path) -> list[Real]:
    """Read all pictures below a folder whose names end in `_LABEL` before the ending; others are left alone."""
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if named := _NAME.match(file.stem):
            kind = named["kind"] if file.parent == folder else file.parent.relative_to(folder).as_posix()
            try:
                answers = read(network, open_picture(file.read_bytes(), file.name))
            except PictureError:
                answers = []
            text = "".join(network.model_input.class_names[answer.label] for answer in answers)
            sureness = min((answer.confidence for answer in answers), default=0.0)
            found.append(Real(file, kind, named["label"], text, sureness, doubt(answers) > 1))
    return found


def report(found: list[Real]) -> str:
    """Return what was read right, kind by kind, the worst first, and each picture that was not."""
    kinds = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one.right)
    lines = [f"{sum(one.right for one in found)} of {len(found)} real pictures read right"]
    lines += [
        f"  {sum(right) / len(right):7.1%} of {len(right):4d}  {kind}"
        for kind, right in sorted(kinds.items(), key=lambda kind: sum(kind[1]) / len(kind[1]))
    ]
    lines += [
        f"  {one.file.name}: {one.answer or 'refused'}, {one.confidence:.0%}{_note(one)}"
        for one in found
        if not one.right
    ]
    return "\n".join(lines)


def _note(one: Real) -> str:
    if one.doubted:
        return ", doubtful"
    return ", sure" if one.confidence >= SURE else ""
