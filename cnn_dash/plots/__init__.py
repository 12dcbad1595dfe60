"""Numbers to Plotly figures: each plot is a pair, `*_info` gathers the numbers and `*_figure` draws them.

No figure sets a background, a font or a text colour: these come from the theme of the page, light or dark. Each
module has a `describe(info)` that says in a sentence or two what the figure shows, for people who cannot see it.
"""
