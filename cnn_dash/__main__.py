"""`python -m cnn_dash`: the command line."""

from cnn_dash.cli.app import app

app(prog_name="python -m cnn_dash")
