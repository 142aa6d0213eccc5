"""What the citizen wrote now, and what mail programs put below: each line is kept in one of both.

Folded away are: the tail that quotes earlier mail (`>` lines, the line that introduces them in
Indonesian or English, Outlook's and Lotus Notes' copied headers), a signature behind "-- "
(RFC 3676, section 4.3), the lines that telephones add, and confidentiality and virus notices.
A forwarded message is what the citizen wants to show us, so it stays. Quotations with answers
between them stay too: without them the answers mean nothing.
"""

import re
from dataclasses import dataclass

LOOKED_AT = 600  # characters of a line that decide about it
WROTE = r"(?:wrote|writes|menulis|nulis|tulis)"
OPENER = re.compile(r"^\W{0,3}(?:On|Pada|Pd|Tgl|Tanggal|Hari)\b", re.I)
ATTRIBUTION = re.compile(rf"\b{WROTE}\s{{0,3}}:\s{{0,3}}$", re.I)
DATED = re.compile(
    r"\d{1,2}[.:]\d{2}|<[^<>\s]{1,300}@"
)  # a mail program names the hour or the address
GMAIL_OLD = re.compile(r"^\d{4}-\d\d-\d\d .{0,300}<[^<>\s]{1,300}@[^<>\s]{1,300}>:\s{0,3}$")
ORIGINAL = re.compile(
    r"^\W{0,3}[-_=]{2,}\s{0,3}(?:original (?:message|appointment)|reply message"
    r"|pesan (?:asli|awal|semula|orisinal))\s{0,3}[-_=]{2,}",
    re.I,
)
FORWARD = re.compile(
    r"^\W{0,3}(?:[-_=]{2,}\s{0,3}(?:forwarded (?:message|by)|pesan (?:yang )?(?:di)?terus(?:kan|an)"
    r"|diteruskan oleh)|begin forwarded message:"
    r"|(?:awal|mulai) pesan (?:yang )?(?:di)?terus(?:kan|an))",
    re.I,
)
FORWARDED_SUBJECT = re.compile(r"^\s{0,5}(?:fwd?|trs|dter|terusan)\s{0,2}:", re.I)
HEADER = re.compile(
    r"^[\s*_>|]{0,6}(?:(?P<who>from|dari)|(?P<at>sent|date|dikirim|terkirim|tanggal)"
    r"|(?P<to>to|kepada|untuk|ke)|(?P<cc>cc|tembusan)|(?P<what>subject|subjek|perihal|hal|judul))"
    r"[\s*_]{0,4}:",
    re.I,
)
CLOCK = re.compile(r"\d{1,2}[.:]\d{2}")
LOTUS = ({"to", "kepada"}, {"cc", "tembusan"}, {"subject", "subjek", "perihal"})
LOTUS_HEAD = re.compile(
    r"@|^\s{0,20}(?:sent by|please respond to|dikirim oleh)\b|\d{1,2}/\d{1,2}/\d{2}", re.I
)
TELEPHONE = re.compile(
    r"^\W{0,3}(?:(?:sent|dikirim) (?:from|via|dari|lewat|menggunakan)\b.{0,60}"
    r"|(?:get|dapatkan) outlook (?:for|untuk) .{0,60})$",
    re.I,
)
BORDER = re.compile(r"^\s{0,5}([*\-_=#~])\1{9,}\s*$")
NOTICE = re.compile(
    r"confidential|privileged|intended (?:solely|only)|virus|disclaimer|bersifat rahasia"
    r"|ditujukan (?:hanya|khusus) (?:untuk|kepada)|penafian|sanggahan",
    re.I,
)
SCANNED = re.compile(
    r"^\W{0,3}(?:the original of )?(?:this|surel|pesan|email|e-mail)\b.{0,80}"
    r"(?:scanned for|virus[- ]free|bebas (?:dari )?virus|telah dipindai)",
    re.I,
)
SIGNATURE = re.compile(r"^--\s{0,2}$|^\s{0,5}([*\-_=#~])\1{9,}\s*$")
LONGEST_SIGNATURE = 20  # lines that say something
LONGEST_NOTICE = 40


@dataclass(frozen=True)
class Folded:
    """`text`: the new words. `quoted`: every other line, in its order."""

    text: str
    quoted: str


def fold(text: str, subject: str = "") -> Folded:
    """Part the new words from the rest. A mail that would have no word left is not folded."""
    lines = text.split("\n")
    looked = [line[:LOOKED_AT] for line in lines]
    away = [False] * len(lines)
    end, forwarded = _end_of_new_words(looked, forwarded=bool(FORWARDED_SUBJECT.match(subject)))
    if not forwarded:
        away[end:] = [True] * (len(lines) - end)
    end = _fold_marked_tail(looked, away, end)
    _fold_marked_head(looked, away, end)
    _fold_notices(looked, away, end)
    _fold_signature(looked, away, end)
    kept = [line for line, folded in zip(lines, away, strict=True) if not folded]
    rest = [line for line, folded in zip(lines, away, strict=True) if folded]
    if not any(any(map(str.isalnum, line)) for line in kept):
        return Folded(text.strip("\n"), "")
    return Folded("\n".join(kept).strip("\n"), "\n".join(rest).strip("\n"))


