"""Makes one file in a process of its own: `python -m cnn_dash.exporters RUN FORMAT`.

Prints one JSON value a line: `{"step": …, "share": …}` while it works, then `{"made": …}` or `{"error": …}`.
"""

import json
import sys

from cnn_dash.errors import CnnDashError
from cnn_dash.exporters import registry
from cnn_dash.exporters.kept import make
from cnn_dash.keras_alone import leave_out_adapters
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.strict_json import dumps


def _tell(**value: object) -> None:
    sys.stdout.write(dumps(value) + "\n")
    sys.stdout.flush()


def main(run: str, name: str) -> None:
    """Make the file, and tell how far it is."""
    try:
        store = RunStore(Settings.from_environment())
        made = make(store, int(run), registry.get(name), lambda step, share: _tell(step=step, share=share))
    except CnnDashError as error:
        _tell(error=str(error))
    except OSError as error:
        _tell(error=f"The file cannot be kept. Received: {error}. See that the disk has room, then try again.")
    except MemoryError:
        _tell(error="The machine ran out of memory. Close other programs, then try again.")
    else:
        _tell(made=json.loads(dumps(made.as_json())))


if __name__ == "__main__":
    leave_out_adapters()
    main(*sys.argv[1:])
