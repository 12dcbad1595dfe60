"""Where runs, data and the database live, and how many workers there are.

All of it comes from the environment (`CNN_DASH_*`), read once by `Settings.from_environment`; everything else is
handed a `Settings`, so that a test or a second server can have its own.
"""

import math
import os
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from cnn_dash.errors import ConfigError
from cnn_dash.parsing import whole_number

MAX_WORKERS = 64


@dataclass(frozen=True)
class Settings:
    """The places and numbers of one installation.

    Attributes:
        home: Folder of the runs and of the default database.
        data_dir: Folder in which data sets are looked for and to which they are downloaded.
        database_url: SQLAlchemy URL of the run store.
        workers: How many runs train at the same time, 1 to 64.
        takeover_s: Seconds after the last sign of life of a worker at which its run is given to another one.
    """

    home: Path
    data_dir: Path
    database_url: str
    workers: int = 1
    takeover_s: float = 15.0

    @property
    def runs_dir(self) -> Path:
        """Folder with one folder for each run."""
        return self.home / "runs"

    @property
    def imported_dir(self) -> Path:
        """Folder of the data sets in the internal form; whatever is missing there is imported again."""
        return self.home / "datasets"

    @property
    def worker_log(self) -> Path:
        """What all workers print; a run's own log is in its folder."""
        return self.home / "worker.log"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read `CNN_DASH_HOME`, `_DATA_DIR`, `_DATABASE_URL`, `_WORKERS` and `_TAKEOVER_S`.

        Raises:
            ConfigError: If `CNN_DASH_WORKERS` is not a whole number from 1 to 64, or `CNN_DASH_TAKEOVER_S` is not a
                number from 2 to 3600.
        """
        env = os.environ if environ is None else environ
        home = Path(env.get("CNN_DASH_HOME") or platformdirs.user_data_dir("cnn-dash", appauthor=False))
        home = home.expanduser().absolute()
        data_dir = Path(env.get("CNN_DASH_DATA_DIR") or home / "data").expanduser().absolute()
        url = env.get("CNN_DASH_DATABASE_URL") or f"sqlite:///{(home / 'cnn-dash.db').as_posix()}"
        text = env.get("CNN_DASH_WORKERS") or "1"
        workers = whole_number(text)
        if workers is None or not 1 <= workers <= MAX_WORKERS:
            raise ConfigError(
                f"CNN_DASH_WORKERS is the number of runs that train at the same time. Received: {reprlib.repr(text)}. "
                f"Allowed: a whole number from 1 to {MAX_WORKERS}."
            )
        takeover = env.get("CNN_DASH_TAKEOVER_S") or "15"
        try:
            takeover_s = float(takeover)
        except ValueError:
            takeover_s = math.nan
        if not 2 <= takeover_s <= 3600:
            raise ConfigError(
                "CNN_DASH_TAKEOVER_S is how long after the last sign of life of its worker a run is given to another "
                f"one. Received: {reprlib.repr(takeover)}. Allowed: a number of seconds from 2 to 3600."
            )
        return cls(home, data_dir, url, workers=workers, takeover_s=takeover_s)

    def environment(self) -> dict[str, str]:
        """The variables that give another process (a worker) these same settings."""
        return {
            "CNN_DASH_HOME": str(self.home),
            "CNN_DASH_DATA_DIR": str(self.data_dir),
            "CNN_DASH_DATABASE_URL": self.database_url,
            "CNN_DASH_WORKERS": str(self.workers),
            "CNN_DASH_TAKEOVER_S": str(self.takeover_s),
        }
