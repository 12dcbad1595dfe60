"""What Keras brings along in our own processes."""

import subprocess
import sys

from cnn_dash.keras_alone import ADAPTED


def test_keras_comes_without_what_it_has_adapters_for():
    code = (
        "import sys; from cnn_dash.keras_alone import leave_out_adapters; leave_out_adapters(); import keras\n"
        "print(keras.__version__, [name for name in sys.argv[1:] if sys.modules[name] is not None])"
    )
    done = subprocess.run([sys.executable, "-c", code, *ADAPTED], capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=1)[1].strip() == "[]"


def test_what_is_there_already_stays():
    code = (
        "import sys, pandas; from cnn_dash.keras_alone import leave_out_adapters; leave_out_adapters()\n"
        "import pandas; print(pandas.Series([1, 2]).sum())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3"
