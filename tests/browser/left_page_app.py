"""Two pages: one asks again and again while it is shown, and a button leads to the other, which takes a while."""

import time

import streamlit as st

from cnn_dash.ui.compat import drop_requests_of_left_pages

drop_requests_of_left_pages()


def first() -> None:
    """A fragment that asks by itself, and two buttons in another one."""
    st.title("First")
    looking()
    buttons()


@st.fragment(run_every=0.3)
def looking() -> None:
    """Asks by itself."""
    st.write("looking")


@st.fragment
def buttons() -> None:
    """One that stays here, and one that leads to the other page."""
    st.button("Stay")
    if st.button("Go"):
        st.switch_page(SECOND)


def second() -> None:
    """The other page."""
    st.title("Second")
    time.sleep(1.5)
    st.write("all of it")


SECOND = st.Page(second)
st.navigation([st.Page(first, default=True), SECOND]).run()
