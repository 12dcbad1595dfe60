"""What is done to a page as a whole: pictures pasted or dropped anywhere on it, and single keys.

Files go into a file uploader that is on the page, as if they had been dropped there: what becomes of them, and what is
refused, is decided in one place. `st.file_uploader` takes neither what is pasted nor what is dropped beside it.
"""

from collections.abc import Callable, Sequence

from cnn_dash.ui.components.shared import component, on_event

_page_input = component("page_input", '<div class="veil" hidden><p></p></div>')


def render_page_input(
    uploader: str, *, invitation: str, keys: Sequence[str], on_key: Callable[[str], None], key: str
) -> None:
    """Listen to the page; draws nothing but an invitation while a file is dragged over the page.

    Args:
        uploader: Key of the file uploader that gets the files.
        invitation: What a person reads who drags a file.
        keys: Keys of the keyboard that are listened to, such as `e`, while nobody types a text.
        on_key: Called with the key that was pressed.
        key: Key of the component.
    """
    pressed = on_event(key, "pressed", lambda event: on_key(str(event["key"])))
    data = {"uploader": f"st-key-{uploader}", "invitation": invitation, "keys": keys}
    _page_input(key=key, data=data, on_pressed_change=pressed, height="content")
