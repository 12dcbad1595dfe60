"""Names the kind of a file that is no picture, by how it begins."""

_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document, perhaps an SVG drawing"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
# Behind four bytes of length stands "ftyp" and which kind of container it is.
_CONTAINERS = {b"heic": "a HEIC photo", b"heix": "a HEIC photo", b"mif1": "a HEIC photo", b"avif": "an AVIF picture"}


def kind_of(data: bytes) -> str:
    """Return what these bytes seem to be: `a PDF document`, `text`, `a file of an unknown kind`."""
    start = data.lstrip()[:16].lower()
    for signature, kind in _KINDS:
        if start.startswith(signature.lower()):
            return kind
    if data[4:8] == b"ftyp":
        return _CONTAINERS.get(data[8:12], "a film")
    head = data[:64].decode("utf-8", "ignore")
    return "text" if head and head.replace("\n", " ").replace("\r", " ").isprintable() else "a file of an unknown kind"
