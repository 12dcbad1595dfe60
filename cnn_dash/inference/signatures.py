"""Names the kind of a file by how it begins."""

PDF = "a PDF document"
PICTURES = {
    "a PNG picture": (b"\x89PNG\r\n\x1a\n",),
    "a JPEG picture": (b"\xff\xd8\xff",),
    "a GIF picture": (b"GIF87a", b"GIF89a"),
    "a BMP picture": (b"BM",),
    "a TIFF picture": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "a WebP picture": (),
    "a HEIC photo": (),
    "an AVIF picture": (),
}
"""The kinds of picture that can be opened, and how they begin; the last three are told by what follows that."""

_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"8BPS", "a Photoshop picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document, perhaps an SVG drawing"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
# Behind four bytes of length stands "ftyp" and which kind of container it is.
_CONTAINERS = dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "a HEIC photo")
_CONTAINERS |= {b"avif": "an AVIF picture", b"avis": "an AVIF picture"}
_PDF_WITHIN = 1024  # bytes: readers of PDF look for its signature so far


def kind_of(data: bytes) -> str:
    """Return what these bytes seem to be: `a PDF document`, `a PNG picture`, `text`, `a file of an unknown kind`."""
    for kind, signatures in PICTURES.items():
        if data.startswith(signatures):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP picture"
    if data[4:8] == b"ftyp":
        return _CONTAINERS.get(data[8:12], "a film")
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return PDF
    start = data.lstrip()[:16].lower()
    for signature, kind in _OTHERS:
        if start.startswith(signature.lower()):
            return kind
    head = data[:64].decode("utf-8", "ignore")
    return "text" if head and head.replace("\n", " ").replace("\r", " ").isprintable() else "a file of an unknown kind"


def is_opened(data: bytes) -> bool:
    """Return whether a file that begins like this (1,024 bytes suffice) is of a kind that can be opened."""
    kind = kind_of(data)
    return kind in PICTURES or kind == PDF
