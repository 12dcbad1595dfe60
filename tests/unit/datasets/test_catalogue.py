import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import load as load_config
from cnn_dash.presets import PRESETS


def test_the_order_is_the_one_to_show():
    assert list(catalogue.CATALOGUE) == ["mnist-5k", "mnist", "kmnist", "kmnist-10k", "fashion-mnist"]


@pytest.mark.parametrize("name", catalogue.CATALOGUE)
def test_an_entry_says_all_that_a_person_needs(name):
    entry = catalogue.get(name)
    assert entry.name == name
    assert load_config({"data": {"dataset": name}}).data.dataset == name
    assert entry.title
    assert entry.description.endswith(".")
    assert entry.licence
    assert entry.source.startswith("http")
    assert len(set(entry.class_names)) == 10
    assert entry.image_shape == (28, 28, 1)
    if entry.parts:
        assert entry.download_url.endswith("/")
        assert entry.download_mb > 0
        assert all(part.shape[1:] in ((28, 28), ()) for part in entry.parts)
        pictures = sum(part.shape[0] for part in entry.parts if len(part.shape) == 3)
        assert pictures == entry.train_count + entry.test_count


def test_kmnist_has_its_hiragana_in_the_order_of_the_labels():
    assert catalogue.get("kmnist").class_names == ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を")


def test_every_preset_was_reported_on_a_set_of_the_catalogue():
    assert {preset.reported_on for preset in PRESETS.values()} <= set(catalogue.CATALOGUE)


@pytest.mark.parametrize("name", ["", "cifar", "MNIST", "../mnist"])
def test_an_unknown_name_is_answered_with_the_known_ones(name, tmp_path):
    for ask in (catalogue.get, lambda n: catalogue.load(n, tmp_path), lambda n: catalogue.is_local(n, tmp_path)):
        with pytest.raises(ConfigError, match=r"Received: .* Allowed: mnist-5k, mnist, kmnist, kmnist-10k, fashion"):
            ask(name)


def test_in_an_empty_data_folder_only_the_embedded_digits_are_local(tmp_path):
    assert catalogue.is_local("mnist-5k", tmp_path)
    assert not catalogue.is_local("mnist", tmp_path)
    assert not catalogue.is_local("kmnist", tmp_path / "nowhere")


def test_a_set_is_local_only_when_all_its_files_are_there(small, tmp_path, monkeypatch):
    monkeypatch.setitem(catalogue.CATALOGUE, "small-set", small.entry)
    small.write_idx(tmp_path / "small-set")
    assert catalogue.is_local("small-set", tmp_path)
    (tmp_path / "small-set" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert not catalogue.is_local("small-set", tmp_path)


def test_an_impossible_validation_share_is_refused(small, tmp_path):
    small.write_idx(tmp_path / "small-set")
    with pytest.raises(ConfigError, match="validation share"):
        catalogue.load_entry(small.entry, tmp_path, validation_fraction=0.001)
