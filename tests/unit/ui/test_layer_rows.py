import re

from cnn_dash.models.layer_table import layer_table
from cnn_dash.presets import get
from cnn_dash.ui.layer_rows import layer_rows_html


def test_every_layer_has_a_row_and_the_total_is_that_of_the_network():
    table = layer_table(get("compact-valid").model, (28, 28, 1), 10)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", layer_rows_html(table))
    cells = [re.findall(r">([^<]*)</t[dh]>", row) for row in rows]
    assert cells[0] == ["Layer", "Output", "Parameters", "Mult-adds", "Sees"]
    assert [row[0] for row in cells[1:-1]] == [row.name for row in table.rows]
    assert ["block 1 · convolution", "26×26×32", "320", "194,688", "3×3"] in cells
    assert cells[-1] == ["total", "", "93,322", "2.8 M", ""]
