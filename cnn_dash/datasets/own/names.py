"""Names of own data sets: `flowers` is version 1, `flowers@2` the next one."""

import re

from cnn_dash.datasets.sources.built_in import BUILT_IN
from cnn_dash.errors import ConfigError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_FULL = re.compile(rf"({_NAME.pattern})(?:@([1-9][0-9]{{0,5}}))?")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def check_name(name: str) -> str:
    """Return a name if a new data set may have it.

    Raises:
        ConfigError: If it has other characters, or a data set that comes with CNN Dash has it.
    """
    allowed = "Allowed: 1 to 40 of a–z, 0–9, - and _, beginning with a letter or digit; the title may be any text"
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise ConfigError(f"A data set cannot be called so. Received: {name!r}. {allowed}. Choose another name.")
    if name in {source.info.name for source in BUILT_IN}:
        raise ConfigError(
            f"{name} comes with CNN Dash. Received: that name for a set of your own. {allowed}. Choose another name."
        )
    return name


def suggest_name(file_name: str) -> str:
    """Return a name for what is in a file: `My Flowers (2).tar.gz` gives `my-flowers-2`."""
    stem = re.sub(r"(\.(tar|gz|tgz|zip|npz|csv|parquet|idx))+$", "", file_name.lower())
    made = re.sub(r"[^a-z0-9_]+", "-", stem).strip("-_")[:40].strip("-_")
    try:
        return check_name(made)
    except ConfigError:
        return f"my-{made}"[:40].strip("-_") if made else "my-images"


def full_name(name: str, version: int) -> str:
    """Return what a version is called in a recipe."""
    return name if version == 1 else f"{name}@{version}"


def split_name(full: str) -> tuple[str, int] | None:
    """Return name and version; None if no own data set can be called so."""
    match = _FULL.fullmatch(full)
    return (match[1], int(match[2] or 1)) if match and match[2] != "1" else None
