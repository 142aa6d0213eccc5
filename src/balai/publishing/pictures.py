"""Pictures of the office, drawn anew: no place, no name of a device, no hidden passenger leaves."""

import hashlib
from io import BytesIO
from threading import Lock
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 12 * 1024 * 1024  # a telephone's photo
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2048  # what networks show at most
LARGEST_KEPT = 950_000  # bytes; every network that we know takes a picture of this size
FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITIES = (88, 80, 70, 60, 45)
_ONE_AT_A_TIME = Lock()  # a small file may be a large picture


class Drawn(NamedTuple):
    """A picture as it is kept and sent."""

    body: bytes
    mime: str
    width: int
    height: int
    sha256: str


def draw(body: bytes) -> Drawn:
    """The picture without anything but its points. Raises ValidationError."""
    if len(body) > MOST_BYTES:
        raise ValidationError(_("This picture is larger than 12 MB. Choose a smaller one."))
    try:
        with _ONE_AT_A_TIME:
            return _drawn(body)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
            OSError, ValueError, SyntaxError, EOFError, MemoryError) as trouble:  # fmt: skip
        raise ValidationError(
            _("This is no picture (JPG, PNG, WebP) that we can read.")
        ) from trouble


def _drawn(body: bytes) -> Drawn:
    with Image.open(BytesIO(body), formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Image.DecompressionBombError(f"{picture.width} x {picture.height}")
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        clean = Image.new("RGBA" if has_holes else "RGB", upright.size, "white")
        clean.paste(upright.convert(clean.mode))
    if has_holes:
        drawn = _saved(clean, "PNG", optimize=True)
        if len(drawn) <= LARGEST_KEPT:
            return _named(drawn, "image/png", clean)
        flat = Image.new("RGB", clean.size, "white")
        flat.paste(clean, mask=clean.getchannel("A"))
        clean = flat
    for quality in _QUALITIES:
        drawn = _saved(clean, "JPEG", quality=quality, optimize=True)
        if len(drawn) <= LARGEST_KEPT:
            return _named(drawn, "image/jpeg", clean)
    clean.thumbnail((LONGEST_SIDE // 2, LONGEST_SIDE // 2))
    return _named(_saved(clean, "JPEG", quality=70, optimize=True), "image/jpeg", clean)


def _saved(picture: Image.Image, kind: str, **options: int | bool) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _named(body: bytes, mime: str, picture: Image.Image) -> Drawn:
    mark = hashlib.sha256(body).hexdigest()
    return Drawn(body, mime, picture.width, picture.height, mark)
