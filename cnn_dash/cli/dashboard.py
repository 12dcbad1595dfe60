"""The command `ui`: the server with the pages, wherever CNN Dash is installed."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import typer

from cnn_dash.cli.terminal import in_words
from cnn_dash.errors import ConfigError


def script() -> Path:
    """Return the server's script: within the package in a wheel, beside it in the repository."""
    package = Path(__file__).parents[1]
    installed = package / "dashboard" / "app.py"
    return installed if installed.is_file() else package.parent / "app.py"


@in_words
def ui(context: typer.Context) -> None:
    """Start the dashboard. Options are those of streamlit run, e.g. --server.port 8502."""
    if importlib.util.find_spec("streamlit") is None:
        raise ConfigError(
            "The dashboard is not installed. Received: an installation without Streamlit. Allowed: one with the extra "
            "“dashboard”. Next: pip install 'cnn-dash[dashboard]'."
        )
    command = [sys.executable, "-m", "streamlit", "run", str(script()), *context.args]
    if os.name != "nt":  # this process becomes the server: signals for the one are for the other
        os.execv(sys.executable, command)
    with subprocess.Popen(command) as server:
        while True:
            try:
                raise typer.Exit(server.wait())
            except KeyboardInterrupt:  # the terminal has told the server, too
                continue
