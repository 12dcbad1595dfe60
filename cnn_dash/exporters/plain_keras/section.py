"""A titled part of a program, and how its code is laid out: as `ruff format` would do it."""

import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from string import Template

WIDTH = 120


@dataclass(frozen=True)
class Section:
    """A part of a program.

    Attributes:
        title: What it does, in a few words.
        text: What a reader has to know, a paragraph each.
        code: Its lines, without a line break at the end.
        imports: The lines that import what the code uses.
    """

    title: str
    text: tuple[str, ...]
    code: str
    imports: tuple[str, ...] = ()


def comment(*paragraphs: str) -> str:
    """Return paragraphs as comments, wrapped."""
    wrapped = [textwrap.fill(one, _width(one), initial_indent="# ", subsequent_indent="# ") for one in paragraphs]
    return "\n#\n".join(wrapped)


def _width(text: str) -> int:
    """Return how many characters fit in a line: half as many if some are as wide as two, as Japanese ones are."""
    return WIDTH // 2 if any(unicodedata.east_asian_width(char) in "WF" for char in text) else WIDTH


def block(start: str, lines: Iterable[str], end: str) -> str:
    """Return a call, list or dictionary with one item a line, each with its comma; comments among them have none."""
    body = "\n".join(f"    {line}" if line.startswith("#") else f"    {line}," for line in lines)
    return f"{start}\n{body}\n{end}"


def fill(template: str, **values: object) -> str:
    """Return code with values at its `$names`; lines of a value are indented as the line that has its name.

    A line whose value is empty is left out.
    """
    lines = []
    for line in textwrap.dedent(template).strip("\n").splitlines():
        filled = Template(line).substitute(values)
        indent = line[: len(line) - len(line.lstrip())]
        if filled.strip() or not line.strip():
            lines.append(textwrap.indent(filled.removeprefix(indent), indent) if filled.strip() else "")
    return "\n".join(lines)
