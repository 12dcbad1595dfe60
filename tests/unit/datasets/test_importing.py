"""What any source holds ends in one internal form, once, and is read anew as soon as the source changes."""

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets import catalogue, internal_format
from cnn_dash.datasets.catalogue import load_source
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.datasets.importing import import_dataset, to_internal
from cnn_dash.datasets.sources.protocol import DatasetSource
from cnn_dash.errors import DataError
from tests.own_dataset import own_dataset

REPOSITORY = Path(__file__).parents[3]
IMAGES = "t10k-images-idx3-ubyte"


def same(one: Dataset, other: Dataset) -> bool:
    splits = [(getattr(one, name), getattr(other, name)) for name in ("train", "validation", "test")]
    return one.content_hash == other.content_hash and all(
        np.array_equal(a.images, b.images) and np.array_equal(a.labels, b.labels) for a, b in splits
    )


def imported_folder(tmp_path: Path) -> Path:
    """The only folder of imported sets."""
    (folder,) = (tmp_path / "imported").iterdir()
    return folder


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (17, 40, 1), (8, 8, 3)])
@pytest.mark.parametrize("classes", [2, 10, 300, 1000])
def test_images_of_any_shape_and_number_of_classes_come_through(tmp_path, shape, classes):
    source: DatasetSource = own_dataset(tmp_path / "own", shape, classes)
    in_memory = load_source(source, tmp_path)
    first, mapped = (load_source(source, tmp_path, imported_dir=tmp_path / "imported") for _ in range(2))
    assert len(source.reads) == 2
    assert same(in_memory, first)
    assert same(in_memory, mapped)
    assert mapped.image_shape == shape
    assert mapped.classes == classes
    assert mapped.class_counts(mapped.test).tolist() == [1] * classes
    images, labels = np.load(source.folder / "images.npy"), np.load(source.folder / "labels.npy")
    held = {(image.tobytes(), int(label)) for image, label in zip(mapped.test.images, mapped.test.labels, strict=True)}
    assert held < {(image.tobytes(), int(label)) for image, label in zip(images, labels, strict=True)}


def test_the_second_load_reads_no_file_of_the_publisher(small, tmp_path, monkeypatch):
    small.write_idx(tmp_path / "small-set")
    first = load_source(small.source, tmp_path, imported_dir=tmp_path / "imported")
    monkeypatch.setattr(type(small.source), "read", lambda *_: pytest.fail("read again"))
    again = load_source(small.source, tmp_path, imported_dir=tmp_path / "imported")
    assert same(first, again)
    with pytest.raises(ValueError, match="read-only"):
        again.test.images[0] = 1


def test_an_array_stays_whole_when_its_file_is_imported_anew(small, tmp_path):
    small.write_idx(tmp_path / "small-set")
    imported = [import_dataset(small.source, tmp_path, tmp_path / "imported") for _ in range(2)][1]
    (imported_folder(tmp_path) / "manifest.json").unlink()
    import_dataset(small.source, tmp_path, tmp_path / "imported")
    np.testing.assert_array_equal(imported.test_images[..., 0], small.arrays[IMAGES])


def test_a_source_file_that_changed_is_read_and_checked_anew(small, tmp_path):
    small.write_idx(tmp_path / "small-set", packed=False)
    load_source(small.source, tmp_path, imported_dir=tmp_path / "imported")
    file = tmp_path / "small-set" / IMAGES
    times = file.stat()
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))  # somebody even put the old time back
    with pytest.raises(DataError, match="other content"):
        load_source(small.source, tmp_path, imported_dir=tmp_path / "imported")


def test_another_version_of_a_set_takes_the_place_of_the_former(tmp_path):
    source = own_dataset(tmp_path / "own", (8, 8, 3), 2)
    before = load_source(source, tmp_path, imported_dir=tmp_path / "imported")
    np.save(source.folder / "images.npy", 255 - np.load(source.folder / "images.npy"))
    after = load_source(source, tmp_path, imported_dir=tmp_path / "imported")
    assert before.content_hash != after.content_hash
    assert imported_folder(tmp_path).name.startswith("own-")  # the former one is gone
    np.testing.assert_array_equal(after.test.images, 255 - before.test.images)


