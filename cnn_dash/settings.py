"""Where runs, data and the database live, and how many workers there are.

All of it comes from the environment (`CNN_DASH_*`), read once by `Settings.from_environment`; everything else is
handed a `Settings`, so that a test or a second server can have its own.
"""

import os
import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from cnn_dash.errors import ConfigError


def _absolute(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("a path has no NUL character")
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:  # `~nobody`, or there is no home folder at all
        raise ValueError(str(error)) from None


Folder = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseModel):
    """The places and numbers of one installation.

    A variable is called like its field: `CNN_DASH_DATA_DIR` is `data_dir`. One that is empty counts as not set.

    Attributes:
        home: Folder of the runs and of the default database.
        data_dir: Folder in which data sets are looked for and to which they are downloaded.
        database_url: SQLAlchemy URL of the run store, as it was given; empty for the file `database_file`.
        workers: How many runs train at the same time, 1 to 64.
        hosts: Further names by which the server is called, separated by commas; `*` for any.
        token: What writing requests over HTTP have to bring; empty if there are to be none.
        base_weights: Where weights of the pretrained base are downloaded from instead of its publisher, with their
            checksum: an address that ends in `#md5=…` or `#sha256=…`. Empty for the publisher's.
        takeover_s: Seconds after the last sign of life of a worker at which its run is given to another one.
    """

    model_config = ConfigDict(frozen=True, validate_default=True, extra="forbid")

    home: Folder = Field(default_factory=lambda: Path(platformdirs.user_data_dir("cnn-dash", appauthor=False)))
    data_dir: Folder = Field(default_factory=lambda known: known["home"] / "data")
    database_url: str = ""
    workers: int = Field(1, ge=1, le=64, description="the number of runs that train at the same time")
    takeover_s: float = Field(
        15.0,
        ge=2,
        le=3600,
        allow_inf_nan=False,
        description="how long after the last sign of life of its worker a run is given to another one",
        json_schema_extra={"kind": "a number of seconds"},
    )

    base_weights: str = ""
    hosts: str = ""
    token: str = Field("", repr=False)

    @property
    def host_names(self) -> tuple[str, ...]:
        """The further names of the server, in lower case, without ports."""
        return tuple(name for one in self.hosts.split(",") if (name := one.strip().rstrip(".").lower()))

    @property
    def runs_dir(self) -> Path:
        """Folder with one folder for each run."""
        return self.home / "runs"

    @property
    def imported_dir(self) -> Path:
        """Folder of the data sets in the internal form; whatever is missing there is imported again."""
        return self.home / "datasets"

    @property
    def features_dir(self) -> Path:
        """Folder of what pretrained bases made of the images of data sets; whatever is missing is computed again."""
        return self.home / "features"

    @property
    def corrections_dir(self) -> Path:
        """Folder of the pictures whose class a person has told."""
        return self.home / "corrections"

    @property
    def worker_log(self) -> Path:
        """What all workers print; a run's own log is in its folder."""
        return self.home / "worker.log"

    @property
    def database_file(self) -> Path:
        """The SQLite file with the run store, unless `database_url` names another database."""
        return self.home / "cnn-dash.db"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the variables of this process, or those of a mapping.

        Raises:
            ConfigError: With a sentence for each variable that cannot be used.
        """
        try:
            return cls(**_told(os.environ if environ is None else environ))
        except ValidationError as error:
            # The data folder lies in the home by default: without a home there is no error of its own.
            found = [one for one in error.errors() if one["type"] != "default_factory_not_called"]
            raise ConfigError(" ".join(map(_sentence, found))) from None

    def environment(self) -> dict[str, str]:
        """Return the variables that give another process (a worker) these same settings."""
        return {_variable(name): str(value) for name, value in self if name != "token"}


def _told(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields whose variables are set, whatever the case of their names, to something."""
    given = {name.upper(): text for name, text in environ.items() if text}
    return {field: given[name] for field in Settings.model_fields if (name := _variable(field)) in given}


def _variable(field: object) -> str:
    return f"CNN_DASH_{field}".upper()


def _sentence(error: Any) -> str:
    """Say in the words of a person what pydantic found wrong with a folder or a number."""
    name = str(error["loc"][0])
    if name in ("home", "data_dir"):
        return (
            f"{_variable(name)} cannot be used as a folder: {error['ctx']['error']}. Received: "
            f"{reprlib.repr(str(error['input']))}. Allowed: the path of a folder; ~ stands for your own "
            "home folder. Write the whole path instead."
        )
    field = Settings.model_fields[name]
    low, high = (
        next(value for rule in field.metadata if (value := getattr(rule, bound, None)) is not None)
        for bound in ("ge", "le")
    )
    extra = field.json_schema_extra
    kind = extra["kind"] if isinstance(extra, dict) else "a whole number"
    return (
        f"{_variable(name)} is {field.description}. Received: {reprlib.repr(error['input'])}. "
        f"Allowed: {kind} from {low} to {high}."
    )
