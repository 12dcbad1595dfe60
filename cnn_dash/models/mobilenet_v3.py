"""MobileNetV3 without its last layers, as arithmetic: what it holds, and what it costs.

Source: Searching for MobileNetV3 (Howard et al., ICCV 2019), table 2, as `keras.applications` builds it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bottleneck:
    """An inverted residual block: widen (unless it is the first), a window for each channel, narrow.

    Attributes:
        wide: Channels inside.
        out: Channels that it puts out.
        kernel: Side of the window.
        stride: Of the window.
        attention: Whether its channels are weighted by squeeze-and-excite.
    """

    wide: int
    out: int
    kernel: int
    stride: int
    attention: bool


STEM = 16
SMALL = (
    Bottleneck(16, 16, 3, 2, True),
    Bottleneck(72, 24, 3, 2, False),
    Bottleneck(88, 24, 3, 1, False),
    Bottleneck(96, 40, 5, 2, True),
    Bottleneck(240, 40, 5, 1, True),
    Bottleneck(240, 40, 5, 1, True),
    Bottleneck(120, 48, 5, 1, True),
    Bottleneck(144, 48, 5, 1, True),
    Bottleneck(288, 96, 5, 2, True),
    Bottleneck(576, 96, 5, 1, True),
    Bottleneck(576, 96, 5, 1, True),
)
_NORM = 4
"""Numbers of batch normalization for each channel: scale, offset, moving mean and variance."""


@dataclass(frozen=True)
class Count:
    """What such a network amounts to; see `PretrainedBase`."""

    output_shape: tuple[int, int, int]
    parameters: int
    multiply_adds: int


def count(blocks: tuple[Bottleneck, ...], size: int) -> Count:
    """Count numbers and multiply-adds for colour images of `size` × `size` pixels."""
    side, channels = -(-size // 2), STEM
    weights, work = 9 * 3 * STEM, 9 * 3 * STEM * side**2
    others = _NORM * STEM
    for number, block in enumerate(blocks):
        if number:
            weights += channels * block.wide
            work += channels * block.wide * side**2
            others += _NORM * block.wide
        side = -(-side // block.stride)
        weights += block.kernel**2 * block.wide
        work += block.kernel**2 * block.wide * side**2
        others += _NORM * block.wide
        if block.attention:
            squeezed = round_to_eight(block.wide / 4)
            weights += 2 * block.wide * squeezed
            work += 2 * block.wide * squeezed
            others += block.wide + squeezed  # the biases
        weights += block.wide * block.out
        work += block.wide * block.out * side**2
        others += _NORM * block.out
        channels = block.out
    last = round_to_eight(6 * channels)
    weights += channels * last
    work += channels * last * side**2
    return Count((side, side, last), weights + others + _NORM * last, work)


def round_to_eight(channels: float) -> int:
    """Return the multiple of 8 that is nearest, but at least 8 and not less than nine tenths, as the authors do."""
    near = max(8, int(channels + 4) // 8 * 8)
    return near + 8 if near < 0.9 * channels else near
