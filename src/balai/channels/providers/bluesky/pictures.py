"""The shape of a picture, read from its first bytes.

The network shows a picture without a shape in a square and cuts off what does not fit; a flood map
must not lose its legend. PNG, JPEG and GIF are read; of other kinds the shape stays unsaid.
"""

import struct


def shape(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, or None when these bytes do not say."""
    try:
        if body.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack(">II", body[16:24])
        elif body.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack("<HH", body[6:10])
        elif body.startswith(b"\xff\xd8"):
            width, height = _jpeg(body)
        else:
            return None
    except struct.error:  # cut short
        return None
    return (width, height) if width and height else None


def _jpeg(body: bytes) -> tuple[int, int]:
    """Walk the segments to the frame header (ITU T.81, annex B.2.2)."""
    place = 2
    while True:
        mark, kind, size = struct.unpack(">BBH", body[place : place + 4])
        if mark != 0xFF:
            raise struct.error("no marker where a segment must begin")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", body[place + 5 : place + 9])
            return width, height
        place += 2 + size
