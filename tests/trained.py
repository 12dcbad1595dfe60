"""A run of ours that is trained, in the process of the test. Importing this imports TensorFlow."""

from cnn_dash.config import RunConfig
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.training.run import train_run


def train(store: RunStore, config: RunConfig) -> Run:
    """Train a run to its end, and return it; nothing else may wait in the store."""
    submit(store, config)
    lease = Lease.claim(store, Worker("of-the-test", 1, "here"))
    assert lease is not None
    assert train_run(lease, store.settings) is Status.FINISHED
    return store.run(lease.run.id)
