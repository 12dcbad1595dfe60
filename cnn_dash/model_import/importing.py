"""Makes a run of a network that somebody brings: looked through, loaded, tested, kept. It is never trained here."""

import hashlib
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.errors import ModelFileError
from cnn_dash.inference.model_input import Scaling
from cnn_dash.model_import.architecture import Architecture, check_architecture
from cnn_dash.model_import.archive import read_config
from cnn_dash.model_import.process import load_and_test
from cnn_dash.recording.results import Result
from cnn_dash.recording.target import RunTarget, Told
from cnn_dash.runs.external import Kept
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

TAG = "imported"


@dataclass(frozen=True)
class Wanted:
    """How a network is imported.

    Attributes:
        name: Title of the run; empty for the name of the file.
        dataset: Data set whose test images it answers; None for none.
        class_names: Names of the classes; empty for those of the data set, or numbers.
        scaling: How pixels go in; None if a layer of the network scales them, or to be asked later.
    """

    name: str = ""
    dataset: str | None = None
    class_names: Sequence[str] = ()
    scaling: Scaling | None = None


def look_through(file: Path | BinaryIO, name: str) -> Architecture:
    """Check a `.keras` file, which may be open already, without loading it; return what the network says of itself.

    Raises:
        ModelFileError: If it is refused.
    """
    if isinstance(file, Path):
        with file.open("rb") as stream:
            return look_through(stream, name)
    return check_architecture(read_config(file, name), name)


def import_model(store: RunStore, file: Path, file_name: str, wanted: Wanted) -> Run:
    """Import a network; nothing is recorded unless it could be loaded and tested.

    Args:
        store: Of the runs.
        file: The `.keras` file.
        file_name: What it is called by the person who brings it.
        wanted: What is to be made of it.

    Raises:
        ModelFileError: If the file or the network is refused.
        DataError: If the data set cannot be had.
    """
    began = time.monotonic()
    try:
        architecture = look_through(file, file_name)
    except OSError as error:
        raise ModelFileError(f"{file_name} cannot be read. Received: {error}. Allowed: a .keras file.") from error
    scaling = wanted.scaling or ("0-255" if architecture.scales_itself else None)
    data = _data(store, wanted, scaling, file_name)
    names = tuple(wanted.class_names) or (data.class_names if data else ())
    with tempfile.TemporaryDirectory(prefix="cnn-dash-import-") as temporary:
        folder = Path(temporary)
        facts = load_and_test(
            folder,
            file,
            file_name,
            test=None if data is None else (np.asarray(data.test.images), data.test.labels),
            class_names=names,
            scaling=scaling,
        )
        if wanted.class_names and len(names) != facts["classes"]:
            raise ModelFileError(
                f"{file_name} is not imported. Received: {len(names)} class names for a network of {facts['classes']} "
                "classes. Allowed: one name for each class, or none. Correct them and try again."
            )
        look_through(folder / "result" / "model.keras", file_name)  # what is kept is checked like what was brought
        params = _params(file, file_name, data, facts)
        return _record(store, wanted.name or Path(file_name).stem, params, folder / "result", facts, began)


def _data(store: RunStore, wanted: Wanted, scaling: str | None, file_name: str) -> Dataset | None:
    if wanted.dataset is None:
        return None
    if scaling is None:
        raise ModelFileError(
            f"{file_name} cannot be tested. Received: a network without a Rescaling layer, and nothing that says which "
            "numbers black and white are. Allowed: 0-1, -1-1 or 0-255. Say what the images were scaled to before "
            "training."
        )
    settings = store.settings
    return catalogue.load(wanted.dataset, settings.data_dir, imported_dir=settings.imported_dir)


def _params(file: Path, file_name: str, data: Dataset | None, facts: dict[str, Any]) -> dict[str, Any]:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    params = {**facts["params"], "file": file_name, "file_sha256": digest, "scaling": facts["scaling"]}
    params["image_shape"] = "×".join(map(str, facts["image_shape"]))
    if data is not None:
        params["tested_on"] = data.name
        if data.image_shape != tuple(facts["image_shape"]):
            params["test_images"] = f"fitted from {'×'.join(map(str, data.image_shape))}"
    return {key: value for key, value in params.items() if value is not None}


def _record(
    store: RunStore, name: str, params: dict[str, Any], result: Path, facts: dict[str, Any], began: float
) -> Run:
    columns = {"parameters": facts["parameters"]}
    target = RunTarget(Told(name, params, facts["layers"], columns, tags=[TAG]), store.settings)
    run_id = target.open().run.id
    try:
        target.write_log(f"imported from {params['file']}, not trained here", datetime.now())
        files = Result(result)
        files.sha256, files.accuracy, files.loss = facts["sha256"], facts["accuracy"], facts["loss"]
        files.keep(target, Kept(uuid.uuid4().hex[:8], best_epoch=0, steps=0, seconds=time.monotonic() - began))
    except BaseException:
        target.end(Status.FAILED, "The files of the network could not be kept. Import it again.")
        raise
    finally:
        if target.live:
            target.end(Status.FINISHED, None)
        if target.store is not None:
            target.store.close()
    return store.run(run_id)
