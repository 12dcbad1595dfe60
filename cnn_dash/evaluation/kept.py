"""Files that are kept with the network of a run, in `evaluation/` of its result folder: each is computed once."""

from cnn_dash.runs.folder import ResultFolder, RunFile


def kept_file(folder: ResultFolder, name: str) -> RunFile:
    """Return a file that is computed from the network, of this name: `nearest.npz`."""
    return RunFile(folder.artifacts, f"{folder.key}/evaluation/{name}")
