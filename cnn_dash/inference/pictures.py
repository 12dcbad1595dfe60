"""From the bytes of an upload to grey or coloured pixels: what a stranger sends is opened here, and nowhere else."""

import contextlib
import io
import warnings
from pathlib import PurePath

import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from cnn_dash.errors import PictureError
from cnn_dash.inference.pdf import first_page
from cnn_dash.inference.pixel_modes import eight_bits
from cnn_dash.inference.signatures import PDF, PICTURES, kind_of

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
"""What Pillow calls the formats that it may open; the first page of a PDF is drawn besides."""
MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_PAGES = 1_000

_SUBFILE_TYPE = 254  # a tag of TIFF, whose lowest bit marks a smaller copy of another page

_BRIGHT = 170  # of 255: brighter ink is easier to see on black than on white
_ALLOWED = (
    "Allowed: PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC, AVIF or PDF, "
    f"up to {MAX_BYTES // 10**6} MB and {MAX_PIXELS // 10**6} megapixels."
)
_NOTES = {"exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif"}  # where a picture may say how it is turned
# By the orientation in the EXIF, from 1 (upright).
_TURN_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
# Only the photo itself: previews, depth and other images that a phone adds need not be trusted.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def open_picture(data: bytes, name: str) -> Image.Image:
    """Decode an uploaded picture. See `open_first_page`."""
    return open_first_page(data, name)[0]


def open_first_page(data: bytes, name: str) -> tuple[Image.Image, int]:
    """Decode an uploaded picture; of an animation the first frame, of a document the first page.

    Size and type go by the content, not by the file's name. A picture that is too large is refused by its header,
    before any memory is spent on its pixels.

    Args:
        data: The file's content.
        name: The file's name, for the messages.

    Returns:
        The picture, decoded, in a mode of 8 bits or less a channel, not yet turned upright (`to_grey` does that); and
        of how many pages it is the first. An animation has one page; of a TIFF no more than `MAX_PAGES` are counted.

    Raises:
        PictureError: If the file is empty, cut short, damaged, too large, or of a format that is not allowed.
    """
    name = PurePath(name).name or "the picture"
    if not data:
        raise PictureError(f"{name} is empty. Received: 0 bytes. {_ALLOWED} Save or download it again.")
    if len(data) > MAX_BYTES:
        raise _too_large(name, f"{len(data) / 1e6:,.1f} MB")
    if kind_of(data) == PDF:
        return first_page(data, name)
    try:
        with warnings.catch_warnings():
            # Of odd tags, and from 89 megapixels; it refuses from 179. Here all that is too large is one refusal.
            warnings.filterwarnings("ignore", module="PIL")
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large(name, f"{picture.width:,} × {picture.height:,} pixels")
            picture.load()
            return eight_bits(picture), _tiff_pages(data) if picture.format == "TIFF" else 1
    except Image.DecompressionBombError:
        raise _too_large(name, _size_in_header(data)) from None
    except UnidentifiedImageError:
        kind = kind_of(data)
        unknown = ", of a kind or compression that is not known here" if kind in PICTURES else ""
        raise PictureError(
            f"{name} is not a picture that can be opened here. Received: {kind}{unknown}, {len(data):,} "
            f"bytes. {_ALLOWED} Export it as PNG and try again."
        ) from None
    except PictureError:
        raise
    except Exception as error:  # damaged files make Pillow's decoders raise nearly anything, even SyntaxError
        raise PictureError(
            f"{name} is damaged or cut short. Received: {len(data):,} bytes, and the decoder says: {error}. "
            f"{_ALLOWED} Save or download it again."
        ) from error


def _tiff_pages(data: bytes) -> int:
    """Count the pages of a TIFF; a smaller copy of one, as programs store to be fast, is none."""
    pages = 1
    with contextlib.suppress(Exception):  # EOFError behind the last, or one that is damaged; the first is fine
        document = Image.open(io.BytesIO(data), formats=("TIFF",))
        for frame in range(1, MAX_PAGES):
            document.seek(frame)
            pages += not document.tag_v2.get(_SUBFILE_TYPE, 0) & 1  # type: ignore[attr-defined]
    return pages


