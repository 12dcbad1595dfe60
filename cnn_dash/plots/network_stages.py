"""The stages of a network, to scale. `network` draws them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log2, sqrt
from typing import Protocol

FULL_CHANNELS = 512
FULL_UNITS = 2048
"""A stage with so many channels or units is drawn at full width or height; more only if a network has more."""

_STAGES = ("base", "convolution", "pooling", "flatten", "global_average", "dense")
"""Layers that get a box. The others do not change the shape and are told in the hover text of the box before."""


class LayerRow(Protocol):
    """A row of the layer table, as far as it is drawn."""

    @property
    def name(self) -> str:
        """Name of the layer."""

    @property
    def kind(self) -> str:
        """What it does, see `Stage`."""

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of its output without the batch: (H, W, C) or (units,)."""

    @property
    def parameters(self) -> int:
        """Number of weights."""

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds for one image."""

    @property
    def receptive_field(self) -> int:
        """Side of its receptive field in pixels."""


@dataclass(frozen=True)
class Stage:
    """One box of the drawing: a layer and those that follow it without changing the shape.

    Attributes:
        name: Name of the layer.
        kind: "input", "base", "convolution", "pooling", "flatten", "global_average", "dense" or "softmax" (the output).
        shape: (H, W, C) or (units,).
        then: Kinds of the layers that follow, in order.
        parameters: Of all these layers.
        multiply_adds: Of all these layers, for one image.
        receptive_field: Side in pixels of the square of the input that one value depends on.
        height: 0–1. Maps: share of the tallest map, linear. Vectors: logarithmic in the units.
        width: 0–1. Maps: root of the channels. Vectors: 0, they are drawn as bars.
        depth: 0–1. Maps: share of the widest map, linear. Vectors: 0.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    then: tuple[str, ...] = ()
    parameters: int = 0
    multiply_adds: int = 0
    receptive_field: int = 1
    height: float = 0.0
    width: float = 0.0
    depth: float = 0.0


@dataclass(frozen=True)
class NetworkInfo:
    """The boxes of the drawing from the input to the output, at least one."""

    stages: tuple[Stage, ...]

    @property
    def parameters(self) -> int:
        """All numbers the network holds."""
        return sum(stage.parameters for stage in self.stages)


def network_info(rows: Iterable[LayerRow], input_shape: tuple[int, int, int]) -> NetworkInfo:
    """Turn the rows of a layer table into boxes.

    Args:
        rows: The layers in order; may be empty, or end before the output.
        input_shape: (H, W, C) of the images.
    """
    stages = [Stage(name="input", kind="input", shape=input_shape)]
    for row in rows:
        if row.kind in _STAGES:
            stages.append(
                Stage(
                    name=row.name,
                    kind=row.kind,
                    shape=row.output_shape,
                    parameters=row.parameters,
                    multiply_adds=row.multiply_adds,
                    receptive_field=row.receptive_field,
                )
            )
        else:
            stages[-1] = _followed(stages[-1], row)
    return NetworkInfo(_scaled(stages))


def size(shape: tuple[int, ...]) -> str:
    """Return a shape as people write it: `26×26×32`, `3,136`."""
    return "×".join(f"{side:,}" for side in shape)


def _followed(stage: Stage, row: LayerRow) -> Stage:
    """Return a stage with one more layer that keeps its shape. A softmax makes it the output."""
    return replace(
        stage,
        kind="softmax" if row.kind == "softmax" else stage.kind,
        then=(*stage.then, row.kind),
        parameters=stage.parameters + row.parameters,
        multiply_adds=stage.multiply_adds + row.multiply_adds,
    )


def _scaled(stages: list[Stage]) -> tuple[Stage, ...]:
    maps = [stage.shape for stage in stages if len(stage.shape) == 3]
    tallest, widest = max(shape[0] for shape in maps), max(shape[1] for shape in maps)
    channels = max(FULL_CHANNELS, *(shape[2] for shape in maps))
    units = max([FULL_UNITS, *(stage.shape[0] for stage in stages if len(stage.shape) == 1)])

    def scaled(stage: Stage) -> Stage:
        match stage.shape:
            case height, width, depth:
                return replace(stage, height=height / tallest, width=sqrt(depth / channels), depth=width / widest)
            case _:
                return replace(stage, height=log2(1 + stage.shape[0]) / log2(1 + units))

    return tuple(scaled(stage) for stage in stages)
