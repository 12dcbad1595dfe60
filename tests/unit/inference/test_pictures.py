import io
import struct
import time
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture, prepare
from cnn_dash.inference.pictures import MAX_BYTES, MAX_PAGES, as_it_lies, open_first_page, to_grey, turn_back_of


def sketch() -> Image.Image:
    """Dark blue stroke on white."""
    pixels = np.full((60, 80, 3), 255, np.uint8)
    pixels[10:40, 30:36] = (10, 20, 90)
    return Image.fromarray(pixels)


def saved(picture: Image.Image, file_format: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def png_header_only(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to no pixels, as a decompression bomb does."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.asarray(sketch().convert("L")).astype(np.uint16) * 257)


def floats(scale: float) -> Image.Image:
    return Image.fromarray(np.asarray(sketch().convert("L")).astype(np.float32) / 255 * scale)


def in_lab() -> Image.Image:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.applyTransform(sketch(), ImageCms.buildTransform(srgb, lab, "RGB", "LAB"))


def tiff_header_only(**changes: int) -> bytes:
    """A TIFF of one grey strip with next to no pixels; what it claims can be changed by the names of its tags."""
    claims = {
        "width": (256, 80),
        "height": (257, 60),
        "bits": (258, 8),
        "compression": (259, 1),
        "photometric": (262, 1),
        "offset": (273, 200),
        "samples": (277, 1),
        "rows_per_strip": (278, 60),
        "bytes": (279, 50),
    }
    entries = sorted((tag, changes.get(name, value)) for name, (tag, value) in claims.items())
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\x00" + struct.pack("<IH", 8, len(entries)) + body + bytes(4 + 200)


def claims_a_size(file_format: str, width: int, height: int) -> bytes:
    """A HEIC or AVIF that claims another size than it has, wherever its headers say so."""
    data, size = saved(sketch().resize((64, 64)), file_format), b"ispe" + struct.pack(">III", 0, 64, 64)
    assert size in data
    return data.replace(size, b"ispe" + struct.pack(">III", 0, width, height))


UPLOADS = {
    "png": saved(sketch(), "PNG"),
    "jpeg": saved(sketch(), "JPEG"),
    "progressive jpeg": saved(sketch(), "JPEG", progressive=True),
    "cmyk jpeg": saved(sketch().convert("CMYK"), "JPEG"),
    "webp": saved(sketch(), "WEBP", lossless=True),
    "animated webp": saved(sketch(), "WEBP", lossless=True, save_all=True, append_images=[sketch().rotate(90)]),
    "gif": saved(sketch(), "GIF"),
    "animated gif": saved(sketch(), "GIF", save_all=True, append_images=[sketch().rotate(90)]),
    "bmp": saved(sketch(), "BMP"),
    "palette": saved(sketch().quantize(8), "PNG"),
    "one bit": saved(sketch().convert("1"), "PNG"),
    "grey and alpha": saved(sketch().convert("LA"), "PNG"),
    "16 bits": saved(sixteen_bits(), "PNG"),
    "tiff": saved(sketch(), "TIFF"),
    "tiff of several pages": saved(sketch(), "TIFF", save_all=True, append_images=[sketch().rotate(90)]),
    "tiff, lzw": saved(sketch(), "TIFF", compression="tiff_lzw"),
    "tiff, deflate": saved(sketch(), "TIFF", compression="tiff_adobe_deflate"),
    "tiff, jpeg": saved(sketch(), "TIFF", compression="jpeg"),
    "fax": saved(sketch().convert("1"), "TIFF", compression="group4"),
    "cmyk tiff": saved(sketch().convert("CMYK"), "TIFF"),
    "16-bit tiff": saved(sixteen_bits(), "TIFF"),
    "float tiff, 0 to 1": saved(floats(1), "TIFF"),
    "float tiff, -1 to 1": saved(floats(2).point(lambda level: level * 1 - 1), "TIFF"),
    "32-bit tiff": saved(Image.fromarray(np.asarray(sketch().convert("L")).astype(np.int32)), "TIFF"),
    "lab tiff": saved(in_lab(), "TIFF"),
    "palette tiff": saved(sketch().quantize(8), "TIFF"),
    "tiff with opacity": saved(sketch().convert("RGBA"), "TIFF"),
    "avif": saved(sketch(), "AVIF"),
    "heic": saved(sketch(), "HEIF"),
    "heic of two photos": saved(sketch(), "HEIF", save_all=True, append_images=[sketch().rotate(90)]),
    "heic, 10 bits": saved(sixteen_bits(), "HEIF"),
    "heic with opacity": saved(sketch().convert("RGBA"), "HEIF"),
}


@pytest.mark.parametrize("kind", UPLOADS)
def test_every_kind_of_upload_shows_the_same_stroke(kind):
    grey = np.asarray(to_grey(open_picture(UPLOADS[kind], f"a {kind}"))).astype(int)

    assert grey.shape == (60, 80)
    assert np.median(grey[12:38, 31:35]) < 40
    assert np.median(grey[:8]) > 250


def test_16_bits_are_scaled_not_clipped():
    levels = np.array([[0, 128 * 257, 65_535]], np.uint16)

    grey = to_grey(open_picture(saved(Image.fromarray(levels), "PNG"), "deep.png"))

    assert np.asarray(grey).tolist() == [[0, 128, 255]]


def test_transparent_parts_are_white_paper():
    canvas = np.zeros((10, 10, 4), np.uint8)  # transparent black, as a drawing canvas sends it
    canvas[4, 4] = (0, 0, 0, 255)
    canvas[5, 5] = (0, 0, 0, 128)

    grey = np.asarray(to_grey(canvas))

    assert grey[0, 0] == 255
    assert grey[4, 4] == 0
    assert grey[5, 5] == 127


def test_a_transparent_palette_colour_is_white_paper():
    picture = Image.new("P", (10, 10), 0)
    picture.putpalette([0, 0, 0, 90, 90, 90])
    picture.putpixel((3, 3), 1)

    grey = np.asarray(to_grey(open_picture(saved(picture, "PNG", transparency=0), "icon.png")))

    assert (grey[3, 3], grey[0, 0]) == (90, 255)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_a_photo_taken_sideways_is_turned_upright(file_format):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it rotated clockwise
    picture = sixteen_bits() if file_format == "TIFF" else sketch()
    picture.info["exif"] = exif.tobytes()  # a HEIC is turned by a header of its own, which is then written too

    grey = to_grey(open_picture(saved(picture, file_format, exif=exif.tobytes()), "phone"))

    assert grey.size == (60, 80)
    assert np.median(np.asarray(grey)[31:35, 25:45]) < 40


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_an_upright_photo_can_be_turned_back_as_it_was_brought(file_format, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = open_picture(saved(sketch(), file_format, exif=exif.tobytes()), "phone")

    turn_back, upright, lying = turn_back_of(photo), to_grey(photo), to_grey(as_it_lies(photo))

    assert (turn_back is None) == (orientation == 1)
    assert np.array_equal(lying, upright if turn_back is None else upright.transpose(turn_back))
    assert lying.size == (80, 60)
    assert turn_back_of(as_it_lies(photo)) is None


def tiff(*pages: Image.Image, smaller: int = 0, **options) -> bytes:
    """A document of these pages; as many as `smaller` are copies of the first, as programs store to be fast."""
    copies = [page.reduce(2) for page in pages[:1] * smaller]
    for copy in copies:
        copy.encoderinfo = {"tiffinfo": {254: 1}}
    return saved(pages[0], "TIFF", save_all=True, append_images=[*pages[1:], *copies], **options)


def test_the_pages_of_a_document_are_counted():
    assert open_first_page(tiff(sketch(), sketch(), sketch()), "scan.tif")[1] == 3
    assert open_first_page(tiff(sketch(), sketch(), smaller=2), "scan.tif")[1] == 2
    assert open_first_page(tiff(sketch(), big_tiff=True), "scan.tif")[1] == 1
    assert (
        open_first_page(saved(sketch(), "GIF", save_all=True, append_images=[Image.new("RGB", (80, 60))]), "a")[1] == 1
    )


def test_a_document_that_is_damaged_behind_its_first_page_is_read():
    data = tiff(sketch(), sketch(), sketch())
    picture, pages = open_first_page(data[: len(data) // 2], "scan.tif")
    assert picture.size == (80, 60)
    assert pages >= 1


def test_a_document_with_too_many_pages_keeps_nobody_waiting():
    data = tiff(*[Image.new("L", (1, 1))] * (MAX_PAGES + 500))
    assert open_first_page(data, "scan.tif")[1] == MAX_PAGES  # a million would take minutes


def test_the_name_of_a_file_does_not_decide_its_type():
    assert open_picture(UPLOADS["png"], "photo.jpg").size == (80, 60)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"just some text, not a picture at all", "Received: text, 36 bytes."),
        (b"II*\x00" + bytes(200), "Received: a TIFF picture, "),
        (tiff_header_only(compression=34_712), "Received: a TIFF picture, of a kind or compression that is not known"),
        (tiff_header_only(compression=7), "damaged or cut short"),
        (tiff_header_only(samples=60_000), "Received: a TIFF picture, "),
        (tiff_header_only(width=100_000, height=100_000), "100,000 × 100,000 pixels"),
        (claims_a_size("HEIF", 100_000, 100_000), "is too large"),
        (claims_a_size("AVIF", 100_000, 100_000), "is "),
        (claims_a_size("HEIF", 8_000, 6_000), "8,000 × 6,000 pixels"),
        (claims_a_size("AVIF", 8_000, 6_000), "8,000 × 6,000 pixels"),
        (UPLOADS["heic"][: len(UPLOADS["heic"]) // 2], "mine.png is "),
        (UPLOADS["avif"][:-60], "mine.png is "),
        (UPLOADS["tiff"][: len(UPLOADS["tiff"]) // 2], "damaged or cut short"),
        (UPLOADS["png"][:-60], "damaged or cut short"),
        (UPLOADS["jpeg"][: len(UPLOADS["jpeg"]) // 2], "damaged or cut short"),
        (UPLOADS["webp"][: len(UPLOADS["webp"]) // 2], "damaged or cut short"),
        (bytes(MAX_BYTES + 1), "is too large"),
        (png_header_only(8_000, 6_000), "8,000 × 6,000"),
        (png_header_only(11_000, 10_000), "11,000 × 10,000 pixels"),
        (png_header_only(20_000, 20_000), "20,000 × 20,000 pixels"),
    ],
    ids=[
        "empty",
        "text",
        "tiff without a page",
        "tiff, unknown compression",
        "tiff, jpeg that is none",
        "tiff, 60,000 channels",
        "tiff, 100,000×100,000",
        "heic, 100,000×100,000",
        "avif, 100,000×100,000",
        "heic, 48 MP",
        "avif, 48 MP",
        "cut heic",
        "cut avif",
        "cut tiff",
        "cut png",
        "cut jpeg",
        "cut webp",
        "bytes",
        "48 MP",
        "110 MP",
        "20,000×20,000",
    ],
)
def test_what_cannot_be_opened_is_refused_with_a_sentence(data, says):
    with warnings.catch_warnings(record=True) as leaked, pytest.raises(PictureError) as refusal:
        open_picture(data, "C/pictures/mine.png")

    assert not leaked
    message = str(refusal.value)
    assert message.startswith("mine.png ")
    assert says in message
    assert "Received: " in message
    assert "Allowed: PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC, AVIF or PDF" in message


@pytest.mark.parametrize("kind", UPLOADS)
def test_a_damaged_upload_gives_a_picture_or_a_sentence(kind):
    rng = np.random.default_rng(7)
    for attempt in range(150 if len(UPLOADS[kind]) < 10_000 else 50):
        data = bytearray(UPLOADS[kind])
        if attempt % 2:
            del data[rng.integers(len(data)) :]
        else:
            for place in rng.integers(min(len(data), 200), size=rng.integers(1, 8)):
                data[place] = rng.integers(256)
        try:
            assert prepare(open_picture(bytes(data), kind)).shape == (28, 28, 1)
        except PictureError as refusal:
            assert str(refusal)  # noqa: PT017 - either outcome is right, any other exception is not


def test_a_tiff_of_ten_thousand_pages_costs_one():
    pages = b"II*\x00" + struct.pack("<I", 8)
    one = tiff_header_only()[8:-204]
    for page in range(10_000):
        pages += one + struct.pack("<I", 8 + (page + 1) * (len(one) + 4))
    pages += bytes(200)

    began = time.perf_counter()
    assert open_picture(pages, "book.tiff").size == (80, 60)
    assert time.perf_counter() - began < 5  # seconds; reading all pages takes longer


@pytest.mark.parametrize("rows_per_strip", [1, 2**32 - 1])
def test_the_strips_of_a_tiff_may_be_odd(rows_per_strip):
    try:
        assert open_picture(tiff_header_only(rows_per_strip=rows_per_strip), "odd.tiff").size == (80, 60)
    except PictureError as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right, any other exception is not


def test_a_transparent_palette_colour_of_a_tiff_is_white_paper():
    picture = Image.fromarray(np.zeros((10, 10, 4), np.uint8))
    picture.putpixel((3, 3), (90, 90, 90, 255))

    grey = np.asarray(to_grey(open_picture(saved(picture, "TIFF"), "icon.tiff")))

    assert (grey[3, 3], grey[0, 0]) == (90, 255)


@pytest.mark.parametrize(
    "array",
    [np.zeros((9, 9)), np.zeros((9, 9, 2), np.uint8), np.zeros(9, np.uint8), np.zeros((0, 9), np.uint8)],
    ids=["float", "two channels", "a row", "no pixels"],
)
def test_an_array_that_is_no_picture_is_refused(array):
    with pytest.raises(PictureError, match="Received: "):
        prepare(array)
