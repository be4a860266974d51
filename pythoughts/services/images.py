"""Turn pictures of strangers into ours: nothing of the file that came survives but its colours."""

import struct
import warnings
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
PIXELS_MAX = 25_000_000  # 100 MB once decoded, which a worker has; phones take 12 million
QUALITY = 82  # of 100: the loss does not show on faces of this size
EFFORT = 6  # of 6: it is done once and looked at often

BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""How Pillow's decoders say that a file is not what it should be."""

Image.MAX_IMAGE_PIXELS = PIXELS_MAX
warnings.simplefilter("error", Image.DecompressionBombWarning)  # Pillow refuses twice the limit only, and warns before


class BadImageError(Exception):
    """The file is no picture that can be read."""


class HugeImageError(BadImageError):
    """It has more pixels than can be unpacked safely."""


def check(file: bytes) -> None:
    """Look at the head of a file, whatever its name says; nothing is unpacked.

    Raises:
        BadImageError: it is none of FORMATS.
        HugeImageError: it has more than PIXELS_MAX pixels.
    """
    _opened(file).close()


def squares(file: bytes, sides: Sequence[int]) -> list[bytes]:
    """The middle of a picture as WebP, upright, in squares of these sides.

    Args:
        file: in one of FORMATS; of one that moves the first frame is taken.
        sides: in pixels.

    Raises:
        BadImageError: it can't be read to its end.
    """
    try:
        with _opened(file) as image:
            image.draft("RGB", (2 * max(sides), 2 * max(sides)))  # a JPEG is decoded smaller, in a tenth of the time
            upright = _plain(_upright(image))
            return [_as_webp(upright, side) for side in sides]
    except BROKEN as error:
        raise BadImageError from error


def _opened(file: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(file), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise HugeImageError from error
    except BROKEN as error:
        raise BadImageError from error


def _upright(image: Image.Image) -> Image.Image:
    """As its camera was held; one whose notes are garbled stays as it lies."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except BROKEN:
        return image


def _plain(image: Image.Image) -> Image.Image:
    """Without a palette or inks, so that it can be scaled smoothly."""
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _as_webp(image: Image.Image, side: int) -> bytes:
    square = ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)
    square.info.clear()  # the encoder would take profiles and camera data from here
    packed = BytesIO()
    square.save(packed, "WEBP", quality=QUALITY, method=EFFORT)
    return packed.getvalue()
