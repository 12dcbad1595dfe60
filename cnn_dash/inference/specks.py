"""Take dust off a picture before the box around its ink is drawn."""

import numpy as np

from cnn_dash.inference.ink import Array

_CELLS = 40  # along the longer side: gaps and dust finer than a cell do not count
_OF_PICTURE = 0.0002
_OF_LARGEST = 0.02


def without_specks(ink: Array) -> Array:
    """Erase what is too small to be part of the drawing.

    Ink that touches, give or take a cell of a 40-cell grid, is one piece. A piece is dust if it has less than 0.02 % of
    the picture's area, or 2 % of the ink of the largest piece.

    Args:
        ink: float32 (H, W), 0 no ink to 1 full ink.

    Returns:
        The same, with the dust set to 0.
    """
    cell = -(-max(ink.shape) // _CELLS)
    rows, columns = (-(-side // cell) for side in ink.shape)
    padded = np.zeros((rows * cell, columns * cell), np.float32)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    mass = padded.reshape(rows, cell, columns, cell).sum((1, 3))
    pieces = _pieces(mass > 0)
    amounts = [sum(float(mass[place]) for place in piece) for piece in pieces]
    least = max(_OF_PICTURE * ink.size, _OF_LARGEST * max(amounts, default=0))
    kept = np.zeros((rows, columns), bool)
    for piece, amount in zip(pieces, amounts, strict=True):
        if amount >= least:
            kept[tuple(zip(*piece, strict=True))] = True
    return ink * np.kron(kept, np.ones((cell, cell), bool))[: ink.shape[0], : ink.shape[1]]


def _pieces(occupied: np.ndarray) -> list[list[tuple[int, int]]]:
    """The places of each group of occupied cells that touch, corners included."""
    left = {(int(row), int(column)) for row, column in np.argwhere(occupied)}
    pieces = []
    while left:
        piece = [left.pop()]
        for row, column in piece:  # grows while it is read
            near = left.intersection((row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1))
            left -= near
            piece.extend(near)
        pieces.append(piece)
    return pieces
