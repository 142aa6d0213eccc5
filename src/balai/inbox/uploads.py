"""Files that a stranger sends: judged by what they hold, never by what they are called.

A picture is drawn anew, so that no place, no name of a device and no hidden passenger is kept.
"""

import re
from io import BytesIO
from threading import Lock
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_FILES = 5
MOST_BYTES = 5 * 1024 * 1024
LONGEST_SIDE = 2560  # enough to read a street sign; a page of a document stays legible
MOST_PIXELS = 40_000_000  # decoded at full size: 120 MB
MOST_JPEG_PIXELS = 89_000_000  # decoded at a fraction of its size
FORMATS = ("JPEG", "PNG", "WEBP")
_ONE_AT_A_TIME = Lock()  # a small file may be a large picture: eight at once would fill the memory


class NotTaken(Exception):
    """The file is not of a kind that the form takes; `str()` is fit for the citizen to read."""


class Taken(NamedTuple):
    """A file as it is kept."""

    name: str
    mime: str
    body: bytes


def take(name: str, body: bytes) -> Taken:
    """The file as we keep it. Raises NotTaken."""
    if len(body) > MOST_BYTES:
        raise NotTaken(_("The file %(name)s is larger than 5 MB.") % {"name": shown_name(name)})
    if body.startswith(b"%PDF-"):
        return Taken(_named(name, "pdf"), "application/pdf", body)
    try:
        return _redrawn(name, body)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
            OSError, ValueError, SyntaxError, EOFError, MemoryError) as trouble:  # fmt: skip
        raise NotTaken(
            _("The file %(name)s is no picture (JPG, PNG, WebP) and no PDF that we can read.")
            % {"name": shown_name(name)}
        ) from trouble


def shown_name(name: str) -> str:
    """A file's name without folders, control signs and tricks, short enough for any disk."""
    name = re.split(r"[\\/]", name)[-1]
    name = re.sub(r"[^\w.() \-]", "_", name).strip(" .")
    return name[-100:] or "berkas"


def kind_of(body: bytes) -> str:
    """What a browser may draw, by the first bytes; everything else is just bytes."""
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return "application/octet-stream"


def _redrawn(name: str, body: bytes) -> Taken:
    with _ONE_AT_A_TIME, Image.open(BytesIO(body), formats=FORMATS) as picture:
        is_jpeg = picture.format == "JPEG"
        width, height = picture.size
        if width * height > (MOST_JPEG_PIXELS if is_jpeg else MOST_PIXELS):
            raise Image.DecompressionBombError(f"{width} x {height}")
        if is_jpeg:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            if picture.width * picture.height > MOST_PIXELS:
                raise Image.DecompressionBombError(f"{picture.width} x {picture.height}")
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        clean = Image.new("RGBA" if has_holes else "RGB", upright.size)
        clean.paste(upright.convert(clean.mode))
        out = BytesIO()
        if has_holes:
            clean.save(out, "PNG", optimize=True)
            return Taken(_named(name, "png"), "image/png", out.getvalue())
        clean.save(out, "JPEG", quality=85, optimize=True)
        return Taken(_named(name, "jpg"), "image/jpeg", out.getvalue())


def _named(name: str, ending: str) -> str:
    stem = shown_name(name).rpartition(".")[0] or shown_name(name)
    return f"{stem}.{ending}"
