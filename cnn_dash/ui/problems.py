"""What went wrong, in words. Texts may repeat what came from outside, so nothing in them is obeyed as Markdown."""

import re

import streamlit as st

# A colon only where it may begin an icon, a colour or a link.
_SIGNS = re.compile(r"[\\`*_\[\]#|<>~$]|:(?=\S)")


def plain(text: str) -> str:
    """Text as it stands: Markdown and HTML in it are shown, not obeyed."""
    return _SIGNS.sub(r"\\\g<0>", text)


def render_error(error: Exception | str) -> None:
    """Say what kept something from being done."""
    st.error(plain(str(error)), icon=":material/error:")


def render_notice(text: Exception | str) -> None:
    """Say what was left out or done otherwise."""
    st.warning(plain(str(text)), icon=":material/link_off:")
