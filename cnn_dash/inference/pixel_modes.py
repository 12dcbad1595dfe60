"""Brings pixels of more than 8 bits, and of colours that Pillow does not convert, into a mode that it does."""

import numpy as np
from PIL import Image, ImageCms

_TAKEN = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "HSV"}
_FULL_16 = 65_535


def eight_bits(picture: Image.Image) -> Image.Image:
    """Return a picture in a mode that converts to "RGB" and "L", its orientation kept.

    Pillow's own conversion of 16 bits and of floats clips at 255 instead of scaling. 16 bits are scaled by their full
    range; 32 bits and floats have none that is agreed upon, so it is the least of 1, 255 and 65,535 that no value
    exceeds, or else the range of the values.

    Args:
        picture: Decoded, of any mode that Pillow knows.

    Raises:
        ValueError: If Pillow can make nothing of the mode.
    """
    if picture.mode in _TAKEN:
        return picture
    if picture.mode[0] in "IF":
        made = Image.fromarray(_scaled(np.asarray(picture), sixteen=picture.mode.startswith("I;16")))
    elif picture.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        to_srgb = ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
        made = ImageCms.applyTransform(picture, to_srgb) or picture
    else:
        made = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    # What turns it upright is read from these later.
    made.info.update({key: picture.info[key] for key in ("exif", "xmp") if key in picture.info})
    made.getexif().update(picture.getexif())
    return made


def _scaled(levels: np.ndarray, *, sixteen: bool) -> np.ndarray:
    """Scale to uint8 (H, W), 0 to 255; what is no number counts as 0."""
    if sixteen:
        return (levels // 257).astype(np.uint8)
    levels = np.nan_to_num(levels.astype(np.float32), posinf=0, neginf=0)
    low, high = float(levels.min()), float(levels.max())
    if low < 0 or high > _FULL_16:
        levels, full = levels - low, max(high - low, 1e-9)
    else:
        full = next(full for full in (1.0, 255.0, float(_FULL_16)) if high <= full)
    return np.asarray(levels * (255 / full), np.uint8)
