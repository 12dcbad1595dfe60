"""JSON that every parser takes: NaN and infinity, for which JSON has no word, are written as texts.

`"NaN"`, `"Infinity"` and `"-Infinity"` are what `Number(…)` in JavaScript and `float(…)` in Python read back.
"""

import json
import math
from collections.abc import Mapping
from typing import Any


def encode(value: Any) -> Any:
    """Return a value with every number that is not finite, however deep it lies, as a text."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {name: encode(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [encode(one) for one in value]
    return value


def dumps(value: Any, *, ascii_only: bool = True) -> str:
    """Return a value as JSON, with texts for what is not finite.

    Args:
        value: What JSON can carry; NaN and infinity may be in it.
        ascii_only: Whether other characters are escaped.
    """
    try:
        return json.dumps(value, ensure_ascii=ascii_only, allow_nan=False)
    except ValueError:  # rare, so that usually nothing is gone through twice
        return json.dumps(encode(value), ensure_ascii=ascii_only, allow_nan=False)
