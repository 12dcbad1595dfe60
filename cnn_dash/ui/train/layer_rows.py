"""The layer table as a small HTML table, so that it fits beside the settings and costs the browser nothing."""

from collections.abc import Iterable, Iterator
from html import escape

from cnn_dash.models.layer_table import LayerRow, LayerTable
from cnn_dash.ui.formatting import count

_HEADS = ("Layer", "Output", "Params", "Mult-adds", "Rec. field")
# Only headings break and no two columns touch; what is too wide for a phone scrolls within the table.
_TABLE = (
    "width: 100%; border-collapse: collapse; font-size: 0.75rem; line-height: 1.6; white-space: nowrap; "
    "font-variant-numeric: tabular-nums"
)
_HEAD = "white-space: normal; vertical-align: bottom"
_LINE = "border-top: 1px solid rgba(128, 128, 128, 0.35)"
_SHORT = {"convolution": "conv", "batch normalization": "batch norm"}


def layer_rows_html(table: LayerTable) -> str:
    """Return one row per layer, then the total; multiply-adds are for one image.

    A block is named in its first row; the whole name of each layer is its row's title.
    """
    rows = [
        (
            name,
            "×".join(f"{side:,}" for side in row.output_shape),
            f"{row.parameters:,}" if row.parameters else "",
            count(row.multiply_adds) if row.multiply_adds else "",
            f"{row.receptive_field}×{row.receptive_field}",
        )
        for name, row in zip(_names(table.rows), table.rows, strict=True)
    ]
    total = ("total", "", f"{table.parameters:,}", count(table.multiply_adds), "")
    body = "".join(_row("td", cells, title=_title(row)) for cells, row in zip(rows, table.rows, strict=True))
    body += _row("td", total, f"{_LINE}; font-weight: 600")
    content = f"<thead>{_row('th', _HEADS, _HEAD)}</thead><tbody>{body}</tbody>"
    return f'<div style="overflow-x: auto"><table style="{_TABLE}">{content}</table></div>'


def _names(rows: Iterable[LayerRow]) -> Iterator[str]:
    """`block 1 · conv`, then what else belongs to the block, set in."""
    before = ""
    for row in rows:
        place, dot, what = _title(row).partition(" · ")
        short = _SHORT.get(what, what)
        yield f"\u2003{short}" if place == before else f"{place}{dot}{short}"
        before = place


def _title(row: LayerRow) -> str:
    """Return the name of a layer; `answer` stays in the network, where names seed the weights."""
    return f"output{row.name.removeprefix('answer')}" if row.name.startswith("answer") else row.name


def _row(tag: str, cells: tuple[str, ...], style: str = "", title: str = "") -> str:
    aligned = zip(("left", *["right"] * (len(cells) - 1)), cells, strict=True)
    inside = "".join(
        f'<{tag} style="text-align: {side}; padding: 0 0 0 {0 if side == "left" else 0.6}rem">{escape(cell)}</{tag}>'
        for side, cell in aligned
    )
    return f'<tr style="{style}" title="{escape(title)}">{inside}</tr>'
