"""What a file is, by how it begins."""

import pytest

from cnn_dash.inference.signatures import is_opened, kind_of


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive or an office document"),
        (b"\x00\x00\x00\x18ftypheic", "a HEIC photo"),
        (b"\x00\x00\x00\x18ftypisom", "a film"),
        (b"\x00\x00\x00\x18ftypavif", "an AVIF picture"),
        (b"\x89PNG\r\n\x1a\n\x00", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a WebP picture"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "a file of an unknown kind"),
        (b"\x00\x00printed by a tool that puts its own line first\n%PDF-1.4", "a PDF document"),
        (b"\n <!DOCTYPE html><html>", "a web page"),
        (b"<svg xmlns=", "an SVG drawing"),
        (b"II*\x00\x08\x00", "a TIFF picture"),
        ("Grüße,\n".encode(), "text"),
        (b"\x00\x01\x02\x03", "a file of an unknown kind"),
        (b"\xff\xfe\xfd", "a file of an unknown kind"),
    ],
)
def test_a_file_is_named_by_how_it_begins(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "opened"),
    [
        (b"GIF89a", True),
        (b"%PDF-1.7", True),
        (b"MM\x00*", True),
        (b"PK\x03\x04", False),
        (b"text", False),
        (b"", False),
    ],
)
def test_whether_a_file_can_be_opened_is_told_by_how_it_begins(data, opened):
    assert is_opened(data) is opened
