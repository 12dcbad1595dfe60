"""The form offers every setting; those that it leaves out are named here, with the reason."""

import pytest

from cnn_dash.config import Augmentation, ConvBlock, DenseLayer, TrainConfig
from cnn_dash.ui.train import form

ELSEWHERE = {"augmentation", "stages"}  # a tab of its own; a line with a button where a run was trained longer


@pytest.mark.parametrize(
    ("shown", "part", "elsewhere"),
    [
        ((*form._ROW, *form._MORE), ConvBlock, set()),
        (form._DENSE, DenseLayer, set()),
        ((*form._LEFT, *form._RIGHT), TrainConfig, ELSEWHERE),
        (Augmentation.model_fields, Augmentation, set()),
    ],
)
def test_every_setting_has_one_place_in_the_form(shown, part, elsewhere):
    assert len(set(shown)) == len(tuple(shown))
    assert set(shown) | elsewhere == set(part.model_fields)
    assert not set(shown) & elsewhere
