"""From a picture to a prediction: `open_picture`, `prepare` and the predictor."""

from cnn_dash.inference.framing import CENTRED, Framing, framing_of
from cnn_dash.inference.pictures import open_picture
from cnn_dash.inference.preparation import Prepared, prepare, prepare_all
from cnn_dash.inference.steps import Steps

__all__ = ["CENTRED", "Framing", "Prepared", "Steps", "framing_of", "open_picture", "prepare", "prepare_all"]