DAMAGES = {
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "a manifest that is none": lambda folder: (folder / "manifest.json").write_text("{}"),
    "an array cut short": lambda folder: os.truncate(folder / "train_images.npy", 500),
    "an array changed": lambda folder: np.save(folder / "test_labels.npy", np.zeros(12, np.int64)),
    "an array missing": lambda folder: (folder / "train_labels.npy").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_import_is_made_anew(small, tmp_path, damage):
    small.write_idx(tmp_path / "small-set")
    first = load_source(small.source, tmp_path, imported_dir=tmp_path / "imported")
    DAMAGES[damage](imported_folder(tmp_path))
    assert same(first, load_source(small.source, tmp_path, imported_dir=tmp_path / "imported"))
    assert sorted(path.name for path in imported_folder(tmp_path).iterdir()) == sorted(
        ["manifest.json", *(f"{name}.npy" for name in internal_format.ARRAYS)]
    )


def test_a_set_of_other_classes_is_imported_anew(small, tmp_path):
    small.write_idx(tmp_path / "small-set")
    first = load_source(small.source, tmp_path, imported_dir=tmp_path / "imported")
    renamed = replace(small.source, info=replace(small.source.info, class_names=("a", "b", "d")))
    again = load_source(renamed, tmp_path, imported_dir=tmp_path / "imported")
    assert again.class_names == ("a", "b", "d")
    assert again.content_hash != first.content_hash


def test_where_nothing_can_be_written_the_set_is_in_memory(small, tmp_path):
    small.write_idx(tmp_path / "small-set")
    (tmp_path / "imported").write_text("a file where the folder should be")
    assert load_source(small.source, tmp_path, imported_dir=tmp_path / "imported").counts["test"] == 12


def test_processes_that_import_at_once_do_not_disturb_each_other(tmp_path):
    code = (
        "import sys; from pathlib import Path; from cnn_dash.datasets.catalogue import load\n"
        "print(load('mnist-5k', Path(sys.argv[1]), imported_dir=Path(sys.argv[1])).content_hash)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) for _ in range(3)]
    hashes = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert hashes == {catalogue.load("mnist-5k", tmp_path).content_hash}


def test_workers_with_other_data_folders_that_import_at_once_get_their_own(tmp_path):
    sources = [own_dataset(tmp_path / f"own-{number}", (8, 8, 3), 5) for number in range(2)]
    for number, source in enumerate(sources):
        np.save(source.folder / "images.npy", np.load(source.folder / "images.npy") // 2 + 100 * number)
    imported = tmp_path / "imported"
    wanted = [import_dataset(source, tmp_path, None) for source in sources]
    together = threading.Barrier(4, timeout=60)

    def load(number: int) -> internal_format.Imported:
        source, found = sources[number % 2], None
        for _ in range(10):
            together.wait()
            found = import_dataset(source, tmp_path, imported)
            together.wait()
            if number == 0:
                for folder in imported.iterdir():
                    shutil.rmtree(folder)
        return found

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(load, range(4)))
    for source in sources:
        import_dataset(source, tmp_path, imported)
    found += [import_dataset(source, tmp_path, imported) for source in sources]
    for number, one in enumerate(found):
        assert one.content_hash == wanted[number % 2].content_hash
        for name in internal_format.ARRAYS:
            np.testing.assert_array_equal(getattr(one, name), getattr(wanted[number % 2], name))
    assert len(list(imported.iterdir())) == 2


WRITE_AND_DIE = """
import os, sys
from pathlib import Path
import numpy as np
from cnn_dash.datasets.catalogue import load
save, saved = np.save, []
def die_at_the_third(file, array, **options):
    saved.append(array)
    if len(saved) == 3:
        file.write(b"half")
        file.flush()
        os._exit(9)
    save(file, array, **options)
np.save = die_at_the_third
load("mnist-5k", Path(sys.argv[1]), imported_dir=Path(sys.argv[1]))
"""


def test_a_process_that_dies_while_it_imports_leaves_nothing_that_is_read(tmp_path):
    died = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(tmp_path)], cwd=REPOSITORY, check=False)
    assert died.returncode == 9
    (left,) = tmp_path.iterdir()
    wanted = catalogue.load("mnist-5k", tmp_path)
    assert same(wanted, catalogue.load("mnist-5k", tmp_path, imported_dir=tmp_path))
    assert len(list(tmp_path.iterdir())) == 2  # it may belong to a process that is still at it
    os.utime(left, (0, 0))
    next(path for path in tmp_path.iterdir() if path != left).joinpath("manifest.json").unlink()
    assert same(wanted, catalogue.load("mnist-5k", tmp_path, imported_dir=tmp_path))
    assert not left.exists()
    assert same(wanted, catalogue.load("mnist-5k", tmp_path, imported_dir=tmp_path))


def test_the_content_hash_is_the_same_for_every_split(tmp_path):
    one, other = catalogue.load("mnist-5k", tmp_path), catalogue.load("mnist-5k", tmp_path, 0.3, seed=9)
    assert one.content_hash == other.content_hash
    assert len(one.content_hash) == 64


def test_a_source_that_holds_something_else_than_it_says_is_refused(tmp_path):
    source = own_dataset(tmp_path / "own", (8, 8, 3), 2)
    for changed in ({"image_shape": (8, 8, 1)}, {"train_count": 5}, {"test_count": 4}):
        with pytest.raises(DataError, match=r"Received: .* Allowed: .* Next: "):
            to_internal(source.read(tmp_path), replace(source.info, **changed))
