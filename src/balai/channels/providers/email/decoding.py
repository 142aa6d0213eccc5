"""Bytes of a mail to characters, whatever the mail claims about them. Nothing here raises."""

import binascii
import codecs
import re
from collections.abc import Iterator

# Codecs that turn bytes into written language. Python knows others (punycode, unicode_escape,
# undefined) that are slow or raise on purpose; a stranger must not be able to choose those.
SPEAKS = re.compile(
    r"^(?:utf-(?:8|8-sig|16|16-be|16-le|32|32-be|32-le|7)|ascii|iso8859-\d+|cp(?:125\d|874|932|949|950"
    r"|437|850|852|866)|koi8-[rut]|gb(?:2312|k|18030)|hz|big5|big5hkscs|euc_(?:jp|kr|jisx0213)"
    r"|shift_jis|shift_jisx0213|iso2022_(?:jp|kr)|iso2022_jp_[1-3]|johab|tis-620|mac-\w+|ptcp154)$"
)
# The WHATWG encoding standard reads these as windows-1252: that is what senders mean by them.
LATIN = frozenset(("ascii", "iso8859-1", "cp1252"))
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]{0,2000})\?=")  # RFC 2047, section 2
LONGEST_HEADER = 16 * 1024  # characters that are looked at; enough for some 200 References
BASE64_NOISE = re.compile(rb"[^A-Za-z0-9+/]+")
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # no database and no UTF-8 file can hold these


def characters(raw: bytes, charset: str = "") -> str:
    """The text of `raw`. The declared charset is believed if it fits, else UTF-8, else Latin.

    Latin-1 fits any bytes, so there UTF-8 is tried first: other text is hardly ever valid UTF-8.
    """
    named = _codec(charset)
    for codec in ("" if named in LATIN else named, "utf-8"):
        try:
            return clean(raw.decode(codec)) if codec else clean(raw.decode("ascii"))
        except (UnicodeError, ValueError):
            continue
    if named in LATIN:
        named = "cp1252"
    return clean(raw.decode(named if named.startswith(("cp", "iso8859")) else "utf-8", "replace"))


def clean(text: str) -> str:
    """The same text without what cannot be stored. Invisible characters stay: they are data."""
    return UNWRITABLE.sub("\ufffd", text)


def header_text(raw: bytes) -> str:
    """A header's value as people read it: unfolded, encoded words of RFC 2047 opened."""
    return words_opened(unfolded(raw))


def unfolded(raw: bytes) -> str:
    """A header's value on one line, its encoded words still closed: its structure can be read."""
    value = characters(raw[: LONGEST_HEADER * 4])[:LONGEST_HEADER]
    return re.sub(r"\r?\n[ \t]+", " ", value).replace("\r", " ").replace("\n", " ").strip()


def words_opened(value: str) -> str:
    """The same text with its encoded words (RFC 2047) opened."""
    return clean("".join(_opened(value))) if "=?" in value else value


def from_base64(raw: bytes) -> bytes:
    """What a base64 body says, also when its last group is cut or lines are mixed with noise."""
    kept = BASE64_NOISE.sub(b"", raw)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _codec(charset: str) -> str:
    """The name of a codec that we are willing to use, empty when there is none of this name."""
    name = charset.strip(" \"'").lower()[:40]
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError, ImportError):
        return ""
    found = "gb18030" if found == "gb2312" else found  # the larger set that mailers mean
    return found if SPEAKS.match(found) else ""


def _opened(value: str) -> Iterator[str]:
    """Pieces of `value`. Neighbours of one charset are joined as bytes first: many mailers cut a
    character in two, against RFC 2047 section 5."""
    waiting, charset, end = b"", "", 0
    for word in ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        if waiting and (between.strip() or charset != word[1].lower()):
            yield characters(waiting, charset.partition("*")[0])
            waiting = b""
        if between.strip() or (between and not end):
            yield between
        charset, end = word[1].lower(), word.end()
        waiting += _word(word[2].lower(), word[3])
    if waiting:
        yield characters(waiting, charset.partition("*")[0])
    yield value[end:]


def _word(encoding: str, coded: str) -> bytes:
    raw = coded.encode("utf-8", "replace")
    if encoding == "b":
        return from_base64(raw)
    return binascii.a2b_qp(raw, header=True)