def _end_of_new_words(lines: list[str], *, forwarded: bool) -> tuple[int, bool]:
    """Where the quoted tail begins, or (True) where a forwarded message does: that one stays."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if FORWARD.match(line):
            return at, True
        if ORIGINAL.match(line) or _copied_headers(lines, at):
            start = at
            while start and BORDER.match(lines[start - 1]):
                start -= 1
            return start, forwarded
        lotus = _lotus_headers(lines, at)
        if lotus >= 0:
            return lotus, forwarded
        last = _attribution(lines, at)
        if last >= 0:
            behind = _skip(lines, last + 1, marked=False)
            if behind < len(lines) and lines[behind].startswith(">"):
                behind = _skip(lines, behind, marked=True)
                if behind == len(lines) or SIGNATURE.match(lines[behind]):
                    return at, False
                at = behind
                continue
            if DATED.search(" ".join(lines[at : last + 1])):
                return at, False
        at += 1
    return len(lines), False


def _attribution(lines: list[str], at: int) -> int:
    """The last line of an attribution ("Pada 3 Jan 2026, Dinas menulis:") begun here, or -1."""
    if GMAIL_OLD.match(lines[at]) or (ATTRIBUTION.search(lines[at]) and DATED.search(lines[at])):
        return at
    if ATTRIBUTION.search(lines[at]):
        behind = _skip(lines, at + 1, marked=False)
        if behind < len(lines) and lines[behind].startswith(">"):
            return at
    if OPENER.match(lines[at]):
        for last in range(at, min(at + 4, len(lines))):
            if not lines[last].strip():
                break
            if ATTRIBUTION.search(lines[last]):
                return last
    return -1


def _copied_headers(lines: list[str], at: int) -> bool:
    """Outlook's block: From, Sent with the hour, To, Subject. A formal letter names no hour."""
    first = HEADER.match(lines[at])
    if not first or not first["who"]:
        return False
    seen: set[str] = set()
    for line in lines[at : at + 10]:
        label = HEADER.match(line)
        if label and label.lastgroup and (label.lastgroup != "at" or CLOCK.search(line)):
            seen.add(label.lastgroup)
    return {"who", "at"} <= seen and bool(seen & {"to", "what"})


def _lotus_headers(lines: list[str], at: int) -> int:
    """Where a block of Lotus Notes begins whose "To" stands alone on this line, or -1."""
    if lines[at].strip().lower() not in LOTUS[0]:
        return -1
    place = at
    for names in LOTUS[1:]:
        ahead = (i for i in range(place + 1, min(place + 6, len(lines))))
        place = next((i for i in ahead if lines[i].strip().lower() in names), -1)
        if place < 0:
            return -1
    start = -1
    for i in range(at - 1, max(at - 12, -1), -1):
        if lines[i].strip() and not LOTUS_HEAD.search(lines[i]):
            break
        if lines[i].strip():
            start = i
    return start


def _skip(lines: list[str], at: int, *, marked: bool) -> int:
    """The first line from here that is neither empty nor (`marked`) quoted with `>`."""
    while at < len(lines) and (not lines[at].strip() or (marked and lines[at].startswith(">"))):
        at += 1
    return at


def _fold_marked_tail(lines: list[str], away: list[bool], end: int) -> int:
    """Fold `>` lines that nothing follows; the new end of what is looked at."""
    at = end
    while at and (not lines[at - 1].strip() or lines[at - 1].startswith(">")):
        at -= 1
    if any(line.startswith(">") for line in lines[at:end]):
        away[at:end] = [True] * (end - at)
        return at
    return end


def _fold_marked_head(lines: list[str], away: list[bool], end: int) -> None:
    """Fold a quotation that stands above the whole answer."""
    start = _skip(lines, 0, marked=False)
    if start >= end:
        return
    last = _attribution(lines, start)
    behind = _skip(lines, last + 1 if last >= 0 else start, marked=True)
    quoted = any(line.startswith(">") for line in lines[start:behind])
    if quoted and behind < end and not any(line.startswith(">") for line in lines[behind:end]):
        away[:behind] = [True] * behind


def _fold_notices(lines: list[str], away: list[bool], end: int) -> None:
    """Fold notices between two borders, and paragraphs in which a virus scanner speaks."""
    at, border = 0, -1
    while at < end:
        if BORDER.match(lines[at]):
            near = border >= 0 and at - border <= LONGEST_NOTICE
            if near and NOTICE.search(" ".join(lines[border:at])):
                start = border
                heading = border - 1
                while heading > 0 and not lines[heading].strip():
                    heading -= 1
                if heading >= 0 and NOTICE.search(lines[heading]) and len(lines[heading]) < 40:
                    start = heading
                away[start : at + 1] = [True] * (at + 1 - start)
                border = -1
            else:
                border = at
        elif SCANNED.search(" ".join(lines[at : at + 3])) and (not at or not lines[at - 1].strip()):
            while at < end and lines[at].strip():
                away[at] = True
                at += 1
            continue
        at += 1


def _fold_signature(lines: list[str], away: list[bool], end: int) -> None:
    """Fold from the last "-- " of the new words on, and what a telephone adds at the very end."""
    last = end
    while last and (away[last - 1] or not lines[last - 1].strip()):
        last -= 1
    said = 0
    for at in range(last - 1, -1, -1):
        said += bool(lines[at].strip()) and not away[at]
        if said > LONGEST_SIGNATURE:
            break
        if lines[at] in ("-- ", "--") and any(
            line.strip() and not folded for line, folded in zip(lines[:at], away[:at], strict=True)
        ):
            away[at:last] = [True] * (last - at)
            last = at
            break
    while last and (away[last - 1] or not lines[last - 1].strip()):
        last -= 1
    if last and TELEPHONE.match(lines[last - 1]):
        away[last - 1] = True
