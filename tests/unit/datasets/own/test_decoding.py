import io

import numpy as np
import pytest
from PIL import Image

from cnn_dash.datasets.own.decoding import Decoded, decode, resized
from cnn_dash.datasets.own.manifest import ImportOptions
from tests.class_folders import picture


def test_a_picture_of_the_right_size_is_not_touched():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8), dtype=np.uint8)
    made = decode(pixels, "a", ImportOptions(size=8))
    assert isinstance(made, Decoded)
    np.testing.assert_array_equal(made.image[..., 0], pixels)


def test_fit_shows_all_with_a_border_in_the_colour_of_the_edge():
    pixels = np.full((20, 40, 3), (250, 240, 10), np.uint8)
    pixels[8:12, :] = 0
    made = np.asarray(resized(Image.fromarray(pixels), 20, "fit"))
    assert made.shape == (20, 20, 3)
    assert made[0, 0].tolist() == made[-1, -1].tolist() == [250, 240, 10]
    assert made[9:11].max() < 130


def test_fill_keeps_the_middle():
    pixels = np.zeros((20, 60), np.uint8)
    pixels[:, 20:40] = 200
    made = np.asarray(resized(Image.fromarray(pixels), 10, "fill"))
    assert made[:, 1:-1].min() > 190


def test_a_photo_is_turned_upright_and_its_upright_size_is_told():
    photo = Image.new("L", (30, 10))
    exif = photo.getexif()
    exif[0x0112] = 6
    file = io.BytesIO()
    photo.save(file, "JPEG", exif=exif)
    made = decode(file.getvalue(), "a.jpg", ImportOptions(size=8))
    assert isinstance(made, Decoded)
    assert (made.width, made.height) == (10, 30)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", b"no picture", picture("bar", 1)[:60], "as told"])
def test_what_is_no_picture_is_a_reason(content):
    made = decode(content, "a.png", ImportOptions(size=8))
    assert isinstance(made, str)
    assert made


def test_sixteen_bits_alpha_and_palettes_are_brought_to_eight_bits():
    deep = Image.fromarray(np.full((8, 8), 65_535, np.uint16))
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    for one, level in ((deep, 255), (clear, 255), (Image.new("P", (8, 8)), 0), (Image.new("CMYK", (8, 8)), 255)):
        file = io.BytesIO()
        one.save(file, "TIFF")
        made = decode(file.getvalue(), "a.tif", ImportOptions(size=8, colour="rgb"))
        assert isinstance(made, Decoded)
        assert made.image.shape == (8, 8, 3)
        assert {int(value) for value in made.image.ravel()} == {level}
