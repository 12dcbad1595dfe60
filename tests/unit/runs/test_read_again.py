"""A long list of runs is read anew every two seconds: what has not changed is not put together again."""

from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.store import RunStore
from tests.factories import make_run


def test_a_run_that_has_not_changed_is_the_same_record(store: RunStore) -> None:
    for _ in range(3):
        make_run(store)
    before = store.runs()
    annotate(store, 2, title="Changed")
    after = store.runs()
    assert [new is old for new, old in zip(after, before, strict=True)] == [True, False, True]
    assert after[1].name == "Changed"
