"""PyArrow, imported when it is asked for, and without pandas."""

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any


def arrow() -> Any:
    """Return the module `pyarrow`.

    Our command line has Keras take pandas for missing by an entry None in `sys.modules` (`keras_alone`). PyArrow is
    compiled and takes that entry for pandas itself. It asks only once, so it is told once that there is none.
    """
    import pyarrow  # 0.1 s

    if sys.modules.get("pandas", pyarrow) is None:
        del sys.modules["pandas"]
        sys.meta_path.insert(0, _NoPandas())
        try:
            pyarrow.array([0])
        finally:
            del sys.meta_path[0]
            sys.modules["pandas"] = None  # type: ignore[assignment]
    return pyarrow


def parquet() -> Any:
    """Return the module `pyarrow.parquet`; see `arrow`."""
    arrow()
    import pyarrow.parquet

    return pyarrow.parquet


class _NoPandas:
    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        """Refuse pandas; know nothing of others."""
        if name.partition(".")[0] == "pandas":
            raise ImportError("pandas is left out")
