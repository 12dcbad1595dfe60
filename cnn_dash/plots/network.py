"""Draws a network as boxes in the manner of the LeNet and AlexNet papers, from the input to the output."""

from typing import Any

import plotly.graph_objects as go

from cnn_dash.plots.layout import layout
from cnn_dash.plots.network_stages import NetworkInfo, Stage, network_info, size
from cnn_dash.plots.palette import LAYER_COLORS, MUTED, mixed

__all__ = ["NetworkInfo", "describe", "network_info", "network_plot"]

_WORDS = {
    "input": "input",
    "base": "base",
    "convolution": "conv",
    "pooling": "pool",
    "flatten": "flat",
    "global_average": "avg",
    "dense": "dense",
    "softmax": "output",
}

ROOMY = 10
"""With more stages than this the labels stand upright, to stay apart on a screen 360 pixels wide."""
FEWEST_SLOTS = 8
"""A shorter network leaves slots free at both ends, which keeps its boxes in proportion."""

_THIN, _FRONT = 0.07, 0.5  # of a slot, one unit wide: the front of a box without and with all channels
_SLANT_X, _SLANT_Y = 0.3, 0.22  # how far the side of the widest map recedes
_LOW = 0.03  # of the full height: what is left of a 1×1 map


def network_plot(info: NetworkInfo) -> go.Figure:
    """Draw one slot for each stage: kind above, box, shape below.

    The front of a box is as tall as the map and as wide as the root of its channels; its side recedes as far as the
    map is wide. Vectors are bars, as tall as the logarithm of their units.
    """
    count = len(info.stages)
    roomy = count <= ROOMY
    blank = max(FEWEST_SLOTS - count, 0) / 2
    figure = go.Figure(
        go.Scatter(
            x=list(range(count)),
            y=[0] * count,
            mode="markers",
            marker={"size": 20, "opacity": 0, "color": [LAYER_COLORS[stage.kind] for stage in info.stages]},
            text=[_hover(stage) for stage in info.stages],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False, fixedrange=True, range=[-0.55 - blank, count - 0.45 + blank])
    figure.update_yaxes(visible=False, fixedrange=True, range=[-0.5 - _SLANT_Y / 2, 0.5 + _SLANT_Y / 2])
    shapes = [_stem(count)]
    annotations = []
    for place, stage in enumerate(info.stages):
        shapes += _box(place, stage)
        annotations += _labels(place, stage, roomy, font_size=11 if count <= FEWEST_SLOTS or not roomy else 10)
    figure.update_layout(
        layout(
            220,
            shapes=shapes,
            annotations=annotations,
            hoverdistance=80,
            margin={"l": 0, "r": 0, "t": 24 if roomy else 44, "b": 38 if roomy else 64},
        )
    )
    return figure


def describe(info: NetworkInfo) -> str:
    """Return the network in words, from shape to shape."""
    steps = [f"{_spoken(stage.kind)} {size(stage.shape)}" for stage in info.stages]
    return f"Network with {info.parameters:,} parameters: {', then '.join(steps)}."


def _spoken(kind: str) -> str:
    return "output" if kind == "softmax" else kind.replace("_", " ")


def _stem(count: int) -> dict[str, Any]:
    """Return the line behind the boxes, from input to output."""
    return {
        "type": "line",
        "layer": "below",
        "x0": 0,
        "x1": count - 1,
        "y0": 0,
        "y1": 0,
        "line": {"color": MUTED, "width": 1.5},
    }


def _box(place: int, stage: Stage) -> list[dict[str, Any]]:
    """Return front, top and side of a box whose outline is centred on (place, 0)."""
    front = _THIN + _FRONT * stage.width
    over, up = _SLANT_X * stage.depth, _SLANT_Y * stage.depth
    left = place - (front + over) / 2
    right = left + front
    tall = max(stage.height, _LOW)
    bottom = -(tall + up) / 2
    top = bottom + tall
    color = LAYER_COLORS[stage.kind]
    faces = [([(left, bottom), (right, bottom), (right, top), (left, top)], color)]
    if over:
        faces += [
            ([(left, top), (right, top), (right + over, top + up), (left + over, top + up)], _lit(color)),
            ([(right, bottom), (right + over, bottom + up), (right + over, top + up), (right, top)], _shaded(color)),
        ]
    return [_face(corners, fill, edge=_shaded(color)) for corners, fill in faces]


def _face(corners: list[tuple[float, float]], fill: str, edge: str) -> dict[str, Any]:
    path = " L ".join(f"{x:.4f},{y:.4f}" for x, y in corners)
    return {"type": "path", "path": f"M {path} Z", "fillcolor": fill, "line": {"color": edge, "width": 0.75}}


def _lit(color: str) -> str:
    return mixed(color, "#FFFFFF", 0.4)


def _shaded(color: str) -> str:
    return mixed(color, "#000000", 0.25)


def _labels(place: int, stage: Stage, roomy: bool, font_size: int) -> list[dict[str, Any]]:
    shape = size(stage.shape)
    if roomy and len(stage.shape) == 3:
        shape = f"{size(stage.shape[:2])}<br>×{stage.shape[2]}"
    common = {
        "x": place,
        "yref": "paper",
        "showarrow": False,
        "textangle": 0 if roomy else -90,
        "font": {"size": font_size},
    }
    return [
        {**common, "text": _WORDS[stage.kind], "y": 1, "yanchor": "bottom"},
        {**common, "text": shape, "y": 0, "yanchor": "top"},
    ]


def _hover(stage: Stage) -> str:
    lines = [f"<b>{stage.name}</b>", f"output {size(stage.shape)}"]
    if stage.then:
        lines.append("then " + ", ".join(kind.replace("_", " ") for kind in stage.then))
    if stage.kind != "input":
        lines += [
            f"{stage.parameters:,} parameters",
            f"{stage.multiply_adds:,} multiply-adds",
            f"receptive field {stage.receptive_field}×{stage.receptive_field} pixels",
        ]
    return "<br>".join(lines)
