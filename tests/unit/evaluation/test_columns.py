"""Test images are grouped by what was said of them: tags, words, numbers, sizes before resizing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.derive import Changes, derive, read_rows
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import EXAMPLES, ImportOptions
from cnn_dash.datasets.own.version_writer import write_examples
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.evaluation.columns import columns_of
from cnn_dash.hyperparameters import override
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from tests.class_folders import pack, picture
from tests.factories import make_tested_run

pytestmark = pytest.mark.own_data_folder


@pytest.fixture
def run(store: RunStore, tmp_path: Path) -> Run:
    """A run on the second version of a set, whose images 0 to 2 of the test have tags, and whose widths differ."""
    contents = {
        f"{split}/{label}/{number}.png": picture(label, number, (8 + number, 8))
        for split in ("train", "test")
        for label in ("bar", "ring")
        for number in range(8)
    }
    data_dir = store.settings.data_dir
    import_from(open_reader(pack(tmp_path / "set.zip", contents)), "set", data_dir, ImportOptions(size=28))
    derive("set", data_dir, Changes(tag={("test", 0): "blurred", ("test", 1): "blurred", ("test", 2): "odd"}))
    made = make_tested_run(store)
    return replace(made, config=override(made.recipe, {"data.dataset": "set"}).model_copy(), data_dir=None)


def named(run: Run, dataset: str) -> Run:
    data = run.recipe.data.model_copy(update={"dataset": dataset})
    return replace(run, config=run.recipe.model_copy(update={"data": data}))


def test_tags_are_groups_and_sizes_numbers(run: Run, store: RunStore) -> None:
    found = {one.name: one for one in columns_of(named(run, "set@2"), store.settings)}
    assert {name: images.tolist() for name, images in found["tags"].groups.items()} == {
        "no tag": list(range(3, 16)),
        "blurred": [0, 1],
    }
    widths = found["width before resizing"].numbers
    assert widths is not None
    rows = read_rows(library.folder_of("set@2", store.settings.data_dir))["test"]
    assert widths.tolist() == [row.width for row in rows]
    assert "height before resizing" not in found  # all are alike
    assert "tags" not in {one.name for one in columns_of(run, store.settings)}  # of the first version


def test_columns_of_the_import_are_words_or_numbers(run: Run, store: RunStore) -> None:
    folder = library.folder_of("set", store.settings.data_dir)
    rows = read_rows(folder)
    for place, row in enumerate(rows["test"]):
        row.columns = {"camera": "ab"[place % 2], "dose": place / 2, "id": f"x{place}", "few": place % 3}
    both = [*rows["train"], *rows["test"]]
    order = np.arange(len(both))
    write_examples(folder / EXAMPLES, both, order[: len(rows["train"])], order[len(rows["train"]) :])
    found = {one.name: one for one in columns_of(run, store.settings)}
    assert {name: len(images) for name, images in found["camera"].groups.items()} == {"a": 8, "b": 8}
    assert found["dose"].numbers is not None
    assert found["dose"].numbers.tolist() == [place / 2 for place in range(16)]
    assert sorted(found["few"].groups) == ["0", "1", "2"]
    assert "id" not in found  # each has its own, so there is no group


def test_a_set_that_comes_with_the_program_has_no_columns(store: RunStore) -> None:
    assert columns_of(make_tested_run(store), store.settings) == []
