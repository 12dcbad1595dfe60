"""What is known of a setting beyond its type, bounds, title and description, which are those of its `Field`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Unit = Literal["", "%", "°", "epochs"]


@dataclass(frozen=True)
class Setting:
    """Metadata of one field, given as `Annotated[int, Setting(...)]`.

    Attributes:
        unit: What stands behind a number; "%" is for a fraction of 0–1, shown as per cent.
        stops: Numbers that a slider offers, where even steps would be of no use. The bounds are among them; what lies
            between two of them is allowed as well.
        log: Whether factors count rather than differences, so that a search samples on a logarithmic scale.
        labels: What a choice is called on a page, where that is not its value.
        only_if: Fields of the same part, or whole paths (`model.base`), and the values of each with which this setting
            has an effect. One that holds is enough; if it is empty, the setting always has an effect. What a part
            needs, all its settings need as well.
    """

    unit: Unit = ""
    stops: tuple[float, ...] = ()
    log: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    only_if: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


class Part(BaseModel):
    """Base of all parts of a configuration: they never change, and take neither unknown names nor NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


SIZES = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 2048, 4096)
FRACTIONS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
EPOCHS = (*range(1, 11), 15, 20, 30, 50, 100)


def up_to(stops: tuple[float, ...], most: float) -> tuple[float, ...]:
    """Return the stops that are not larger than `most`."""
    return tuple(stop for stop in stops if stop <= most)
