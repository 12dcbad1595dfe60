"""The content of an upload as a short text, by which answers and choices are remembered."""

from hashlib import sha256

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

_DIGESTS = "predict_digests"
_MOST = 2_000


def digest_of(file: UploadedFile) -> str:
    """Return the SHA-256 of a file's content; it is computed once, as hundreds of photos take seconds."""
    known: dict[str, str] = st.session_state.setdefault(_DIGESTS, {})
    if file.file_id not in known:
        if len(known) >= _MOST:
            known.pop(next(iter(known)))
        known[file.file_id] = sha256(file.getbuffer()).hexdigest()
    return known[file.file_id]
