"""What only a store on a disk does."""

import os
from pathlib import Path

import pytest

from cnn_dash.artifacts.local import LocalArtifactStore
from cnn_dash.artifacts.protocol import Artifact


def test_a_key_is_the_path_below_the_folder_and_nothing_is_copied_to_be_read(tmp_path: Path) -> None:
    artifacts = LocalArtifactStore(tmp_path)
    artifacts.put("00012/config.json", lambda path: path.write_text("{}"))
    assert (tmp_path / "00012" / "config.json").read_text() == "{}"
    with artifacts.local_path("00012/config.json") as path:
        assert path == tmp_path / "00012" / "config.json"
    assert artifacts.location("00012") == str(tmp_path / "00012")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the process is forked")
def test_what_a_killed_process_left_half_written_is_counted_and_deleted(tmp_path: Path) -> None:
    artifacts = LocalArtifactStore(tmp_path)
    pid = os.fork()
    if pid == 0:  # dies in the middle of its writing
        artifacts.put("00012/model.keras", lambda path: (path.write_bytes(b"half"), os._exit(1)))
    os.waitpid(pid, 0)
    assert list(artifacts.list("00012")) == [Artifact("00012/part-model.keras", 4)]
    assert list(artifacts.list("00012/model.keras")) == []
    artifacts.delete("00012")
    assert not (tmp_path / "00012").exists()
