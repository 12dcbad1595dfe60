"""What a file is that is no picture."""

import pytest

from cnn_dash.inference.signatures import kind_of


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive or an office document"),
        (b"\x00\x00\x00\x18ftypheic", "a HEIC photo"),
        (b"\x00\x00\x00\x18ftypisom", "a film"),
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
