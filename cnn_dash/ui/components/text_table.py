"""Tables of texts that strangers wrote. Streamlit's own CSV button writes what a table shows, formulas included."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from cnn_dash.text import as_cell


def render_text_table(rows: Sequence[Mapping[str, str | None]]) -> None:
    """Draw rows of texts, such that a spreadsheet takes none of them for a formula."""
    safe = [{name: None if text is None else as_cell(text) for name, text in row.items()} for row in rows]
    st.dataframe(pd.DataFrame(safe).fillna("–"), hide_index=True, width="stretch")
