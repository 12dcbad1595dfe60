"""Valid files of every form, damaged at random: each is imported, or refused with a sentence that names it."""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.inspection import inspect
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.folders import arrange
from cnn_dash.datasets.readers.opening import open_reader
from tests.brought_files import every_form
from tests.hostile_uploads import refusal

FORMS = ["zip", "tar", "tar.gz", "npz", "idx in a zip", "csv", "csv.gz", "csv in a zip", "parquet"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return {
        name: (path.name, path.read_bytes())
        for name, path in every_form(tmp_path_factory.mktemp("f")).items()
        if path.is_file()
    }


@st.composite
def damages(draw):
    """Return a function that damages bytes: some are changed, taken out, doubled or cut off."""
    steps = draw(
        st.lists(
            st.tuples(st.sampled_from("ctdz"), st.floats(0, 1), st.binary(min_size=1, max_size=9)),
            min_size=1,
            max_size=4,
        )
    )

    def damage(data: bytes) -> bytes:
        for what, share, content in steps:
            place = int(len(data) * share)
            if what == "c":
                data = data[:place] + content + data[place + len(content) :]
            elif what == "t":
                data = data[:place]
            elif what == "d":
                data = data[:place] + data[place + len(content) :]
            else:
                data = data[:place] + content + data[place:]
        return data

    return damage


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages())
def test_a_damaged_file_is_imported_or_refused(form, whole, tmp_path, damage):
    name, content = whole[form]
    path = tmp_path / name
    path.write_bytes(damage(content))
    for use in (inspect, lambda path: import_from(open_reader(path), "a", tmp_path / "data", ImportOptions(size=8))):
        assert name in (refusal(lambda use=use: use(path)) or name)
    shutil.rmtree(tmp_path / "data" / "own" / "a", ignore_errors=True)
    assert not [*(tmp_path / "data").glob("own/*"), *(tmp_path / "data").glob("own/.*")]


paths = st.lists(
    st.lists(st.sampled_from(["train", "test", "val", "a", "b", "ä", "A", "c.d", ""]), max_size=4).map("/".join),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(folders=paths)
def test_every_picture_of_any_arrangement_is_placed_or_told_why_not(folders):
    names = [f"{folder}/{number}.png".lstrip("/") for number, folder in enumerate(folders)]
    if sentence := refusal(lambda: arrange("up.zip", names)):
        assert "up.zip" in sentence
        return
    found = arrange("up.zip", names)
    assert found.places.keys() == set(names)
    assert 2 <= len(found.class_names) <= 1_000
    for place in found.places.values():
        assert isinstance(place, str) or place[1] in found.class_names
