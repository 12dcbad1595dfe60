"""What every artifact store does, whatever it keeps its artifacts in."""

from pathlib import Path

import pytest

from cnn_dash.artifacts.local import LocalArtifactStore
from cnn_dash.artifacts.protocol import Artifact, ArtifactStore
from cnn_dash.errors import StoreError
from tests.memory_artifacts import MemoryArtifactStore

KEY = "00012/checkpoints/0001-00004-0000000.npz"


@pytest.fixture(params=["local", "memory"])
def artifacts(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStore:
    return LocalArtifactStore(tmp_path / "runs") if request.param == "local" else MemoryArtifactStore()


def put(artifacts: ArtifactStore, key: str, content: bytes) -> None:
    artifacts.put(key, lambda path: path.write_bytes(content))


def content_of(artifacts: ArtifactStore, key: str) -> bytes:
    with artifacts.open(key) as stream:
        return stream.read()


def keys(artifacts: ArtifactStore, prefix: str = "") -> list[str]:
    return sorted(artifact.key for artifact in artifacts.list(prefix))


def test_what_was_put_is_read_as_a_stream_and_under_a_path(artifacts: ArtifactStore) -> None:
    put(artifacts, KEY, b"weights")
    assert content_of(artifacts, KEY) == b"weights"
    with artifacts.local_path(KEY) as path:
        assert path.read_bytes() == b"weights"
        assert path.name == "0001-00004-0000000.npz"


def test_the_path_to_write_to_ends_like_the_key(artifacts: ArtifactStore) -> None:
    endings = []

    def write(path: Path) -> None:
        endings.append(path.suffix)
        path.write_bytes(b"")

    artifacts.put("00001/result-0001/model.keras", write)
    assert endings == [".keras"]


def test_a_stream_can_seek(artifacts: ArtifactStore) -> None:
    put(artifacts, KEY, b"0123456789")
    with artifacts.open(KEY) as stream:
        assert stream.seek(0, 2) == 10
        stream.seek(7)
        assert stream.read() == b"789"


def test_what_is_put_again_takes_the_place_of_what_was_there(artifacts: ArtifactStore) -> None:
    put(artifacts, KEY, b"a long one")
    put(artifacts, KEY, b"short")
    assert content_of(artifacts, KEY) == b"short"
    assert keys(artifacts) == [KEY]


def test_a_put_that_fails_half_way_changes_nothing_and_leaves_nothing(artifacts: ArtifactStore) -> None:
    def half(path: Path) -> None:
        path.write_bytes(b"half")
        assert not any(content_of(artifacts, key) == b"half" for key in keys(artifacts) if key == KEY)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        artifacts.put(KEY, half)
    assert keys(artifacts) == []
    put(artifacts, KEY, b"whole")
    with pytest.raises(OSError, match="the disk is gone"):
        artifacts.put(KEY, half)
    assert content_of(artifacts, KEY) == b"whole"
    assert keys(artifacts) == [KEY]


def test_a_reader_that_has_begun_reads_on_what_it_began(artifacts: ArtifactStore) -> None:
    put(artifacts, KEY, b"first" * 10_000)
    with artifacts.open(KEY) as stream:
        begin = stream.read(5)
        put(artifacts, KEY, b"other" * 10_000)
        assert begin + stream.read() == b"first" * 10_000


def test_a_log_grows_at_its_end(artifacts: ArtifactStore) -> None:
    artifacts.append("00012/log.txt", "größer\n".encode())
    artifacts.append("00012/log.txt", b"and on\n")
    assert content_of(artifacts, "00012/log.txt").decode() == "größer\nand on\n"


def test_what_is_not_there_is_missing_as_a_file_is(artifacts: ArtifactStore) -> None:
    with pytest.raises(FileNotFoundError):
        artifacts.open(KEY)
    with artifacts.local_path(KEY) as path, pytest.raises(FileNotFoundError):
        path.read_bytes()
    assert keys(artifacts, "00012") == []
    artifacts.delete(KEY)


def test_artifacts_are_listed_with_their_sizes_by_what_their_keys_begin_with(artifacts: ArtifactStore) -> None:
    put(artifacts, KEY, b"four")
    put(artifacts, "00012/config.json", b"{}")
    put(artifacts, "000123/config.json", b"{}")
    assert sorted(artifacts.list("00012"), key=lambda one: one.key) == [
        Artifact(KEY, 4),
        Artifact("00012/config.json", 2),
    ]
    assert list(artifacts.list(KEY)) == [Artifact(KEY, 4)]
    assert keys(artifacts) == [KEY, "00012/config.json", "000123/config.json"]


def test_one_artifact_is_deleted_or_all_below_a_prefix(artifacts: ArtifactStore) -> None:
    for key in (KEY, "00012/config.json", "00012/log.txt", "000123/config.json"):
        put(artifacts, key, b"x")
    artifacts.delete("00012/log.txt")
    assert keys(artifacts, "00012") == [KEY, "00012/config.json"]
    artifacts.delete("00012")
    assert keys(artifacts) == ["000123/config.json"]
    put(artifacts, KEY, b"again")
    assert content_of(artifacts, KEY) == b"again"


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../secret", "00012/../../secret", "00012//x", "00012/.", "a\\b"])
def test_no_key_leads_out_of_the_store(artifacts: ArtifactStore, key: str) -> None:
    for use in (artifacts.open, artifacts.delete, artifacts.location, lambda key: put(artifacts, key, b"x")):
        with pytest.raises(StoreError, match="no key of a file of a run"):
            use(key)


def test_a_person_is_told_where_the_files_are(artifacts: ArtifactStore) -> None:
    assert artifacts.location("00012").endswith("00012")
