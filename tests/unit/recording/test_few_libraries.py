"""Where only Keras and the callback's own requirements are installed, all that it promises is recorded."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from packaging.requirements import Requirement

from cnn_dash.inference.framing import framing_of
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.predictor import Predictor
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from tests.unit.test_packaging import requirements

REPOSITORY = Path(__file__).parents[3]
BASE = requirements("requirements-callback.txt")
PROGRAM = """
import sys
import keras, numpy as np
for name in sys.argv[1:]:
    sys.modules[name] = None  # an import of it fails
import cnn_dash
from cnn_dash.callbacks import DashCallback

keras.utils.set_random_seed(1)
images = np.zeros((64, 28, 28, 1), np.float32)
images[:, 8:20, 12:15] = 1
labels = np.arange(64) % 2
layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")]
model = keras.Sequential(layers)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(images, labels, verbose=0, callbacks=[DashCallback("few", test_data=(images, labels))])
with cnn_dash.run("by hand") as run:
    run.log({"loss": 0.3}, step=1)
"""
# By the names they are imported by; Keras and TensorFlow bring NumPy and h5py themselves.
REST = [
    "PIL",
    "pillow_heif",
    "cv2",
    "scipy",
    "sklearn",
    "pandas",
    "plotly",
    "streamlit",
    "starlette",
    "anyio",
    "typer",
    "rich",
    "mlxtend",
    "pooch",
    "psycopg",
    "pypdfium2",
    "streamlit_drawable_canvas",
    "pydantic_settings",
    "dotenv",
]


def test_its_requirements_are_those_of_the_dashboard_too() -> None:
    assert {str(one) for one in BASE} <= {str(one) for one in requirements("requirements.txt")}
    assert {Requirement(str(one)).name for one in BASE} == {
        "SQLAlchemy", "alembic", "pydantic", "platformdirs", "psutil",
    }  # fmt: skip


def test_a_fit_is_recorded_and_tested_without_the_libraries_of_the_dashboard(store: RunStore) -> None:
    environment = os.environ | store.settings.environment() | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", PROGRAM, *REST], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "CNN Dash could not" not in done.stderr
    by_hand, fitted = store.runs()
    assert (by_hand.status, fitted.status) == (Status.FINISHED, Status.FINISHED)
    assert fitted.result is not None
    assert fitted.result.accuracy is not None

    folder = ResultFolder.of(store.settings, fitted)
    with folder.model_input.local_path() as file:
        assert ModelInput.read(file).framing is None  # could not be measured there
    with folder.test_images.local_path() as file:
        expected = framing_of(np.load(file)["images"])
    assert expected is not None
    assert Predictor(folder).model_input.framing == expected
