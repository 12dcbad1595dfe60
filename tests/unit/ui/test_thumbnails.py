import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest


def page(shape: tuple[int, ...]) -> None:
    import numpy as np

    from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails

    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    render_thumbnails([Thumbnail(pixels, "a <b>", ("first", "second"), correct=False)], width_px=60)


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (17, 40, 1), (32, 32, 3), (8, 8, 3), (40, 17, 3)])
def test_the_browser_gets_every_pixel_of_an_image_of_any_shape(shape: tuple[int, ...]) -> None:
    app = AppTest.from_function(page, kwargs={"shape": shape}, default_timeout=60).run()
    assert not app.exception
    html = app.html[0].value
    (file,) = re.findall(r"data:image/png;base64,([^\"]+)", html)
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(file))))
    expected = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    np.testing.assert_array_equal(shown, expected[..., 0] if shape[2:] == (1,) else expected)
    assert 'alt="a &lt;b&gt;"' in html
    assert "✗ first</b><br>second" in html
