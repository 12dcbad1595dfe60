"""What went wrong, in words. Texts may repeat what came from outside, so nothing in them is obeyed as Markdown."""

import re
from collections.abc import Sequence

import streamlit as st

from cnn_dash.text import isolated, printable

# A colon only where it may begin an icon, a colour or a link.
_SIGNS = re.compile(r"[\\`*_\[\]#|<>~$]|:(?=\S)")


def plain(text: str) -> str:
    """Return Markdown that shows text as it stands: Markdown, HTML and directions of writing in it are not obeyed."""
    return isolated(_SIGNS.sub(r"\\\g<0>", printable(text, keep="\n\t")))


def render_error(error: Exception | str) -> None:
    """Say what kept something from being done."""
    st.error(plain(str(error)), icon=":material/error:")


def render_notice(text: Exception | str) -> None:
    """Say what was left out or done otherwise."""
    st.warning(plain(str(text)), icon=":material/link_off:")


def render_notices(what: str, texts: Sequence[str]) -> None:
    """Say several things that were left out or done otherwise, in one box.

    Args:
        what: What they are, in the plural, with what became of them: `settings … could not be used`.
        texts: One sentence for each; nothing is drawn if there is none.
    """
    if len(texts) > 1:
        lines = "\n".join(f"- {plain(text)}" for text in texts)
        st.warning(f"{len(texts)} {what}:\n\n{lines}", icon=":material/link_off:")
    elif texts:
        render_notice(texts[0])
