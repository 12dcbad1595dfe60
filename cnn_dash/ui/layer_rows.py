"""The layer table as a small HTML table, so that it fits beside the settings and costs the browser nothing."""

from html import escape

from cnn_dash.models.layer_table import LayerTable
from cnn_dash.ui.words import count

_HEADS = ("Layer", "Output", "Parameters", "Mult-adds", "Sees")
_TABLE = (
    "width: 100%; border-collapse: collapse; font-size: 0.8rem; line-height: 1.5; font-variant-numeric: tabular-nums"
)
_LINE = "border-top: 1px solid rgba(128, 128, 128, 0.35)"


def layer_rows_html(table: LayerTable) -> str:
    """One row for each layer, then the total; multiply-adds are for one picture, `sees` is the receptive field."""
    rows = [
        (
            row.name,
            "×".join(map(str, row.output_shape)),
            f"{row.parameters:,}" if row.parameters else "",
            count(row.multiply_adds) if row.multiply_adds else "",
            f"{row.receptive_field}×{row.receptive_field}",
        )
        for row in table.rows
    ]
    total = ("total", "", f"{table.parameters:,}", count(table.multiply_adds), "")
    body = "".join(_row("td", row) for row in rows) + _row("td", total, f"{_LINE}; font-weight: 600")
    content = f"<thead>{_row('th', _HEADS)}</thead><tbody>{body}</tbody>"
    return f'<div style="overflow-x: auto"><table style="{_TABLE}">{content}</table></div>'


def _row(tag: str, cells: tuple[str, ...], style: str = "") -> str:
    aligned = zip(("left", *["right"] * (len(cells) - 1)), cells, strict=True)
    inside = "".join(
        f'<{tag} style="text-align: {side}; padding: 0 0 0 0.25rem">{escape(cell)}</{tag}>' for side, cell in aligned
    )
    return f'<tr style="{style}">{inside}</tr>'
