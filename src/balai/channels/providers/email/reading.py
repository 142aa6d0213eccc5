"""Raw bytes of a mail to what the house understands. Pure: the same bytes give the same answer."""

import re
from collections.abc import Iterator
from itertools import islice

from balai.channels.contract import Answered, Attachment, Incoming, Unreadable
from balai.channels.providers.email import addresses, bounces, winmail
from balai.channels.providers.email.mime import Part, opened
from balai.channels.providers.email.quoting import fold
from balai.channels.providers.email.writing import is_ours
from balai.ground.hypertext import words_of

# A mail has at least one of these (RFC 5322, section 3.6); other bytes are no mail.
MAIL_FIELDS = frozenset(
    (
        *("from", "sender", "to", "cc", "bcc", "subject", "date", "received", "message-id"),
        *("reply-to", "in-reply-to", "references", "return-path", "delivered-to", "envelope-to"),
        "mime-version",
    )
)
# The first line of a parcel whose body stayed on the server; fetch() writes it, see left_out().
LEFT_OUT = re.compile(rb"X-Balai-Left-Out: (\d{1,12})\r\n")
MACHINES = ("mailer-daemon@", "postmaster@")
AUTOMATIC_PRECEDENCE = frozenset(("bulk", "junk", "list", "auto_reply"))
AUTOMATIC_FIELDS = (
    *("x-autoreply", "x-autorespond", "x-auto-reply", "x-failed-recipients", "feedback-id"),
    *("list-id", "list-post", "list-unsubscribe"),
)
MOST_FILES = 500


def left_out(size: int) -> bytes:
    """The line before the headers of a mail of `size` bytes whose body was not fetched."""
    return b"X-Balai-Left-Out: %d\r\n" % size


def read(parcel: bytes, own_address: str) -> list[Answered]:
    """What this mail is: a message, news of one of ours, or nothing (our own copy).

    Raises Unreadable when the bytes are no mail at all.
    """
    missing = LEFT_OUT.match(parcel)
    mail = opened(parcel[missing.end() :] if missing else parcel)
    if not any(name in MAIL_FIELDS for name, _value in mail.fields):
        raise Unreadable("these bytes have no header of a mail")
    address, name = _author(mail)
    own_address = own_address.strip().lower()
    own_id = next(iter(addresses.ids(mail.get("message-id"))), "")
    if address.lower() == own_address and is_ours(own_id, own_address):
        return []  # the copy that our own mailbox holds as proof
    if missing is None:
        news = bounces.news_of(mail, address.lower(), own_address)
        if news is not None:
            return [news]
    return [_incoming(mail, parcel, own_id, address, name, int(missing[1]) if missing else 0)]


def _incoming(
    mail: Part, parcel: bytes, own_id: str, address: str, name: str, missing: int
) -> Incoming:
    subject = mail.get("subject")
    words, files = _content(mail)
    folded = fold(words, subject)
    known, before = addresses.ids(mail.get("references")), addresses.ids(mail.get("in-reply-to"))
    remote = addresses.remote_id(own_id) if own_id else addresses.made_up_id(parcel)
    answer_to = next((a for a in map(_address, mail.closed("reply-to")) if a), address)
    return Incoming(
        remote_id=remote,
        thread_id=next((addresses.remote_id(each) for each in (*known, *before)), remote),
        author_id=address.lower() or name.lower() or "unknown",
        author_name=name,
        author_handle=address,
        address=answer_to,
        subject=subject,
        text=folded.text if not missing else _note(missing),
        sent_at=addresses.when(mail.get("date"), mail.all("received")),
        kind="direct",
        is_public=False,
        is_automatic=_is_automatic(mail, address.lower()),
        answers=tuple(
            dict.fromkeys(addresses.remote_id(each) for each in (*before[:1], *reversed(known)))
        ),
        handle={"message_id": own_id, "references": known, "subject": subject, "to": answer_to},
        attachments=tuple(_named_apart(files)),
        facts={
            "quoted": folded.quoted,
            "to": _all_addresses(mail, "to"),
            "cc": _all_addresses(mail, "cc"),
            # Only the newest one is our own server's word (RFC 8601, section 5).
            "authentication": mail.get("authentication-results")[:1000],
            "left_out_bytes": missing,
        },
    )


