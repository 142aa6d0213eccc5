"""The mail that we send: plain text, threaded, with nothing in a header that we did not mean."""

import hashlib
import re
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from io import BytesIO

from balai.channels.contract import Outgoing, Picture, Refused
from balai.channels.providers.email.addresses import ids

OUR_ID = re.compile(r"balai\.[0-9a-f]{32}@[A-Za-z0-9.-]{1,255}")
BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")  # RFC 5322 dot-atom
DOMAIN = re.compile(r"(?=.{1,150}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*")
MOST_REFERENCES = 20  # the first and the newest; RFC 5322 section 3.6.4 lets long lists be cut
REPLY_MARK = re.compile(r"^\s*(?:re|bls|balas)\s*(?:\[\d+\])?\s*:", re.I)


def our_id(key: str, address: str) -> str:
    """The Message-ID (without brackets) of the message with this key, sent from this address."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"balai.{digest}@{_domain(address) or 'balai.invalid'}"


def is_ours(message_id: str, address: str) -> bool:
    """Whether this id was chosen by us for mail from this address."""
    domain = message_id.rpartition("@")[2]
    return bool(OUR_ID.fullmatch(message_id)) and domain == (_domain(address) or "balai.invalid")


def sendable(address: str) -> str:
    """One address as SMTP takes it; its domain in ASCII. Refused when it is no plain address."""
    local, domain = address.strip().rpartition("@")[0], _domain(address)
    if not LOCAL.fullmatch(local) or not domain:
        raise Refused(f"{one_line(address)[:120]} is not a mail address", permanent=True)
    return f"{local}@{domain}"


def _domain(address: str) -> str:
    """The domain in ASCII and lower case (RFC 5891), empty when it is none."""
    try:
        domain = address.strip().rpartition("@")[2].lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return domain if DOMAIN.fullmatch(domain) else ""


def recipient(post: Outgoing) -> str:
    """Where this message goes: named, or from the mail that it answers. Refused when nowhere."""
    return sendable(post.to or str((post.reply_to or {}).get("to", "")))


def one_line(words: str) -> str:
    """Text without line ends and control characters, so that it cannot begin another header."""
    return BREAKING.sub(" ", words).strip()


def subject_of(post: Outgoing) -> str:
    """The subject: as given, else the answered mail's with one "Re:"."""
    answered = one_line(str((post.reply_to or {}).get("subject", "")))
    if post.subject:
        return one_line(post.subject)[:500]
    if post.reply_to is None:
        return ""
    return answered[:500] if REPLY_MARK.match(answered) else f"Re: {answered[:500]}".rstrip()


def threading(post: Outgoing) -> tuple[str, list[str]]:
    """In-Reply-To and References of an answer, ids without brackets; empty for a first mail."""
    answered = post.reply_to or {}
    before = ids(f"<{one_line(str(answered.get('message_id', ''))).strip('<>')}>")
    earlier = answered.get("references", ())
    listed = [str(each) for each in earlier] if isinstance(earlier, list | tuple) else []
    known = ids(" ".join(f"<{one_line(each).strip('<>')}>" for each in listed))
    if not before:
        return "", known
    known = [each for each in known if each not in before] + before
    if len(known) > MOST_REFERENCES:
        known = known[:1] + known[1 - MOST_REFERENCES :]
    return before[0], known


def letter(post: Outgoing, *, address: str, name: str, message_id: str) -> bytes:
    """The whole mail with CRLF line ends. The same post gives the same headers.

    What a program wrote says so, in the headers that stop other programs from answering it
    (RFC 3834 section 5; the second is what widely used mail servers look for).
    """
    body: Message = _text(post.text)
    if post.pictures:
        whole = MIMEMultipart("mixed", boundary=f"balai-{message_id[6:30]}")
        whole.attach(body)
        for number, picture in enumerate(post.pictures, 1):
            whole.attach(_picture(picture, number))
        body = whole
    sender = sendable(address)
    body["From"] = _named(name, sender)
    body["To"] = recipient(post)
    body["Subject"] = _header(subject_of(post), "Subject")
    body["Date"] = format_datetime((post.at or datetime.now(UTC)).astimezone(UTC))
    body["Message-ID"] = f"<{message_id}>"
    before, known = threading(post)
    if before:
        body["In-Reply-To"] = f"<{before}>"
    if known:
        body["References"] = "\r\n ".join(f"<{each}>" for each in known)
    if post.is_automatic:
        body["Auto-Submitted"] = "auto-replied" if before else "auto-generated"
        body["X-Auto-Response-Suppress"] = "All"
    if re.fullmatch(r"[A-Za-z0-9-]{2,35}", post.language):
        body["Content-Language"] = post.language
    out = BytesIO()
    generator = BytesGenerator(out, mangle_from_=False, maxheaderlen=0)
    generator.flatten(body, linesep="\r\n")
    return out.getvalue()


def _text(words: str) -> MIMEText:
    charset = Charset("utf-8")
    charset.body_encoding = QP  # readable in raw form, and no line is longer than 76
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return MIMEText(lines.encode("utf-8", "replace").decode() + "\n", "plain", charset)  # type: ignore[arg-type]


def _picture(picture: Picture, number: int) -> Message:
    kind, _, form = picture.mime.partition("/")
    if not re.fullmatch(r"[A-Za-z0-9.+-]{1,60}", form) or kind != "image":
        raise Refused(f"{one_line(picture.mime)[:60]} is not a kind of picture", permanent=True)
    part = MIMENonMultipart("image", form)
    part.set_payload(picture.body)
    encode_base64(part)
    ending = {"jpeg": "jpg", "svg+xml": "svg"}.get(form, form)
    part["Content-Disposition"] = f'attachment; filename="gambar-{number}.{ending}"'
    if picture.alt:
        part["Content-Description"] = _header(one_line(picture.alt), "Content-Description")
    return part


def _header(words: str, name: str) -> str:
    """A header's value in ASCII, folded at 76 characters (RFC 2047)."""
    if words.isascii() and "=?" not in words and len(words) < 900:
        return words
    return Header(words, "utf-8", header_name=name).encode(linesep="\r\n")


def _named(name: str, address: str) -> str:
    plain = one_line(name)[:200]
    if not plain:
        return address
    if plain.isascii() and "=?" not in plain:
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{_header(plain, 'From')} <{address}>"
