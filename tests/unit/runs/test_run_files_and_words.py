"""The run folder, the JSON of a run, and the way into the queue."""

import json
import math
from collections.abc import Callable

import pytest

from cnn_dash.config import ConvBlock, DataConfig, ModelConfig, RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.presets import PRESETS
from cnn_dash.runs.describe import details, summary
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings


def test_a_run_has_a_folder_of_its_own(settings: Settings) -> None:
    assert RunFolder.of(settings, 7).location == str(settings.home / "runs" / "00007")


def test_the_log_is_empty_before_there_is_one(settings: Settings) -> None:
    assert RunFolder.of(settings, 7).read_log() == ""


def test_only_the_end_of_a_long_log_is_read(settings: Settings) -> None:
    folder = RunFolder.of(settings, 7)
    folder.log.append(("ä" * 50).encode())
    folder.log.append(b"the end")
    assert folder.read_log() == "ä" * 50 + "the end"
    assert folder.read_log(last_bytes=10).endswith("the end")
    assert len(folder.read_log(last_bytes=10)) <= 10


def test_submitting_counts_the_network(store: RunStore) -> None:
    run = submit(store, PRESETS["compact-valid"].config())
    assert run.parameters == 93_322
    assert run.multiply_adds > run.parameters
    assert run.status is Status.QUEUED


def test_what_cannot_be_built_or_is_not_there_is_not_queued(store: RunStore) -> None:
    tower = ModelConfig(blocks=(ConvBlock(kernel_size=11),) * 4)
    with pytest.raises(ConfigError, match="block"):
        submit(store, RunConfig(model=tower))
    with pytest.raises(ConfigError, match="no-such-set"):
        submit(store, RunConfig(data=DataConfig(dataset="no-such-set")))
    assert store.runs() == []


def test_the_json_of_a_run_says_it_all(lease: Lease, record: Callable[[int], EpochMetrics], settings: Settings) -> None:
    waiting = summary(lease.store.create(RunConfig(), parameters=1, multiply_adds=1))
    assert (waiting["status"], waiting["test_accuracy"], waiting["first_metric_seconds"]) == ("queued", None, None)
    lease.begin(train_images=640, batches=10, data_sha256="cd")
    lease.log_epoch(record(1))
    lease.end(Status.FINISHED, result=TestResult(0.9, 0.1, 1, 10.12345, 2000.0, "ab"))
    run = lease.store.run(lease.run.id)
    said = json.loads(json.dumps(details(run, lease.store.epochs(run.id), settings), allow_nan=False))
    assert RunConfig.model_validate(said["settings"]) == run.recipe
    assert said["metrics"][0]["epoch"] == 1
    assert math.isclose(said["metrics"][0]["val_loss"], 1 / 3)
    assert said["folder"] == RunFolder.of(settings, run.id).location
    assert (said["run_id"], said["status"], said["weights_sha256"], said["worker_pid"]) == (1, "finished", "ab", 4242)
    assert said["data_sha256"] == "cd"
    assert (said["test_accuracy"], said["seconds"], said["images_per_second"]) == (0.9, 10.123, 2000.0)
