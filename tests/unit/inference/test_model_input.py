import pytest

from cnn_dash.errors import StoreError
from cnn_dash.inference import CENTRED, Framing
from cnn_dash.inference.model_input import ModelInput


@pytest.mark.parametrize("framing", [CENTRED, Framing(28, "box", (1.0, 5.5)), None])
@pytest.mark.parametrize("shape", [(28, 28, 1), (17, 40, 1), (32, 32, 3)])
def test_what_is_written_is_read(tmp_path, framing, shape):
    written = ModelInput(tuple(f"class {number}" for number in range(300)), shape, framing)
    written.write(tmp_path / "input.json")
    assert ModelInput.read(tmp_path / "input.json") == written


def test_a_file_of_the_first_versions_is_read(tmp_path):
    (tmp_path / "input.json").write_text(
        '{"class_names": ["0", "1"], "image_shape": [28, 28, 1], '
        '"framing": {"longest_side": 20, "centre": "mass", "stroke_px": [1.5, 3.4]}}'
    )
    assert ModelInput.read(tmp_path / "input.json") == ModelInput(("0", "1"), (28, 28, 1), CENTRED)


@pytest.mark.parametrize("content", [None, "", "{}"])
def test_a_damaged_file_is_answered_with_a_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / "input.json").write_text(content)
    with pytest.raises(StoreError, match=r"cannot be used for predictions\. Received: input\.json"):
        ModelInput.read(tmp_path / "input.json")
