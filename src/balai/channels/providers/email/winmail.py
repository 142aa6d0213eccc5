"""Files inside winmail.dat, the wrapper that Outlook puts around files (MS-OXTNEF, section 2).

Only names and bytes are taken out; the message properties are not. The wrapper itself is kept too.
"""

import struct
from collections.abc import Iterator

from balai.channels.providers.email.decoding import characters

SIGNATURE = 0x223E9F78
ATTACHMENT_BEGINS = 0x9002  # attAttachRendData
ATTACHMENT_NAME = 0x8010  # attAttachTitle
ATTACHMENT_BYTES = 0x800F  # attAttachData


def files_of(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file. Ends where the wrapper is broken: the wrapper is kept."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != SIGNATURE:
        return
    at, name = 6, ""
    while at + 9 <= len(raw):
        _level, number, _kind, length = struct.unpack_from("<BHHI", raw, at)
        value = raw[at + 9 : at + 9 + length]
        at += 9 + length + 2  # two bytes of checksum behind each value
        if at > len(raw):
            return
        if number == ATTACHMENT_BEGINS:
            name = ""
        elif number == ATTACHMENT_NAME:
            name = characters(value).rstrip("\x00\ufffd")
        elif number == ATTACHMENT_BYTES:
            yield name or "winmail", value
