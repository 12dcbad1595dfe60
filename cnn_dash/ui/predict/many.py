"""Reads many uploads, several at a time, with progress."""

from collections.abc import Hashable, Sequence
from concurrent.futures import Future, as_completed

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.inference import Steps
from cnn_dash.inference.answers import Network
from cnn_dash.inference.pieces import Box
from cnn_dash.runs.records import Run
from cnn_dash.ui.predict.choice import region_of
from cnn_dash.ui.predict.digests import digest_of
from cnn_dash.ui.predict.network import loaded_network
from cnn_dash.ui.predict.steps import chosen_steps
from cnn_dash.ui.predict.summary import Summary, most_doubtful_first, summarize
from cnn_dash.ui.session.last_used import LastUsed
from cnn_dash.ui.session.resources import READERS, picture_answers

_FEW = 8  # are read before a bar of progress could be seen


def read_all(run: Run, files: Sequence[UploadedFile]) -> list[tuple[str, Summary]]:
    """Read files, with progress where it takes a while; return the id of each with its answer, doubtful ones first.

    What has been read once is kept, for all sessions: by the file's content, and by all that the answer depends on.

    Raises:
        StoreError: If the network cannot be opened.
    """
    network, steps, kept = loaded_network(run), chosen_steps(), picture_answers()
    assert run.network_folder is not None
    found: dict[str, Summary] = {}
    waiting: dict[Future[Summary], str] = {}
    for file in files:
        digest = digest_of(file)
        region = region_of(digest)
        key = (run.id, run.network_folder, digest, file.name, steps, region)
        known = kept.get(key)
        if known is None:
            waiting[READERS.submit(_read, network, file, steps, region, kept, key)] = file.file_id
        else:
            found[file.file_id] = known
    try:
        found |= _awaited(waiting, len(files))
    finally:  # the person has uploaded more, or left: then this is started anew, with what has been read by then
        for future in waiting:
            future.cancel()
    return most_doubtful_first(found.items())


def _awaited(waiting: dict[Future[Summary], str], count: int) -> dict[str, Summary]:
    found = {}
    before = count - len(waiting)
    place = st.empty() if len(waiting) > _FEW else None
    for future in as_completed(waiting):
        found[waiting[future]] = future.result()
        if place is not None:
            done = before + len(found)
            place.progress(done / count, f"{done} of {count} pictures read")
    if place is not None:
        place.empty()
    return found


def _read(
    network: Network, file: UploadedFile, steps: Steps, region: Box | None, kept: LastUsed[Summary], key: Hashable
) -> Summary:
    summary = summarize(network, file.getvalue(), file.name, steps, region)
    kept.put(key, summary)
    return summary
