"""The parts of a mail (RFC 2045, RFC 2046), read leniently and within bounds.

The standard library's parser recurses once per nested part and compares every line with every open
boundary; a hostile mail makes that slow or breaks it. Here one pass per level splits the bytes, and
what lies deeper or beyond the bounds stays whole, as an attachment: nothing is lost.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from balai.channels.providers.email.decoding import (
    characters,
    clean,
    from_base64,
    header_text,
    unfolded,
)

DEEPEST = 20  # levels of multipart that are opened
MOST_PARTS = 500
LONGEST_HEAD = 256 * 1024  # bytes of headers that are read
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*")  # RFC 5322, section 2.2
DASH_LINE = re.compile(rb"(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n")


@dataclass(frozen=True)
class Part:
    """One node of a mail. `fields` are all headers in order, names in lower case, values raw."""

    fields: tuple[tuple[str, bytes], ...]
    body: bytes
    mime: str = "text/plain"
    parameters: Message = field(default_factory=Message)
    children: tuple["Part", ...] = ()

    def all(self, name: str) -> list[str]:
        """Every value of this header, readable, in the order of the mail."""
        return [header_text(value) for known, value in self.fields if known == name]

    def closed(self, name: str) -> list[str]:
        """As `all`, but encoded words stay closed: what is in them must not look like structure."""
        return [unfolded(value) for known, value in self.fields if known == name]

    def get(self, name: str) -> str:
        """The first value of this header, empty when there is none."""
        return next((header_text(value) for known, value in self.fields if known == name), "")

    @property
    def disposition(self) -> str:
        """inline, attachment or empty (RFC 2183)."""
        return self.get("content-disposition").partition(";")[0].strip().lower()

    @property
    def name(self) -> str:
        """The file name that the sender gave: one safe path segment, or empty."""
        said = _parameter(self.parameters, "filename", "content-disposition")
        said = said or _parameter(self.parameters, "name", "content-type")
        said = said.replace("\\", "/").rpartition("/")[2]
        return re.sub(r"[\x00-\x1f\x7f]+", " ", said).strip(" .")[:200]

    def decoded(self) -> bytes:
        """The bytes behind the transfer encoding. Compressed files are never opened."""
        coding = self.get("content-transfer-encoding").lower()
        if coding == "base64":
            return from_base64(self.body)
        if coding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        return self.body

    def text(self) -> str:
        """The characters of a text part, lines ended by one newline; flowed lines joined."""
        charset = _parameter(self.parameters, "charset", "content-type")
        written = characters(self.decoded(), charset).replace("\r\n", "\n").replace("\r", "\n")
        written = written.removeprefix("\ufeff")
        if _parameter(self.parameters, "format", "content-type").lower() == "flowed":
            delete = _parameter(self.parameters, "delsp", "content-type").lower() == "yes"
            return unflowed(written, delete_space=delete)
        return written

    def walk(self) -> Iterator["Part"]:
        """This part and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def opened(raw: bytes) -> Part:
    """The tree of a mail. Bytes without headers give a part without `fields`; nothing raises."""
    return _part(raw, 0, [MOST_PARTS])


def unflowed(text: str, *, delete_space: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676, section 4)."""
    out: list[str] = []
    open_line: list[str] = []
    depth = 0
    for line in text.split("\n"):
        quotes = len(line) - len(line.lstrip(">"))
        words = line[quotes:].removeprefix(" ")
        if open_line and quotes != depth:
            out.append(_mark(depth) + "".join(open_line).rstrip(" "))
            open_line = []
        depth = quotes
        if words.endswith(" ") and words != "-- ":
            open_line.append(words[:-1] if delete_space else words)
            continue
        out.append(_mark(depth) + "".join(open_line) + words)
        open_line = []
    if open_line:
        out.append(_mark(depth) + "".join(open_line).rstrip(" "))
    return "\n".join(out)


def _mark(depth: int) -> str:
    return ">" * depth + " " if depth else ""


def _part(raw: bytes, depth: int, budget: list[int]) -> Part:
    budget[0] -= 1
    ending = END_OF_HEAD.search(raw)
    if depth and raw[:1] in (b"\n", b"\r"):
        head, body = b"", _first_line_cut(raw)
    else:
        head, body = (raw[: ending.start()], raw[ending.end() :]) if ending else (raw, b"")
    fields = _fields(head[:LONGEST_HEAD])
    if depth and head and not any(name.startswith("content-") for name, _value in fields):
        fields, body = (), raw  # the sender forgot this part's headers: these lines are words
    parameters = Message()
    for name in ("content-type", "content-disposition"):
        said = next((value for known, value in fields if known == name), b"")
        if said:
            parameters[name] = re.sub(r"[\r\n]+", " ", characters(said[:8000]))
    mime = _mime(parameters)
    children: tuple[Part, ...] = ()
    if mime.startswith("multipart/") and depth < DEEPEST and budget[0] > 0:
        boundary = _parameter(parameters, "boundary", "content-type").encode("utf-8", "replace")
        children = _children(body, boundary, depth, budget)
    if mime.startswith("multipart/") and not children:
        mime = "text/plain" if depth < DEEPEST and budget[0] > 0 else "application/octet-stream"
    return Part(fields, body, mime, parameters, children)


def _children(body: bytes, boundary: bytes, depth: int, budget: list[int]) -> tuple[Part, ...]:
    """The parts between the boundary lines; a missing last boundary ends with the mail."""
    if not boundary or b"--" + boundary not in body:
        found = DASH_LINE.search(
            body
        )  # the boundary was announced wrongly: take the first such line
        if found is None:
            return ()
        boundary = found[1]
    lines = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\r|$)")
    children: list[Part] = []
    start = -1
    for line in lines.finditer(body):
        if start >= 0 and budget[0] > 0:
            children.append(_part(_first_line_cut(body[start : line.start()]), depth + 1, budget))
        if start >= 0 and budget[0] <= 0:
            break
        start = -1 if line[1] else line.end()
        if line[1]:
            break
    if start >= 0:
        rest = _first_line_cut(body[start:])
        if budget[0] > 0:
            children.append(_part(rest, depth + 1, budget))
        else:
            children.append(Part((), rest, "application/octet-stream"))
    return tuple(children)


def _first_line_cut(raw: bytes) -> bytes:
    """Without the line end that belongs to the boundary."""
    return raw[2:] if raw.startswith(b"\r\n") else raw[1:] if raw[:1] in (b"\n", b"\r") else raw


def _fields(head: bytes) -> tuple[tuple[str, bytes], ...]:
    """All header fields. A line that is neither a field nor a continuation is passed over."""
    found: list[tuple[str, list[bytes]]] = []
    for line in head.split(b"\n"):
        match = FIELD.match(line)
        if line[:1] in (b" ", b"\t") and found:
            found[-1][1].append(line)
        elif match:
            found.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
    return tuple((name, b"\n".join(lines).strip()) for name, lines in found)


def _mime(parameters: Message) -> str:
    said = str(parameters.get("content-type", "")).partition(";")[0].strip().lower()
    return (
        said
        if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}", said)
        else ("text/plain")
    )


def _parameter(parameters: Message, name: str, header: str) -> str:
    """A parameter of a header (RFC 2231), empty when it is missing or cannot be read."""
    try:
        said = parameters.get_param(name, header=header)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    if isinstance(said, tuple):
        charset, _, value = said
        return characters(value.encode("latin-1", "replace"), charset or "utf-8")
    if not isinstance(said, str):
        return ""
    return header_text(clean(said).encode())
