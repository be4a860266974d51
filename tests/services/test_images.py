"""Pictures of strangers become ours, or are refused before they are unpacked."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pythoughts.services import images
from tests.avatars.drawing import BLUE, RED, picture

SIDE = 96


def opened(webp: bytes) -> Image.Image:
    return Image.open(BytesIO(webp), formats=["WEBP"])


def near(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(mine - theirs) < 24 for mine, theirs in zip(colour, other, strict=False))


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def turned() -> bytes:
    """A JPEG that lies on its side, with a place and a camera in it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter to the right
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return picture("JPEG", (400, 200), exif=exif, quality=95, icc_profile=b"secret profile" * 20)


@pytest.mark.parametrize("kind", images.FORMATS)
@pytest.mark.parametrize("size", [(40, 30), (30, 400), (1, 1), (900, 700)])
def test_every_kind_becomes_squares(kind, size):
    small, large = images.squares(picture(kind, size), (SIDE, 256))
    assert opened(small).size == (SIDE, SIDE)
    assert opened(large).size == (256, 256)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK", "RGBA"])
def test_every_way_of_keeping_colours_is_read(mode):
    file = BytesIO()
    Image.new(mode, (60, 60)).save(file, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(images.squares(file.getvalue(), [SIDE])[0]).mode in {"RGB", "RGBA"}


def test_what_is_transparent_stays_so():
    file = BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(images.squares(file.getvalue(), [SIDE])[0]).getpixel((5, 5))[3] == 0


def test_a_picture_is_turned_upright():
    upright = opened(images.squares(turned(), [SIDE])[0])
    assert near(upright.getpixel((48, 8)), RED)
    assert near(upright.getpixel((48, 88)), BLUE)


@pytest.mark.parametrize("file", [turned(), picture("WEBP", xmp=b"<secret/>", exif=b"Exif\0\0secret")])
def test_nothing_but_colours_is_left(file):
    assert b"secret" in file.lower()
    (webp,) = images.squares(file, [SIDE])
    assert not any(mark in webp.lower() for mark in (b"secret", b"exif", b"xmp ", b"iccp"))


def test_words_inside_a_png_are_gone():
    notes = PngInfo()
    notes.add_text("Comment", "secret place")
    (webp,) = images.squares(picture(pnginfo=notes), [SIDE])
    assert b"secret" not in webp


def test_of_a_moving_picture_the_first_frame_stays():
    frames, file = [Image.new("RGB", (30, 30), colour) for colour in (RED, BLUE)], BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=50)
    (webp,) = images.squares(file.getvalue(), [SIDE])
    still = opened(webp)
    assert not getattr(still, "is_animated", False)
    assert near(still.getpixel((48, 48)), RED)


@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (9000, 9000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(width, height):
    with pytest.raises(images.HugeImageError):
        images.check(bomb(width, height))
    with pytest.raises(images.HugeImageError):
        images.squares(bomb(width, height), [SIDE])


@pytest.mark.parametrize("file", [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\0" * 200])
def test_what_is_no_picture_is_refused(file):
    with pytest.raises(images.BadImageError):
        images.check(file)


def test_other_kinds_are_refused_whatever_they_hold():
    for kind in ("BMP", "TIFF", "ICO"):
        with pytest.raises(images.BadImageError):
            images.check(picture(kind))


@pytest.mark.parametrize("kind", images.FORMATS)
def test_half_a_file_is_told_from_a_picture(kind):
    whole = picture(kind, (300, 300))
    with pytest.raises(images.BadImageError):
        images.squares(whole[: len(whole) // 2], [SIDE])