def to_grey(image: Image.Image | np.ndarray) -> Image.Image:
    """Return the brightness of a picture: mode "L", 0 black to 255 white, ITU-R 601 luma. See `to_rgb`."""
    picture = _flat(image)
    return picture if picture.mode == "L" else picture.convert("RGB").convert("L")


def to_rgb(image: Image.Image | np.ndarray) -> Image.Image:
    """Turn a picture upright, and lay it on white or black where it is transparent.

    Args:
        image: A Pillow picture of any mode that an upload or a canvas can have, or uint8 (H, W), (H, W, 3) or
            (H, W, 4); the fourth channel is opacity.

    Returns:
        Mode "RGB", 0 to 255.

    Raises:
        PictureError: If the array is of another type or shape, or there are no pixels.
    """
    picture = _flat(image)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def to_rgb_within(image: Image.Image | np.ndarray, longest: int) -> tuple[Image.Image, int]:
    """Return a picture as `to_rgb` does, made smaller first where it is large, and by which whole factor.

    The longer side is `longest` pixels or a little more. All that follows is faster by the square of the factor.
    """
    picture = image if isinstance(image, Image.Image) else _from_array(image)
    factor = max(1, max(picture.size) // longest)
    if factor > 1 and picture.mode in ("L", "RGB") and not picture.has_transparency_data:
        return to_rgb(picture.reduce(factor)), factor
    flat = to_rgb(picture)
    return (flat.reduce(factor), factor) if factor > 1 else (flat, 1)


def _flat(image: Image.Image | np.ndarray) -> Image.Image:
    """Return a picture upright and opaque, in a mode that converts to "RGB" and "L" without loss."""
    picture = image if isinstance(image, Image.Image) else _from_array(image)
    if 0 in picture.size:
        raise PictureError(
            f"The picture has no pixels. Received: {picture.width} × {picture.height}. Allowed: 1 × 1 up."
        )
    picture = _upright(picture)
    picture = eight_bits(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, _ground_for(picture)), picture)
    return picture


def _ground_for(picture: Image.Image) -> str:
    """Return the ground that lets the ink of a transparent picture be seen: white, or black if the ink is bright."""
    opacity = np.asarray(picture.getchannel("A"), np.float32)
    brightness = np.asarray(picture.convert("RGB").convert("L"), np.float32)
    return "black" if np.average(brightness, weights=opacity + 1e-6) > _BRIGHT else "white"


def turn_back_of(image: Image.Image | np.ndarray) -> Image.Transpose | None:
    """Return how to turn the upright picture back as it was brought; None if it was upright."""
    return _TURN_BACK.get(_orientation(image)) if isinstance(image, Image.Image) else None


def as_it_lies(image: Image.Image | np.ndarray) -> Image.Image | np.ndarray:
    """Return a picture that nothing turns upright, because it does not say (any more) how the camera was held."""
    if turn_back_of(image) is None or not isinstance(image, Image.Image):
        return image
    lying = image.copy()
    lying.info = {key: value for key, value in image.info.items() if key not in _NOTES}
    return lying


def _upright(picture: Image.Image) -> Image.Image:
    if _orientation(picture) == 1:
        return picture  # `exif_transpose` would copy it, 36 MB of a photo
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(picture)
    return picture


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # a camera's damaged notes, which raise nearly anything, do not make its picture unreadable
        return 1


def _from_array(pixels: np.ndarray) -> Image.Image:
    fits = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (1, 3, 4))
    if pixels.dtype != np.uint8 or not fits:
        raise PictureError(
            f"This array is not a picture. Received: {pixels.dtype} {pixels.shape}. "
            "Allowed: uint8 (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), 0 to 255."
        )
    return Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)


def _size_in_header(data: bytes) -> str:
    """Return the size in a picture's header as text; `Image.open` refuses a large one before it tells."""
    for kind in FORMATS:
        read_header, accepts = Image.OPEN.get(kind, (None, None))
        if read_header is not None and accepts is not None and accepts(data[:16]) is True:
            with contextlib.suppress(Exception):  # it may be damaged besides
                picture = read_header(io.BytesIO(data), "")
                return f"{picture.width:,} × {picture.height:,} pixels"
    return f"more than {MAX_PIXELS // 10**6} megapixels"


def _too_large(name: str, received: str) -> PictureError:
    return PictureError(f"{name} is too large. Received: {received}. {_ALLOWED} Make it smaller and try again.")
