"""Numbers to plots, in pairs: `*_info` gathers the numbers, `*_plot` draws them as a Plotly figure.

No plot sets a background, a font or a text colour: these come from the theme of the page, light or dark. Each
module has a `describe(info)` that says in a sentence or two what the plot shows, for people who cannot see it.
"""
