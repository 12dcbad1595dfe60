"""`python -m cnn_dash`, or `cnn-dash`: the command line."""

import sys
from pathlib import Path

from cnn_dash.keras_alone import leave_out_adapters


def main() -> None:
    """Run the command line; say what to install if only the callback is installed."""
    leave_out_adapters()
    try:
        from cnn_dash.cli.app import app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("typer", "rich"):
            raise
        sys.exit(
            f"The command line is not installed. Received: an installation without {error.name}. Allowed: one with the "
            "extra “dashboard”. Next: pip install 'cnn-dash[dashboard]'."
        )
    app(prog_name="cnn-dash" if Path(sys.argv[0]).stem == "cnn-dash" else "python -m cnn_dash")


if __name__ == "__main__":
    main()
