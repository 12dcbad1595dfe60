"""The command `serve`: the network of a run behind HTTP."""

from typing import Annotated

import typer

from cnn_dash.cli.common import WhichRun, open_store
from cnn_dash.cli.terminal import ERR, in_words, say

PORT = 8600


@in_words
def serve(
    run: WhichRun,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 for any that is free.")] = PORT,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all of this machine.")] = "127.0.0.1",
) -> None:
    """Answer HTTP requests with a trained network: POST /predict, described at /docs. Ctrl-C ends it."""
    from cnn_dash.cli.choose import trained_run
    from cnn_dash.runs.folder import ResultFolder
    from cnn_dash.serving.server import listen, url_of

    store = open_store()
    chosen = trained_run(store, run)
    with listen(host, port) as listening:
        with ERR.status(f"Loading the network of run {chosen.id}…"):
            from cnn_dash.inference.predictor import Predictor  # seconds for TensorFlow, so after the checks
            from cnn_dash.serving.app import make_app
            from cnn_dash.serving.server import serve as answer

            app = make_app(Predictor(ResultFolder.of(store.settings, chosen)), chosen, store.settings, host)
        url = url_of(listening)
        answer(app, listening, lambda: say(f"Run {chosen.id} answers at {url}/predict, described at {url}/docs."))
