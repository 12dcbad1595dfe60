"""Records runs of other programs over HTTP, whatever they are written in.

POST /api/runs               {"name": …, "config": {…}, "tags": […], "epochs": 10} → {"run_id": 12, "request": null}
POST /api/runs/12/metrics    {"step": 5, "metrics": {"loss": 0.3}}, or {"epoch": 1, …}, or a list of them; with {"end":
                             "finished"} it has ended. The answer has a `request` of the page, "stop" or "pause".
"""

import json
import socket
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cnn_dash.errors import ConfigError, RequestError, StoreError
from cnn_dash.runs.annotations import annotate, checked
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochMetrics, Run, StepMetrics
from cnn_dash.runs.rows import checked_metrics
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import LARGEST_ID, RunStore, Worker

MOST_BYTES = 1_000_000
_WORKER = "http-"
ENDS = (Status.FINISHED, Status.STOPPED, Status.FAILED)


async def body_of(request: Request) -> Any:
    """Return the JSON that a request brings.

    Raises:
        RequestError: If it brings none, or too much.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestError(
            f"A run is recorded with JSON. Received: Content-Type {request.headers.get('content-type')!r}. Allowed: "
            "application/json. Set that header."
        )
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > MOST_BYTES:
            raise RequestError(
                f"A request may have {MOST_BYTES:,} bytes. Received: more. Send the metrics in several requests."
            )
    try:
        return json.loads(data or b"{}")
    except (ValueError, RecursionError) as error:
        raise RequestError(
            f'The body is no JSON. Received: {error}. Allowed: an object such as {{"step": 1, "metrics": {{"loss": '
            "0.3}}. Correct it and send it again."
        ) from None


async def begin(store: RunStore, request: Request) -> Response:
    """Begin a run."""
    run = await to_thread.run_sync(_begin, store, _object(await body_of(request)))
    return JSONResponse({"run_id": run.id, "request": None}, status_code=201)


def _begin(store: RunStore, told: Mapping[str, Any]) -> Run:
    known: dict[str, type] = {
        "name": str,
        "config": dict,
        "tags": list,
        "notes": str,
        "epochs": int,
        "steps_per_epoch": int,
    }
    for key, value in told.items():
        kind = known.get(key)
        counted = not isinstance(value, bool) and isinstance(value, int) and 0 < value < LARGEST_ID
        if kind is None or not isinstance(value, kind) or (kind is int and not counted):
            allowed = ", ".join(f"{name} ({one.__name__})" for name, one in known.items())
            raise RequestError(
                f"A run does not begin with that. Received: {key!r}: {str(value)[:80]!r}. Allowed: {allowed}."
            )
    tags = [str(tag) for tag in told.get("tags", ())]
    try:
        checked(tags=tags, notes=told.get("notes"))
    except ConfigError as error:
        raise RequestError(str(error)) from None
    worker = Worker(f"{_WORKER}{uuid.uuid4().hex[:20]}", 0, socket.gethostname())
    run = store.record_external(
        worker, params=told.get("config"), planned_epochs=told.get("epochs"), title=told.get("name")
    )
    if "steps_per_epoch" in told:
        Lease(store, run).begin(train_images=None, batches=told["steps_per_epoch"])
    return annotate(store, run.id, tags=tags, notes=told.get("notes"))


async def record(store: RunStore, run_id: int, request: Request) -> Response:
    """Record metrics of a run, or its end."""
    body = await body_of(request)
    entries = [_object(one) for one in (body if isinstance(body, list) else [body])]
    asked = await to_thread.run_sync(_record, store, run_id, entries)
    return JSONResponse({"run_id": run_id, "request": asked})


def _record(store: RunStore, run_id: int, entries: list[Mapping[str, Any]]) -> str | None:
    run = store.run(run_id)
    if run.source is not Source.EXTERNAL or not (run.worker_id or "").startswith(_WORKER):
        who = "a program" if run.config is None else "CNN Dash"
        raise RequestError(
            f"Run {run_id} is not recorded over HTTP. Received: one that {who} records itself. Allowed: one that POST "
            "/api/runs began. Begin a new one."
        )
    writes = [_write_of(run, entry) for entry in entries]  # all are understood before any is recorded
    lease = Lease(store, run)
    try:
        for write in writes:
            write(lease)
        ended = any("end" in entry for entry in entries)
        asked = None if ended else lease.acknowledge_request()
    except LeaseLost:
        raise RequestError(
            f"Run {run_id} has ended. Received: metrics after its end. Allowed: a run that goes on. Begin a new one."
        ) from None
    return None if asked is None else asked.value


def _write_of(run: Run, entry: Mapping[str, Any]) -> Callable[[Lease], None]:
    """Return what records an entry; one without anything says that the program lives."""
    wrong = set(entry) - {"step", "epoch", "metrics", "end", "message"}
    step, epoch = _number(entry, "step"), _number(entry, "epoch")
    if wrong or not isinstance(entry.get("metrics", {}), dict):
        raise RequestError(
            f"That cannot be recorded. Received: {str(dict(entry))[:120]}. Allowed: step, epoch, metrics (an object of "
            "numbers), end and message. Leave out what is not among them."
        )
    try:
        metrics = checked_metrics(entry.get("metrics", {}))
    except StoreError as error:
        raise RequestError(str(error)) from None
    end = entry.get("end")
    if end is not None and end not in ENDS:
        raise RequestError(f"A run does not end so. Received: {end!r}. Allowed: {', '.join(ENDS)}.")
    if metrics and step is None and epoch is None:
        raise RequestError(
            f'Metrics belong to a step or an epoch. Received: {", ".join(metrics)} without one. Allowed: "step", '
            '"epoch" or both, as numbers from 0. Add one.'
        )

    def write(lease: Lease) -> None:
        if metrics and step is not None:
            batch = int(step) % run.batches if run.batches else 0
            position = step / (run.batches or 1) if epoch is None else epoch
            lease.log_step(StepMetrics(int(step), position, metrics), epoch=int(position), batch=batch)
        if metrics and (step is None or (epoch is None and not run.batches)):
            # Without epochs each step is one, so that a table has its values.
            lease.log_epoch(EpochMetrics(int(epoch if step is None and epoch is not None else step or 0), metrics))
        if end is not None:
            lease.end(Status(end), message=None if entry.get("message") is None else str(entry["message"])[:2_000])

    return write


def _number(entry: Mapping[str, Any], name: str) -> float | None:
    value = entry.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST_ID:
        raise RequestError(f"The {name} is a number. Received: {str(value)[:80]!r}. Allowed: 0 to {LARGEST_ID:,}.")
    return value


def _object(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise RequestError(
            f"A run is told in an object. Received: {type(body).__name__}. Allowed: an object such as "
            '{"step": 1, "metrics": {"loss": 0.3}}, or a list of them for metrics.'
        )
    return body
