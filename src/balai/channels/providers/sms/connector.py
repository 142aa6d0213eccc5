"""SMS, by a gateway of the office's own: Kannel 1.4.5, https://www.kannel.org/userguide.shtml"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from balai.channels.contract import (
    Answered,
    Ask,
    Can,
    Connector,
    Health,
    Http,
    Limits,
    OutcomeUnknown,
    Outgoing,
    Receipt,
    Refused,
    ReplyRights,
)
from balai.channels.providers.sms import counting, reading
from balai.channels.providers.sms.numbers import e164

SENDSMS = "http://127.0.0.1:13013/cgi-bin/sendsms"
YES = ("0:", "3:")  # "Accepted for delivery", "Queued for later delivery"
SEVEN_BITS, UCS_2 = "0", "2"


class Sms(Connector):
    """One number. Kannel answers without an id, so each message goes out under one of ours, which
    stands in the address that Kannel calls with the delivery report."""

    slug = "sms"
    label = "SMS"
    can = Can.PUBLISH | Can.REPLY | Can.HEAR | Can.CALLED | Can.CHECK
    limits = Limits(text=counting.LONGEST)
    asks = (
        Ask(
            "sendsms_address",
            "Address of sendsms",
            default=SENDSMS,
            help="The gateway stands in your own house; beyond this machine only with https",
        ),
        Ask("username", "User of sendsms"),
        Ask("password", "Password of sendsms", secret=True),
        Ask(
            "sender",
            "Number of the office",
            help="The number or short code that citizens write to",
        ),
        Ask(
            "price_per_part",
            "Price of one SMS",
            optional=True,
            help="With its currency, for example 350 IDR; shown to whoever answers",
        ),
    )
    hears_by_get = True
    called_inside = True
    redact = ("password", "x-kannel-password")

    def open_line(self) -> Http:
        """A line to the gateway."""
        return Http(self._sendsms)

    # Outward

    def length(self, text: str) -> int:
        """In places of the 7-bit alphabet, of which six parts have 918."""
        return counting.length(_sendable(text))

    def pieces(self, text: str) -> int:
        """The parts that the operator counts."""
        return counting.parts(_sendable(text))

    def reply_rights(
        self, handle: Mapping[str, Any], *, is_public: bool, sent_at: datetime
    ) -> ReplyRights:
        """Always, at the operator's price; never to a short code or a name."""
        told = handle.get("number")
        price = self.settings.get("price_per_part", "").strip()
        if isinstance(told, str) and e164(told):
            return ReplyRights(True, "sms", price=price)
        words = "It came from a short code or a name; no SMS reaches those."
        return ReplyRights(False, "sms", why_not=words)

    def choose_id(self, key: str, at: datetime) -> str:
        """Fixed by the key alone."""
        return _id_of(key)

    def publish(self, post: Outgoing) -> Receipt:
        """Hand it to the gateway, once. Kannel would cut what is too long without a word."""
        to, text = _whither(post), _sendable(post.text)
        if not text.strip():
            raise Refused("there are no words in it", permanent=True)
        if counting.length(text) > counting.LONGEST:
            words = f"it is longer than {counting.MOST_PARTS} SMS"
            raise Refused(words, permanent=True, code="TooLong")
        remote_id = post.chosen or _id_of(post.key)
        asked = {
            "X-Kannel-To": to,
            "X-Kannel-Coding": SEVEN_BITS if counting.is_plain(text) else UCS_2,
        }
        if called_at := self.settings.get("called_at", ""):
            report = f"{called_at}?report={remote_id}&{reading.ASKED_OF_REPORT}"
            asked |= {"X-Kannel-DLR-Mask": str(reading.SETTLED), "X-Kannel-DLR-Url": report}
        said = self._ask(asked, text)
        if not said.startswith(YES):
            raise OutcomeUnknown(f"the gateway answered in words that are not known: {said}")
        return Receipt(remote_id, handle={"number": to, "parts": counting.parts(text)})

    # Inward

    def parse(self, parcel: bytes) -> list[Answered]:
        """Read the query of one call."""
        return reading.read(parcel)

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Kannel signs nothing: the secret that the two share is the address itself, whose last
        part is 256 random bits. Whoever came here knew it."""
        return bool(body)

    # Care

    def check(self) -> Health:
        """Ask for an SMS to nobody: who may send hears that the receiver is missing."""
        sender = self.settings.get("sender", "").strip()
        try:
            self._ask({}, "")
        except Refused as no:
            if no.status != 400 or "receiver" not in str(no).lower():
                raise
            return Health(platform_user_id=sender, handle=sender)
        raise Refused("this address does not answer as Kannel does", permanent=True)

    def call_at(self, address: str) -> Mapping[str, str]:
        """Kept: each message tells Kannel where its report goes; an officer tells it the rest."""
        return {"called_at": address}

    def to_enter_there(self) -> str:
        """The get-url of Kannel's sms-service."""
        called_at = self.settings.get("called_at", "")
        return f"{called_at}?{reading.ASKED_OF_SMS}" if called_at else ""

    @property
    def _sendsms(self) -> str:
        return self.settings.get("sendsms_address", "").strip() or SENDSMS

    def _ask(self, asked: Mapping[str, str], text: str) -> str:
        """One call of sendsms. In headers, since an address with the password would be logged."""
        headers = {
            "X-Kannel-Username": self.settings.get("username", "").strip(),
            "X-Kannel-Password": self.settings.get("password", ""),
            "X-Kannel-From": self.settings.get("sender", "").strip(),
            "Content-Type": "text/plain; charset=UTF-8",
            **asked,
        }
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            words = "user, password and number may have only letters, digits and signs of ASCII"
            raise Refused(words, permanent=True, signs_in=False)
        try:
            reply = self.http.send(self._sendsms, content=text.encode(), headers=headers)
        except Refused as no:
            raise _in_plain_words(no) from None
        return reply.body[:200].decode("utf-8", "replace").strip()


def _id_of(key: str) -> str:
    return f"sms-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _whither(post: Outgoing) -> str:
    """The telephone; raises Refused where there is none."""
    if post.reply_to is None:
        number = e164(post.to)
        words = f"“{post.to}” is no telephone number"
    else:
        told = post.reply_to.get("number")
        number = e164(told) if isinstance(told, str) else ""
        words = "this SMS came from a short code or a name; no answer can reach it"
    if not number:
        raise Refused(words, permanent=True, code="NoNumber")
    return number


def _sendable(text: str) -> str:
    """Line ends as one sign, and no halves of characters, which no network can carry."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n")


def _in_plain_words(no: Refused) -> Refused:
    """The trouble is with the line, not with the message, where the door itself is not opened."""
    words, signs_in = str(no), no.signs_in
    if no.status == 403:
        words, signs_in = f"the gateway does not accept user and password ({no})", False
    elif no.status == 404:
        words, signs_in = f"there is no sendsms at this address ({no})", False
    return Refused(
        words,
        permanent=no.permanent,
        code=no.code,
        wait=no.wait,
        signs_in=signs_in,
        status=no.status,
        told=no.told,
    )
