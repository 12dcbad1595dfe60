import re

import pytest

from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.inspection import inspect
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.errors import CnnDashError
from tests.hostile_uploads import CASES, make, refusal


def test_there_are_many():
    assert len(CASES) >= 150


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_a_sentence_and_leaves_nothing(name, tmp_path):
    upload = make(name, tmp_path / "in")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CnnDashError) as refusal:
        import_from(open_reader(upload.path), "a", tmp_path / "data", ImportOptions(size=8))
    sentence = str(refusal.value)
    assert upload.path.name in sentence
    assert "Received: " in sentence
    assert re.search(upload.says, sentence, re.DOTALL), sentence
    assert len(sentence) < 1_500
    left = [path for path in sorted(tmp_path.rglob("*")) if path not in before]
    assert [path.relative_to(tmp_path).as_posix() for path in left] in ([], ["data", "data/own"])


@pytest.mark.parametrize("name", [name for name in CASES if "bomb" not in name])  # those take seconds to make
def test_to_look_at_it_raises_nothing_else(name, tmp_path):
    upload = make(name, tmp_path / "in")
    assert upload.path.name in (refusal(lambda: inspect(upload.path)) or upload.path.name)
