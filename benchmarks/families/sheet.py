"""Many pictures at a glance."""

from collections.abc import Iterable

from PIL import Image, ImageOps


def contact_sheet(pictures: Iterable[Image.Image], columns: int = 6, cell_px: int = 200) -> Image.Image:
    """Return pictures side by side, each scaled to fit its cell; what is transparent shows the grey behind.

    Args:
        pictures: Of any mode and size.
        columns: Pictures in a row.
        cell_px: Side of a cell.

    Returns:
        Mode "RGB".
    """
    cells = [_fit(picture, cell_px - 4) for picture in pictures]
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (columns * cell_px, max(rows, 1) * cell_px), "#7a8a8a")
    for number, cell in enumerate(cells):
        sheet.paste(cell, (number % columns * cell_px + 2, number // columns * cell_px + 2), cell)
    return sheet


def _fit(picture: Image.Image, side_px: int) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits, which Pillow would cut off instead of scale
        picture = picture.point(lambda level: level * (1 / 257)).convert("L")
    return ImageOps.contain(picture.convert("RGBA"), (side_px, side_px))
