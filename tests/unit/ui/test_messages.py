import pytest

from cnn_dash.ui.components.messages import plain


@pytest.mark.parametrize(
    "text", ["*a*", "[a](b)", ":red[a]", "<b>", "`a`", "~~a~~", "$a$", "# a", "a | b", ":material/x:"]
)
def test_markdown_in_a_text_is_not_obeyed(text):
    assert "\\" in plain(text)


def test_a_text_cannot_turn_what_stands_beside_it_around():
    assert plain("be\u202est") == "best"
    assert plain("שלום") == "\u2068שלום\u2069"


def test_an_ordinary_text_is_shown_as_it_is():
    assert plain("Run 5: 98.72 %\nand more") == "Run 5: 98.72 %\nand more"
