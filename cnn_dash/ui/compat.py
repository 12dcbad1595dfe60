"""Changes to other libraries, each with its reason and what there is to report to their authors.

Nothing here imports Keras: what is changed is Streamlit's side of the matter, so the pages stay free of TensorFlow, and
whoever calls Keras' own `clear_session` gets what it promises.
"""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, script_runner

_run_script: Any = getattr(script_runner.ScriptRunner, "_run_script", None)


def keep_keras_session() -> None:
    """Keep Streamlit from clearing the Keras session at the end of every script run.

    Report to streamlit/streamlit:

        **`_clean_problem_modules` clears the Keras session after every script run, of all users**

        `ScriptRunner` ends each run of a script, and of a fragment, with `_clean_problem_modules()`, which calls
        `keras.backend.clear_session()` if "keras" is in `sys.modules`. That made sense for TensorFlow 1, where each
        run added to one global graph. With Keras 3

        1. it runs a full garbage collection: with TensorFlow loaded about 0.3 s in which no other session is served,
           for each stroke on a canvas or move of a slider;
        2. it is global: it resets name scopes and the global state of a model that another session's thread is
           loading or tracing at this moment.

        To reproduce: an app with `import keras; st.slider("x", 0, 9)`; move the slider and profile the server.
        Suggestion: drop the call for Keras 3, or make it an option such as `runner.clearKerasSession`.

    The other thing that the function does, closing the plots of Matplotlib, is for a library that we do not use.
    """
    if hasattr(script_runner, "_clean_problem_modules"):  # gone in a Streamlit that has heard the report
        script_runner._clean_problem_modules = lambda: None


def drop_requests_of_left_pages() -> None:
    """Keep a fragment of the page before from emptying the page that is shown now.

    Report to streamlit/streamlit:

        **The page is blank after `st.switch_page` if a fragment with `run_every` asks at the wrong moment**

        While `st.switch_page` runs the next page, the browser does not know it yet and may still ask for a fragment of
        the page before. `AppSession.request_rerun` lets it through, as the fragment is forgotten only at the end of the
        run. It waits in the queue, finds no fragment, draws nothing, but sends `new_session` with the page that was
        left: the browser takes that for a change of the page, and throws away all that it shows.

        To reproduce: a page with a fragment (`run_every=0.3`), and a button in another fragment that calls
        `st.switch_page`. Hold the messages from the server back for half a second when it is clicked.
        Suggestion: in `ScriptRunner._run_script`, leave out a run none of whose fragments is there any more.
    """
    if _run_script is not None:
        runner: Any = script_runner.ScriptRunner
        runner._run_script = _run_what_is_there


def _run_what_is_there(runner: script_runner.ScriptRunner, rerun_data: RerunData) -> None:
    asked = rerun_data.fragment_id_queue
    if not asked or any(runner._fragment_storage.contains(fragment) for fragment in asked):
        _run_script(runner, rerun_data)


def mount_canvas_in_page() -> None:
    """Mount the drawing canvas without a shadow root, so that a style of the page can hide its toolbar.

    Its buttons are ours once more, and one of them turns the pen into a hand. The package is imported only
    here because it registers its component with the server.

    Report to andfanilo/streamlit-drawable-canvas:

        **The toolbar cannot be hidden or styled since the component is mounted with `isolate_styles=True`**

        `st_canvas(display_toolbar=False)` is no longer an argument, and the toolbar (`.dc-toolbar`) stands in a shadow
        root, where no style of the page reaches. An app with undo and clear buttons of its own shows both twice, and a
        tap on its edit toggle makes the pen stop drawing, which people take for a fault.
        Suggestion: bring `display_toolbar` back, or offer `st_canvas(..., isolate_styles=False)`. Until then we call
        `st.components.v2.component` again with the same files and `isolate_styles=False`, and put it in place of
        `streamlit_drawable_canvas.out`.
    """
    import streamlit_drawable_canvas

    streamlit_drawable_canvas.out = st.components.v2.component(
        "streamlit-drawable-canvas.streamlit_drawable_canvas",
        js="index-*.js",
        css="index-*.css",
        html='<div class="canvas-root"></div>',
        isolate_styles=False,
    )


MOST_TOASTS = 8
"""So many at once leave an open dialog as it is."""


def keep_places_for_toasts() -> None:
    """Have the dialogs that come later on this page opened behind the places of toasts, which would replace them.

    Call it behind the fragment that shows toasts, and before any dialog.

    Report to streamlit/streamlit:

        **A toast in a fragment closes an open dialog of another part of the page**

        `st.toast` and `st.dialog` put their elements into the same container (`event_dg`). A fragment that is run again
        counts its elements there from where it stood when it was defined, so its first toast has the place, and the
        delta path, of a dialog that was opened since.

        To reproduce: a fragment with `run_every=5` that calls `st.toast("…")`, and a button that opens a dialog.
        Suggestion: a container for dialogs, and another one for toasts.
    """
    if hasattr(st, "_event"):
        for _ in range(MOST_TOASTS):
            st._event.empty()
