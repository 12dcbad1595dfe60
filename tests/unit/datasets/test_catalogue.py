import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.sources.embedded import EmbeddedSource
from cnn_dash.datasets.sources.published import PublishedSource
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import load as load_config
from cnn_dash.presets import PRESETS


def test_the_order_is_the_one_to_show():
    assert list(catalogue.SOURCES) == [
        "mnist-5k",
        "digits",
        "mnist",
        "kmnist",
        "kmnist-10k",
        "fashion-mnist",
        "emnist-letters",
        "emnist-balanced",
        "cifar10",
    ]


@pytest.mark.parametrize("name", catalogue.SOURCES)
def test_a_data_set_says_all_that_a_person_needs(name):
    info = catalogue.get(name)
    assert info.name == name
    assert load_config({"data": {"dataset": name}}).data.dataset == name
    assert info.title
    assert info.description.endswith(".")
    assert info.licence
    assert info.source.startswith("http")
    assert len(set(info.class_names)) == {"emnist-letters": 26, "emnist-balanced": 47}.get(name, 10)
    assert info.image_shape == {"digits": (8, 8, 1), "cifar10": (32, 32, 3)}.get(name, (28, 28, 1))
    source = catalogue.SOURCES[name]
    if not isinstance(source, EmbeddedSource):
        assert info.download_url.endswith("/")
        assert info.download_mb > 0
    if isinstance(source, PublishedSource):
        assert all(part.shape[1:] in ((28, 28), ()) for part in source.parts)
        images = sum(part.shape[0] for part in source.parts if len(part.shape) == 3)
        assert images == info.train_count + info.test_count


def test_kmnist_has_its_hiragana_in_the_order_of_the_labels():
    assert catalogue.get("kmnist").class_names == ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を")


def test_every_preset_was_reported_on_a_set_that_there_is():
    assert {preset.reported_on for preset in PRESETS.values()} <= set(catalogue.SOURCES)


@pytest.mark.parametrize("name", ["", "cifar", "MNIST", "../mnist"])
def test_an_unknown_name_is_answered_with_the_known_ones(name, tmp_path):
    for ask in (catalogue.get, lambda n: catalogue.load(n, tmp_path), lambda n: catalogue.is_local(n, tmp_path)):
        with pytest.raises(ConfigError, match=r"Received: .* Allowed: mnist-5k, digits, mnist, kmnist"):
            ask(name)


def test_in_an_empty_data_folder_only_the_embedded_digits_are_local(tmp_path):
    assert catalogue.is_local("mnist-5k", tmp_path)
    assert not catalogue.is_local("mnist", tmp_path)
    assert not catalogue.is_local("kmnist", tmp_path / "nowhere")


def test_a_set_is_local_only_when_all_its_files_are_there(small, tmp_path, monkeypatch):
    monkeypatch.setitem(catalogue.SOURCES, "small-set", small.source)
    small.write_idx(tmp_path / "small-set")
    assert catalogue.is_local("small-set", tmp_path)
    (tmp_path / "small-set" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert not catalogue.is_local("small-set", tmp_path)


def test_an_impossible_validation_share_is_refused(small, tmp_path):
    small.write_idx(tmp_path / "small-set")
    with pytest.raises(ConfigError, match="validation share"):
        catalogue.load_source(small.source, tmp_path, validation_fraction=0.001)
