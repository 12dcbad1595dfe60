"""The registry of formats, by name; command line, HTTP and pages offer what is in it, in this order."""

from cnn_dash.errors import RequestError
from cnn_dash.exporters.card import CARD
from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.exporters.html_page.page import HTML
from cnn_dash.exporters.keras_archive import KERAS
from cnn_dash.exporters.litert import LITERT, LITERT_INT8
from cnn_dash.exporters.notebook import NOTEBOOK
from cnn_dash.exporters.onnx_model import ONNX
from cnn_dash.exporters.saved_model import SAVED_MODEL
from cnn_dash.exporters.script import SCRIPT

_ALL = (KERAS, HTML, ONNX, LITERT, LITERT_INT8, SAVED_MODEL, SCRIPT, NOTEBOOK, CARD)
FORMATS: dict[str, ExportFormat] = {one.name: one for one in _ALL}


def get(name: str) -> ExportFormat:
    """Return the format of this name.

    Raises:
        RequestError: If there is none.
    """
    if name not in FORMATS:
        raise RequestError(
            f"Networks are not exported in such a format. Received: {name!r}. Allowed: {', '.join(FORMATS)}."
        )
    return FORMATS[name]
