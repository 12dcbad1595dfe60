import unicodedata

import pytest

from cnn_dash.text import isolated, one_line, paragraphs, printable

OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize("char", [*OVERRIDES, "\x00", "\x07", "\x1b", "\x7f", "\x85", "\u00ad", "\u200b", "\ufeff"])
def test_what_nobody_sees_is_taken_out(char):
    assert printable(f"a{char}b") == "ab"


@pytest.mark.parametrize("char", ["\ud800", "\ue000", "\U000f0000", "\u2028", "\u2029", "\U000e0041"])
def test_what_stands_for_no_character_is_taken_out(char):
    assert printable(f"a{char}b") == "ab"


def test_nothing_unseen_is_left_of_all_characters():
    text = "".join(map(chr, range(0x110000)))
    left = {unicodedata.category(char) for char in printable(text)}
    assert left.isdisjoint({"Cc", "Cs", "Co", "Zl", "Zp"})
    assert {char for char in printable(text) if unicodedata.category(char) == "Cf"} <= {"\u200c", "\u200d"}
    assert {"Lu", "Ll", "Lo", "Mn", "Nd", "Sc", "So", "Zs"} <= left


@pytest.mark.parametrize(
    "text",
    ["Größe 3×3 → 98 %", "手書き文字", "می\u200cخواهم", "क्\u200dष", "👩\u200d🔬", "🏳️\u200d🌈", "é e\u0301", "שלום"],
)
def test_what_people_write_stays(text):
    assert printable(text) == one_line(text) == paragraphs(text) == text


@pytest.mark.parametrize("text", ["a\u200db", "\u200dא", "א\u200d", "א \u200d ב", "א\u200d\u200cב"])
def test_a_joiner_that_joins_nothing_is_taken_out(text):
    assert "\u200d" not in printable(text)


def test_a_name_is_one_line_and_its_words_stay_apart():
    assert one_line("  the\u2028best\x85\tof \u202e  them\r\n") == "the best of them"
    assert one_line("\u202e\u200b") == ""


def test_a_note_keeps_its_lines_and_tabs():
    assert paragraphs(" a\r\nb\u2028c\td\x00\u202e\n\n") == "a\nb\nc\td"


def test_only_text_of_the_other_direction_is_isolated():
    assert isolated("Größe 3 · 手書き") == "Größe 3 · 手書き"
    assert isolated("שלום") == "\u2068שלום\u2069"
    assert isolated("run بحث") == "\u2068run بحث\u2069"
