"""The first page of a PDF, of those that people make and of those that are made to do harm."""

import io
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture, pdf
from cnn_dash.inference.pictures import open_first_page, to_grey

SQUARE = b"0 0 0 rg 10 10 50 50 re f"


def document(media_box: bytes = b"0 0 200 100", content: bytes = SQUARE, page: bytes = b"", *objects: bytes) -> bytes:
    """A PDF of one page; object 5 and the following are the given ones."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R %s>>" % (media_box, page),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *objects,
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, made.rindex(b"xref"))


def test_the_first_page_is_drawn_on_white():
    pages = [Image.new("RGB", (80, 60), colour) for colour in ("white", "red")]
    pages[0].paste((10, 20, 90), (30, 10, 36, 40))
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:])

    page, count = open_first_page(file.getvalue(), "scan.pdf")
    grey = np.asarray(to_grey(page))

    assert count == 2
    assert grey.shape == (1500, 2000)
    assert np.median(grey[300:950, 775:875]) < 40
    assert np.median(grey[:200]) > 250


@pytest.mark.parametrize(
    ("media_box", "page", "size"),
    [
        (b"0 0 200 100", b"", (2000, 1000)),
        (b"0 0 200 100", b"/Rotate 90", (1000, 2000)),
        (b"0 0 28346 28346", b"", (2000, 2000)),  # 10 m
        (b"0 0 14400 14400", b"/UserUnit 75000", (2000, 2000)),
        (b"0 0 28346 1", b"", (2000, 1)),
        (b"0 0 0.001 0.001", b"", (2000, 2000)),
        (b"0 0 -100 -50", b"", (2000, 1000)),
    ],
)
def test_a_page_of_any_size_is_drawn_at_the_same_size(media_box, page, size):
    assert open_picture(document(media_box, page=page), "page.pdf").size == size


@pytest.mark.parametrize("media_box", [b"0 0 0 0", b"0 0 1e99 nan", b""])
def test_a_page_without_a_size_is_drawn_or_refused(media_box):
    try:
        assert max(open_picture(document(media_box), "page.pdf").size) == 2000
    except PictureError as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right, any other exception is not


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", document()[:200], b"%PDF-1.7\n" + bytes(1000)])
def test_a_damaged_document_is_refused_with_a_sentence(data):
    with pytest.raises(PictureError, match=r"^mine\.pdf cannot be shown as a picture\. Received: .*Allowed: "):
        open_picture(data, "C/papers/mine.pdf")


def test_an_image_that_unpacks_to_gigabytes_costs_the_server_nothing():
    packed = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)
    image = (
        b"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray"
        b"/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    )
    page = b"/Resources<</XObject<</I 5 0 R>>>>"
    try:
        assert open_picture(document(b"0 0 9 9", b"q 9 0 0 9 0 0 cm /I Do Q", page, image), "bomb.pdf").size == (
            2000,
            2000,
        )
    except PictureError as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right, any other exception is not


def test_what_draws_for_ever_is_ended(monkeypatch):
    monkeypatch.setattr(pdf, "TIMEOUT_S", 1.0)
    strokes = b"0 0 m 500 500 l 0 500 l 500 0 l 3 w S\n" * 400_000
    began = time.perf_counter()
    with pytest.raises(PictureError, match="not drawn within 1 s"):
        open_picture(document(content=strokes), "slow.pdf")
    assert time.perf_counter() - began < 8


def test_the_process_that_draws_sees_nothing_of_the_environment(monkeypatch, tmp_path):
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, sys; sys.stdout.write(' '.join(os.environ)); sys.exit(1 if 'SECRET' in os.environ else 4)"
    )
    monkeypatch.setenv("SECRET", "password")
    monkeypatch.setattr(pdf, "_PROGRAM", spy)
    with pytest.raises(PictureError, match="locked by a password"):
        open_picture(document(), "page.pdf")
