"""The public web form on our own site. What a citizen sends is a parcel like any other; our answer
is out when it stands on the citizen's status page, which reads our own rows."""

import hashlib
from datetime import datetime

import msgspec

from balai.channels.contract import (
    Answered,
    Attachment,
    Can,
    Connector,
    Health,
    Incoming,
    Limits,
    Outgoing,
    Receipt,
    Unreadable,
)


class Upload(msgspec.Struct):
    """A file that the citizen added."""

    name: str
    mime: str
    body: bytes


class Submission(msgspec.Struct):
    """What the form packs into a parcel."""

    receipt: str  # the unguessable address of the status page
    sequence: int  # tells the messages of one receipt apart; the same one twice is a repeat
    text: str
    sent_at: datetime
    author_id: str
    name: str = ""
    email: str = ""
    subject: str = ""
    place: str = ""
    uploads: list[Upload] = []


class WebForm(Connector):
    """Our own public page: nothing to sign in to, no limit but our own."""

    slug = "webform"
    label = "Formulir web"
    can = Can.PUBLISH | Can.REPLY | Can.PROBE | Can.CHECK
    limits = Limits(text=20_000)

    def choose_id(self, key: str, at: datetime) -> str:
        return "answer-" + hashlib.sha256(key.encode()).hexdigest()[:24]

    def publish(self, post: Outgoing) -> Receipt:
        return Receipt(post.chosen, handle={"receipt": (post.reply_to or {}).get("receipt", "")})

    def probe(self, post: Outgoing) -> Receipt:
        """Our own page shows what our own rows say: being asked is being there."""
        return self.publish(post)

    def parse(self, parcel: bytes) -> list[Answered]:
        try:
            form = msgspec.msgpack.decode(parcel, type=Submission)
        except (msgspec.MsgspecError, UnicodeDecodeError) as failure:
            raise Unreadable(f"not a submission of the web form: {failure}") from failure
        if form.sent_at.tzinfo is None:
            raise Unreadable("the submission names no time zone")
        return [
            Incoming(
                remote_id=f"{form.receipt}/{form.sequence}",
                thread_id=form.receipt,
                author_id=form.author_id,
                author_name=form.name,
                address=form.email,
                text=form.text,
                sent_at=form.sent_at,
                kind="form",
                subject=form.subject,
                is_public=False,
                handle={"receipt": form.receipt},
                attachments=tuple(Attachment(u.name, u.mime, u.body) for u in form.uploads),
                facts={"place": form.place} if form.place else {},
            )
        ]

    def check(self) -> Health:
        return Health(platform_user_id="webform", handle="webform")
