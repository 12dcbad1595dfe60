"""The model card as HTML: headings, lists, tables and paragraphs, which is all that `exporters/card.py` writes."""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

_RULE = re.compile(r"\|( --- \|)+")


def to_html(text: str) -> str:
    """Return Markdown as HTML; whatever else it holds is text. Headings begin at the second level."""
    return "\n".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    for is_kind, lines in groupby(text.splitlines(), _kind):
        block = list(lines)
        if is_kind == "list":
            yield "<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in block) + "</ul>"
        elif is_kind == "table":
            yield _table(block)
        elif is_kind == "heading":
            for line in block:
                marks, _, words = line.partition(" ")
                yield f"<h{len(marks) + 1}>{_inline(words)}</h{len(marks) + 1}>"
        elif is_kind == "text":
            yield f"<p>{'<br>'.join(map(_inline, block))}</p>"


def _kind(line: str) -> str:
    if not line.strip():
        return "nothing"
    if re.match(r"#{1,3} ", line):
        return "heading"
    return "list" if line.startswith("- ") else "table" if line.startswith("| ") else "text"


def _table(lines: list[str]) -> str:
    rows = [line for line in lines if not _RULE.fullmatch(line)]
    head, *body = ([_inline(cell.strip()) for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows)
    cells = "".join(f"<th>{cell}</th>" for cell in head)
    return f"<table><tr>{cells}</tr>" + "".join(f"<tr>{_row(row)}</tr>" for row in body) + "</table>"


def _row(cells: list[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _inline(text: str) -> str:
    """Return words with code, stress and addresses; the addresses are text, as the page works offline."""
    safe = escape(re.sub(r"(?<!\\)<(https?://[^\s<>]+)>", r"\1", text).replace("\\|", "|").replace("\\<", "<"))
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
