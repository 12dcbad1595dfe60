"""Errors a person can act on.

    CnnDashError
    ├── ConfigError            a setting is out of bounds, or the network cannot be built
    ├── DataError              a data set cannot be had, or is not what it claims to be
    │   └── DataNotFound       … because its files are nowhere here
    ├── ModelFileError         a file with a network is refused, or cannot be loaded
    ├── RequestError           an address asks for something that cannot be understood
    ├── PictureError           a picture cannot be read, or is refused
    │   └── BlankPicture       … because there is no ink on it
    ├── StoreError             the run store cannot be used
    │   ├── RunNotFound
    │   └── IllegalTransition  a run cannot go from its status to the one asked for
    └── TrainingError          training cannot continue

Every message says what happened, what was received, what is allowed, and what to do next. The pages and the command
line print it as it is; only errors that are not a `CnnDashError` are bugs and get a traceback in the log.
"""


class CnnDashError(Exception):
    """Base of all errors that are meant for the person who uses CNN Dash."""


class ConfigError(CnnDashError):
    """A setting is out of bounds or of the wrong type, or the network it describes cannot be built."""


class DataError(CnnDashError):
    """A data set cannot be had, or its files are not what they claim to be."""


class DataNotFound(DataError):
    """The files of a data set are neither in the data folder nor to be downloaded."""


class ModelFileError(CnnDashError):
    """A file with a network is not what it should be, or could do harm, or the network is none for images."""


class RequestError(CnnDashError):
    """An address, or a command, asks for something that cannot be understood."""


class PictureError(CnnDashError):
    """A picture cannot be read, or is refused because of its size or type."""


class BlankPicture(PictureError):
    """There is no ink on the picture, so there is nothing to predict."""


class StoreError(CnnDashError):
    """The run store (database or run folder) cannot be read or written."""


class RunNotFound(StoreError):
    """No run has this number."""


class IllegalTransition(StoreError):
    """A run cannot go from the status it has to the one asked for."""


class TrainingError(CnnDashError):
    """Training cannot continue, for a reason that lies in the settings or the machine."""
