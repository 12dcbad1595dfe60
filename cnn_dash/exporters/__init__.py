"""Networks in the forms that other programs take.

One module for each format; `registry` lists them, and `export` makes a file and checks it. Each takes raw pixels 0–255
and gives probabilities. Heavy libraries are imported where they are used, so that a page can name the formats.
"""
