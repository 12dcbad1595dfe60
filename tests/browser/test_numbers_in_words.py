"""The live panel writes numbers as the pages and the command line do."""

import itertools
import math
from pathlib import Path

from playwright.sync_api import Browser

import cnn_dash.ui.components.live_panel as live_panel
from cnn_dash.metrics import Format, number_text
from cnn_dash.strict_json import encode

WORDS = (Path(live_panel.__file__).parent / "words.js").read_text("utf-8")
SIZES = (0.0, 1e-9, 0.000123456, 0.042117, 0.98724, 12.3456, 1234.56, 999_999.4, 1e6, 1.23449e9, 4.2e14, 1e15, 1.7e300)
NUMBERS = [*SIZES, *(-size for size in SIZES[1:]), math.nan, math.inf, -math.inf]


def test_a_number_looks_the_same_in_the_browser_and_in_python(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=WORDS)
    asked = list(itertools.product(NUMBERS, Format))
    shown = page.evaluate(
        "asked => asked.map(([value, format]) => formatted(value, format))",
        [[encode(value), form.value] for value, form in asked],
    )
    assert shown == [number_text(value, form) for value, form in asked]
    page.close()
