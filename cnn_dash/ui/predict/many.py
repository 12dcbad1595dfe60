"""Has several networks read many uploads, several at a time, with progress."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.inference import Steps
from cnn_dash.inference.answers import Network
from cnn_dash.inference.pieces import Box
from cnn_dash.runs.records import Run
from cnn_dash.ui.predict.choice import region_of
from cnn_dash.ui.predict.digests import digest_of
from cnn_dash.ui.predict.opinions import Opinions, most_doubtful_first
from cnn_dash.ui.predict.steps import chosen_steps
from cnn_dash.ui.predict.summary import Summary, summarize
from cnn_dash.ui.session.last_used import LastUsed
from cnn_dash.ui.session.resources import READERS, picture_answers

_FEW = 8  # are read before a bar of progress could be seen


def read_all(runs: Sequence[Run], networks: Mapping[int, Network], files: Sequence[UploadedFile]) -> list[Opinions]:
    """Have networks read files, with progress where it takes a while; return what they say, doubtful ones first.

    What has been read once is kept, for all sessions: by the file's content, and by all that the answer depends on.

    Args:
        runs: Whose networks read.
        networks: By the numbers of the runs.
        files: What was uploaded.
    """
    steps, kept = chosen_steps(), picture_answers()
    found: dict[str, dict[int, Summary]] = {}
    waiting: dict[Future[dict[int, Summary]], str] = {}
    for file in files:
        digest = digest_of(file)
        region = region_of(digest)
        keys = {run.id: (run.id, _folder(run), digest, file.name, steps, region) for run in runs}
        known = {run_id: kept.get(key) for run_id, key in keys.items()}
        found[file.file_id] = {run_id: one for run_id, one in known.items() if one is not None}
        missing = {run_id: networks[run_id] for run_id, one in known.items() if one is None}
        if missing:
            waiting[READERS.submit(_read, missing, file, steps, region, kept, keys)] = file.file_id
    try:
        for file_id, said in _awaited(waiting, len(files)):
            found[file_id] |= said
    finally:  # the person has uploaded more, or left: then this is started anew, with what has been read by then
        for future in waiting:
            future.cancel()
    return most_doubtful_first(
        Opinions(file_id, {run.id: said[run.id] for run in runs}) for file_id, said in found.items()
    )


def _awaited(waiting: Mapping[Future[dict[int, Summary]], str], count: int) -> Iterator[tuple[str, dict[int, Summary]]]:
    done = count - len(waiting)
    place = st.empty() if len(waiting) > _FEW else None
    for future in as_completed(waiting):
        yield waiting[future], future.result()
        done += 1
        if place is not None:
            place.progress(done / count, f"{done} of {count} pictures read")
    if place is not None:
        place.empty()


def _read(
    networks: Mapping[int, Network],
    file: UploadedFile,
    steps: Steps,
    region: Box | None,
    kept: LastUsed[Summary],
    keys: Mapping[int, Hashable],
) -> dict[int, Summary]:
    said = summarize(networks, file.getvalue(), file.name, steps, region)
    for run_id, summary in said.items():
        kept.put(keys[run_id], summary)
    return said


def _folder(run: Run) -> str:
    assert run.network_folder is not None  # only runs with a network can be chosen
    return run.network_folder
