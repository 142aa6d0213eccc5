"""Addresses and message ids of headers, read leniently (RFC 5322, sections 3.4 and 3.6.4)."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from balai.channels.providers.email.decoding import words_opened

ANGLED = re.compile(r"<\s{0,9}([^<>\s]{1,320})\s{0,9}>")
SECOND = re.compile(r"(?<=>)\s{0,9},")  # where a list goes on
QUOTED = re.compile(r'\s{0,9}"((?:[^"\\]|\\.){0,500})"')
PLAIN = re.compile(r"[^\s<>()\[\]\",;:\\]{1,200}@[^\s<>()\[\]\",;:\\]{1,255}")
IDS = re.compile(r"<([^<>\s]{1,998})>")
LONGEST_ID = 250  # characters; longer ids are replaced by their hash
MOST_IDS = 100
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the first MIME mail no date is believed
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(days=1)  # how far a sender's clock may run ahead of our server's
LONGEST_JOURNEY = timedelta(days=30)  # how long a mail may have been under way


def address_and_name(value: str) -> tuple[str, str]:
    """The first address of a From or Reply-To header and the name beside it; both may be empty.

    `value` still has its encoded words closed, and what stands in quotes is only a name: neither
    can pretend to be the address.
    """
    value = SECOND.split(value, maxsplit=1)[0]
    quoted = QUOTED.match(value)
    named, rest = (_unquoted(quoted[1]), value[quoted.end() :]) if quoted else ("", value)
    if quoted and "@" not in rest:
        named, rest = "", value
    angled = [match for match in ANGLED.finditer(rest) if "@" in match[1]]
    if angled:
        return angled[-1][1], named or _name(rest[: angled[-1].start()])
    plain = PLAIN.search(rest)
    if plain is None:
        return "", _name(value)
    beside = rest[: plain.start()] + rest[plain.end() :]
    return plain[0].rstrip(".>"), named or _name(beside.strip(" <>"))


def addresses(value: str) -> list[str]:
    """All addresses of a To or Cc header, in order, without repeats, at most a hundred."""
    return list(dict.fromkeys(found.rstrip(".>") for found in PLAIN.findall(value)))[:100]


def ids(value: str) -> list[str]:
    """The message ids of a header, without their angle brackets, in order."""
    found = IDS.findall(value)
    if not found and re.fullmatch(r"[^<>\s]{1,998}@[^<>\s]{1,998}", value.strip()):
        found = [value.strip()]  # some mailers forget the brackets
    return [each for each in dict.fromkeys(found) if "@" in each or len(found) == 1][-MOST_IDS:]


def remote_id(message_id: str) -> str:
    """A message id in the one form in which we keep and compare it."""
    return message_id if len(message_id) <= LONGEST_ID else "sha256:" + _hash(message_id.encode())


def made_up_id(raw: bytes) -> str:
    """The id of a mail that has none: the same bytes give the same id."""
    return "sha256:" + _hash(raw)


def when(date: str, received: list[str]) -> datetime:
    """When the mail was sent. The Date header is believed as far as our own server's stamp allows.

    `received` are the Received headers, newest first. A date before 1990, ahead of our server by
    more than a day or behind it by more than 30 days is replaced by the server's. With no usable
    date at all the answer is 1990-01-01.
    """
    said = _moment(date)
    stamps = (_moment(each.rpartition(";")[2]) for each in received)
    arrived = next((stamp for stamp in stamps if stamp is not None), None)
    if said is None or arrived is None:
        return said or arrived or EARLIEST
    if said > arrived + CLOCKS_DIFFER or said < arrived - LONGEST_JOURNEY:
        return arrived
    return said


def _moment(words: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(words[:200].strip())
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return moment if EARLIEST <= moment <= LATEST else None


def _name(value: str) -> str:
    """A display name as data: the syntax's own marks gone, everything else as it came."""
    value = value.strip(' \t,;:"')
    return _unquoted(value[1:-1] if value.startswith("(") and value.endswith(")") else value)


def _unquoted(value: str) -> str:
    return words_opened(re.sub(r"\\(.)", r"\1", value)).strip()[:300]


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
