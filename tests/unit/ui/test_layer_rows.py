import re

from cnn_dash.hyperparameters import override
from cnn_dash.models.layer_table import layer_table
from cnn_dash.presets import get
from cnn_dash.ui.train.layer_rows import layer_rows_html


def cells(html):
    return [re.findall(r">([^<]*)</t[dh]>", row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html)]


def test_every_layer_has_a_row_and_the_total_is_that_of_the_network():
    table = layer_table(get("compact-valid").model, (28, 28, 1), 10)
    html = layer_rows_html(table)
    rows = cells(html)
    assert rows[0] == ["Layer", "Output", "Params", "Mult-adds", "Rec. field"]
    assert re.findall(r'title="([^"]+)"', html) == [row.name.replace("answer", "output") for row in table.rows]
    assert ["block 1 · conv", "26×26×32", "320", "194,688", "3×3"] in rows
    assert rows[-1] == ["total", "", "93,322", "2.8 M", ""]


def test_a_block_is_named_once():
    config = override(get("compact-valid").config(), {"model.blocks.0.batch_norm": True})
    names = [row[0] for row in cells(layer_rows_html(layer_table(config.model, (28, 28, 1), 10)))]
    assert names[2:6] == ["block 1 · conv", "\u2003batch norm", "\u2003activation", "\u2003pooling"]
    assert names[-5:] == ["dense 1", "\u2003activation", "output · logits", "\u2003softmax", "total"]


def test_large_vectors_have_their_commas():
    table = layer_table(get("compact-same").model, (28, 28, 1), 10)
    assert ["flatten", "3,136", "", "", "28×28"] in cells(layer_rows_html(table))
