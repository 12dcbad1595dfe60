"""What the database finds and how it sorts, against the same said in plain Python of the runs as they are read."""

import fnmatch
import math
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnn_dash.config import ConvBlock, ModelConfig, RunConfig, TrainConfig
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.metric_rows import write_epoch
from cnn_dash.runs.query import fields_of, sorted_by
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.runs.schema import runs
from cnn_dash.runs.search import condition
from cnn_dash.runs.store import RunStore, Worker

RATES = (0.0001, 0.001, 0.01)
NUMBERS = (0.0, 0.25, 0.5, 0.75, 1.0)
WORDS = ("alpha", "Beta", "50%_x", "größe", "a/b", "two words")
METRIC_VALUES = (*NUMBERS, math.nan, math.inf, -math.inf)

specs = st.fixed_dictionaries(
    {
        "external": st.booleans(),
        "rate": st.sampled_from((*RATES, "auto")),
        "filters": st.lists(st.sampled_from((8, 16, 32)), min_size=1, max_size=3),
        "optimizer": st.sampled_from(("adam", "sgd")),
        "title": st.sampled_from((None, *WORDS)),
        "tags": st.lists(st.sampled_from(WORDS), max_size=2, unique=True),
        "favourite": st.booleans(),
        "accuracy": st.sampled_from((None, *NUMBERS)),
        "epochs": st.lists(
            st.dictionaries(st.sampled_from(("val_loss", "f1")), st.sampled_from(METRIC_VALUES)), max_size=3
        ),
    }
)
comparisons = st.one_of(
    st.tuples(
        st.sampled_from(
            ("accuracy", "val_loss", "best_val_loss", "learning_rate", "filters", "blocks.1.filters", "run")
        ),
        st.sampled_from(("=", "!=", "<", "<=", ">", ">=")),
        st.sampled_from((0.0, 0.0001, 0.001, 0.25, 0.5, 1.0)),
    ),
    st.tuples(
        st.sampled_from(("name", "tag")),
        st.sampled_from(("=", "!=")),
        st.sampled_from((*WORDS, "*a*", "*%*", "b*", "*", "nothing")),
    ),
    st.tuples(st.just("favourite"), st.sampled_from(("=", "!=")), st.sampled_from(("on", "off"))),
    st.tuples(st.just("optimizer"), st.sampled_from(("=", "!=")), st.sampled_from(("adam", "sgd"))),
)
SORTED = ("run", "name", "tag", "accuracy", "val_loss", "best_val_loss", "learning_rate", "filters", "favourite")


def fill(store: RunStore, wanted: list[dict[str, Any]]) -> None:
    with store.transaction() as connection:
        connection.execute(runs.delete())
    for spec in wanted:
        if spec["external"]:
            params = {"lr": spec["rate"], "optimizer": spec["optimizer"]}
            run = store.record_external(Worker("w", 1, "h"), params=params)
        else:
            rate = spec["rate"] if isinstance(spec["rate"], float) else RATES[0]
            model = ModelConfig(blocks=tuple(ConvBlock(filters=size) for size in spec["filters"]))
            config = RunConfig(model=model, train=TrainConfig(learning_rate=rate, optimizer=spec["optimizer"]))
            run = store.create(config, parameters=1, multiply_adds=1)
        annotate(store, run.id, title=spec["title"] or "", tags=spec["tags"], favourite=spec["favourite"])
        with store.transaction() as connection:
            for number, metrics in enumerate(spec["epochs"], 1):
                write_epoch(connection, run.id, EpochMetrics(number, metrics, 1.0))
            tested = {"test_accuracy": spec["accuracy"], "test_loss": 1.0, "best_epoch": 1, "seconds": 1.0}
            tested |= {"weights_sha256": "0", "result_folder": ".", "images_per_second": 1.0}
            connection.execute(runs.update().where(runs.c.id == run.id).values(tested))


def values(run: Run, name: str) -> list[Any]:
    """What a run has of a field, layer by layer; None for a layer that it does not have."""
    if name in ("val_loss", "best_val_loss"):
        summary = run.metrics.get("val_loss")
        return [summary and (summary.best if name.startswith("best") else summary.last)]
    blocks = [block.filters for block in run.config.model.blocks] if run.config else []
    train = run.config.train if run.config else None
    found: dict[str, list[Any]] = {
        "run": [run.id],
        "name": [run.name],
        "tag": list(run.tags),
        "favourite": ["on" if run.favourite else "off"],
        "accuracy": [run.result.accuracy if run.result else None],
        "learning_rate": [train.learning_rate if train else run.params["lr"]],
        "optimizer": [train.optimizer if train else run.params["optimizer"]],
        "filters": blocks,
        "blocks.1.filters": blocks[1:2],
    }
    return found[name]


def passes(value: Any, sign: str, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return isinstance(value, str) and fnmatch.fnmatchcase(value.casefold(), wanted.casefold())
    if isinstance(value, str):
        return False
    same = math.isclose(value, wanted, rel_tol=1e-9, abs_tol=0.0)
    return {
        "=": same,
        "<": value < wanted and not same,
        "<=": value <= wanted or same,
        ">": value > wanted and not same,
        ">=": value >= wanted or same,
    }[sign]


def holds(run: Run, name: str, sign: str, wanted: Any) -> bool:
    known = [value for value in values(run, name) if value is not None]
    if sign == "!=":
        return not any(passes(value, "=", wanted) for value in known)
    return any(passes(value, sign, wanted) for value in known)


def key(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, int | float) else (2, value.casefold())


def in_order(found: list[Run], name: str, *, descending: bool) -> list[int]:
    def known(run: Run) -> list[Any]:
        present = values(run, name)[:1] if name == "tag" else values(run, name)
        return [] if all(one is None or one != one for one in present) else present

    newest_first = sorted(found, key=lambda run: -run.id)
    having = [run for run in newest_first if known(run)]
    having.sort(key=lambda run: [*map(key, known(run)), (0, 0), (0, 0)][:6], reverse=descending)
    return [run.id for run in having + [run for run in newest_first if not known(run)]]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    wanted=st.lists(specs, min_size=1, max_size=6),
    terms=st.lists(comparisons, max_size=2),
    by=st.sampled_from(SORTED),
    descending=st.booleans(),
)
def test_the_database_finds_and_sorts_as_python_does(
    store: RunStore, wanted: list[dict[str, Any]], terms: list[tuple[str, str, Any]], by: str, descending: bool
) -> None:
    fill(store, wanted)
    fields = fields_of(store)
    text = " ".join(f'{name}{sign}"{value}"' for name, sign, value in terms)
    found = store.select(condition(text, fields), order=sorted_by(fields.field(by), descending=descending))
    expected = [run for run in store.runs() if all(holds(run, *term) for term in terms)]
    assert [run.id for run in found] == in_order(expected, by, descending=descending), text
