"""The recipe of a run as plain Keras: one program that trains the same network without CNN Dash.

`program` puts it together from titled sections: `data`, `network`, `rates` (the learning rate) and `training`. Each
writes only what the run uses. The formats `script` and `notebook` join the same sections, with comments or as cells.
"""
