import pytest

from cnn_dash.parsing import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("0" * 5000 + "3", 3)])
def test_plain_digits_are_a_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1e3", " 1", "1_0", "x", "²", "१"])
def test_anything_else_is_none(text):
    assert whole_number(text) is None


def test_a_number_too_long_for_python_is_larger_than_any_bound_and_no_error():
    assert whole_number("9" * 5000) > 2**31
