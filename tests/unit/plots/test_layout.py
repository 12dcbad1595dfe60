import pytest

from cnn_dash.plots.layout import percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "<0.1 %"),
        (0.00099, "<0.1 %"),
        (0.001, "0.1 %"),
        (0.9834, "98.3 %"),
        (0.999, "99.9 %"),
        (0.9996, ">99.9 %"),
        (1.0, ">99.9 %"),
    ],
)
def test_per_cent_never_claims_certainty(share, text):
    assert percent(share) == text
