"""What a configuration changes of its preset, in words."""

from functools import lru_cache

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import differences, field
from cnn_dash.ui.formatting import format_value

LAYERS = {"blocks": "block", "dense": "dense layer", "augmentation": "augmentation"}


@lru_cache(maxsize=4096)  # a table asks for those of all its runs at every redraw
def changes(config: RunConfig, *, before: bool = False) -> tuple[str, ...]:
    """Return each difference once: `learning rate 0.002`, `block 4 added`; none without a preset that is known.

    Args:
        config: The settings.
        before: Also say what the preset has: `learning rate 0.001 → 0.002`.
    """
    try:
        base = None if config.preset is None else presets.get(config.preset).config(config.data.dataset)
    except ConfigError:  # a preset of another version
        base = None
    found = {} if base is None else differences(config, base)
    # All settings of a layer that came or went give the same words.
    return tuple(dict.fromkeys(_change(path, *values, before=before) for path, values in found.items()))


def _change(path: str, old: object, new: object, *, before: bool) -> str:
    if path == "train.stages":
        return f"trained longer ({format_value(path, new)})" if new else "trained in one go"
    parts = path.split(".")
    layer = f"{LAYERS[parts[1]]} {int(parts[2]) + 1}" if len(parts) == 4 else ""
    if old is None or new is None:
        return f"{layer} {'added' if old is None else 'left out'}"
    name = f"{layer} {str(field(path).title).lower()}".strip()
    return (
        f"{name} {format_value(path, old)} → {format_value(path, new)}"
        if before
        else f"{name} {format_value(path, new)}"
    )
