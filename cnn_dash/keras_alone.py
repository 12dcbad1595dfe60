"""Spare our own processes what Keras imports only to have adapters for it.

If scikit-learn, pandas and Matplotlib are installed, Keras imports them with itself. They are about a third of the
processor time until a worker is ready, and none of our processes that run networks uses them.
"""

import sys

ADAPTED = ("matplotlib", "pandas", "sklearn")


def leave_out_adapters() -> None:
    """Have Keras take these libraries for missing; call it in a program of ours, before Keras is imported.

    Not in a program of other people, which may well use them, nor in the server, which shows tables with pandas.
    """
    for name in ADAPTED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # to import it raises ImportError then