def _note(size: int) -> str:
    return (
        f"[Surel ini {size / 1_000_000:.0f} MB, terlalu besar untuk diambil; isinya ada di kotak "
        f"surat. This mail is too large to fetch; its content is in the mailbox.]"
    )


def _author(mail: Part) -> tuple[str, str]:
    """Address and name: the first From that has an address, else Sender, Reply-To, Return-Path."""
    unnamed = ""
    for field in ("from", "sender", "reply-to", "return-path"):
        for value in mail.closed(field):
            address, name = addresses.address_and_name(value)
            if address:
                return address, name or unnamed
            unnamed = unnamed or name
    return "", unnamed


def _address(value: str) -> str:
    return addresses.address_and_name(value)[0]


def _all_addresses(mail: Part, field: str) -> list[str]:
    return addresses.addresses(", ".join(mail.closed(field)))


def _is_automatic(mail: Part, address: str) -> bool:
    """Whether a program sent this (RFC 3834, and what came before it): it is never answered."""
    said = mail.get("auto-submitted").partition(";")[0].strip().lower()
    return (
        said not in ("", "no")
        or mail.get("precedence").lower() in AUTOMATIC_PRECEDENCE
        or mail.get("return-path") == "<>"
        or address.startswith(MACHINES)
        or any(mail.get(field) for field in AUTOMATIC_FIELDS)
        or mail.mime == "multipart/report"
    )


def _content(mail: Part) -> tuple[str, list[Attachment]]:
    """The words of a mail and its files."""
    words: list[str] = []
    files: list[Attachment] = []
    _collect(mail, words, files)
    return "\n\n".join(each for each in words if each.strip()), files


def _collect(part: Part, words: list[str], files: list[Attachment]) -> None:
    if part.mime == "multipart/alternative" and part.children:
        _collect_alternative(part, words, files)
    elif part.children:
        for child in part.children:
            _collect(child, words, files)
    elif _is_words(part):
        words.append(_words(part))
    else:
        files.extend(_files(part))


def _collect_alternative(part: Part, words: list[str], files: list[Attachment]) -> None:
    """Of several forms of the same words the plain one, unless it is empty (RFC 2046, 5.1.4)."""
    plain: list[str] = []
    rich: list[str] = []
    for child in part.children:
        is_plain = child.mime == "text/plain"
        _collect(child, plain if is_plain else rich, files)
    said = "\n\n".join(plain)
    words.extend(plain if any(map(str.isalnum, said)) or not rich else rich)


def _is_words(part: Part) -> bool:
    return (
        part.mime in ("text/plain", "text/html", "text/enriched", "text/markdown")
        and part.disposition != "attachment"
        and not part.name
    )


def _words(part: Part) -> str:
    written = part.text()
    return words_of(written) if part.mime == "text/html" else written.strip("\n")


def _files(part: Part) -> Iterator[Attachment]:
    body = part.decoded()
    name = part.name
    if part.mime == "message/rfc822":
        subject = re.sub(r"[\x00-\x1f\x7f/\\]+", " ", opened(body).get("subject")).strip()
        name = name or f"{subject[:100] or 'surat'}.eml"
    yield Attachment(
        name=name or "lampiran" + _ending(part.mime),
        mime=part.mime,
        body=body,
        alt=part.get("content-description"),
    )
    if part.mime == "application/ms-tnef" or name.lower() == "winmail.dat":
        for inner, raw in islice(winmail.files_of(body), MOST_FILES):
            safe = re.sub(r"[\x00-\x1f\x7f]+", " ", inner.replace("\\", "/").rpartition("/")[2])
            yield Attachment(safe[:200] or "lampiran", "application/octet-stream", raw)


def _ending(mime: str) -> str:
    known = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
    return known.get(mime, {"text/calendar": ".ics", "text/plain": ".txt"}.get(mime, ""))


def _named_apart(files: list[Attachment]) -> Iterator[Attachment]:
    """The same files; a name that was used before gets a number, so that none hides another."""
    used: dict[str, int] = {}
    for file in files:
        count = used[file.name.lower()] = used.get(file.name.lower(), 0) + 1
        stem, dot, ending = file.name.rpartition(".")
        if count == 1:
            yield file
            continue
        name = f"{stem} ({count}).{ending}" if dot and stem else f"{file.name} ({count})"
        yield Attachment(name, file.mime, file.body, file.url, file.alt)
