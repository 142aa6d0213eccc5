"""What Kannel's calls say: the query of a GET, as the addresses that we gave it ask for.

https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html, "Parameters" (of sms-service)
and "Delivery reports". Pure.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from balai.channels.contract import Answered, Incoming, Returned, Unreadable
from balai.channels.providers.sms.numbers import e164

ASKED_OF_SMS = "from=%p&to=%P&at=%T&coding=%c&charset=%C&id=%I&text=%b"
ASKED_OF_REPORT = "state=%d&words=%A"
# What a report may say; only what is settled is asked for.
AT_PHONE, FAILED, WAITS, AT_OPERATOR, REJECTED = 1, 2, 4, 8, 16
SETTLED = AT_PHONE | FAILED | REJECTED
BINARY, WIDE = "1", "2"  # %c: how the operator handed the words over
CHARSETS = {
    "UTF-8": "utf-8", "UTF-16BE": "utf-16-be", "UTF-16": "utf-16-be", "US-ASCII": "ascii",
    "ISO-8859-1": "latin-1", "WINDOWS-1252": "cp1252",
}  # fmt: skip
LONGEST_WORDS = 200


def read(parcel: bytes) -> list[Answered]:
    """An SMS, or what became of one of ours. Raises Unreadable."""
    fields = _fields(parcel)
    if "report" in fields:
        return _report(fields)
    return _sms(fields)


def _report(fields: Mapping[str, bytes]) -> list[Answered]:
    remote_id, state = _text(fields, "report"), _whole(fields, "state")
    said = fields.get("words", b"").decode("utf-8", "replace").strip()[:LONGEST_WORDS]
    told = f" ({said})" if said else ""
    match state:
        case _ if state == AT_PHONE:
            return [Returned(remote_id, True, False, f"the phone has it{told}")]
        case _ if state == FAILED:
            return [Returned(remote_id, False, True, f"it did not reach the phone{told}")]
        case _ if state == REJECTED:
            return [Returned(remote_id, False, True, f"the operator refused it{told}")]
        case _ if state in (WAITS, AT_OPERATOR):
            return []
    raise Unreadable(f"{state} is no state of a delivery report")


def _sms(fields: Mapping[str, bytes]) -> list[Answered]:
    sender = _text(fields, "from")
    number, text = e164(sender), _words(fields)
    if not text.strip():
        return []
    seconds = _whole(fields, "at")
    try:
        sent_at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as failure:
        raise Unreadable(f"{seconds} is no time") from failure
    return [
        Incoming(
            remote_id=_text(fields, "id"),
            thread_id=number or sender,  # a telephone knows no threads: all of it is one
            author_id=number or sender,
            text=text,
            sent_at=sent_at,
            kind="direct",
            author_handle=number or sender,
            address=number,
            is_public=False,
            is_automatic=not number,  # short codes and names are machines, and take no answer
            handle={"number": number},
        )
    ]


def _words(fields: Mapping[str, bytes]) -> str:
    coding = fields.get("coding", b"").decode("ascii", "replace")
    if coding == BINARY:
        raise Unreadable("an SMS of bytes, not of words")
    charset = fields.get("charset", b"").decode("ascii", "replace").upper()
    charset = charset or ("UTF-16BE" if coding == WIDE else "UTF-8")
    if charset not in CHARSETS:
        raise Unreadable(f"the alphabet {charset[:40]} is not known")
    return fields.get("text", b"").decode(CHARSETS[charset], "replace")


def _fields(parcel: bytes) -> dict[str, bytes]:
    """The query by name; the bytes stay bytes, since each SMS names its own alphabet."""
    pairs = (part.partition(b"=") for part in parcel.split(b"&"))
    return {
        name.decode("ascii", "replace"): unquote_to_bytes(value.replace(b"+", b" "))
        for name, _, value in pairs
    }


def _text(fields: Mapping[str, bytes], name: str) -> str:
    value = fields.get(name, b"").decode("utf-8", "replace").strip()
    if not value:
        raise Unreadable(f"{name} is missing")
    return value


def _whole(fields: Mapping[str, bytes], name: str) -> int:
    value = _text(fields, name)
    if not (value.isascii() and value.isdecimal() and len(value) < 16):
        raise Unreadable(f"{name} is no number")
    return int(value)
