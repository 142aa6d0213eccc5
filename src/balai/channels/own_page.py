"""Channels whose thread is a page of ours: what is written there needs no network to arrive.

What a citizen sends, or an officer writes down for one, is a parcel like any other. Our answer is
out when it stands on the citizen's status page, which reads our own rows.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

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
    ReplyRights,
    Unreadable,
)


class Upload(msgspec.Struct):
    """A file that came along."""

    name: str
    mime: str
    body: bytes


class Submission(msgspec.Struct):
    """What a page of ours packs into a parcel."""

    receipt: str  # the unguessable address of the status page
    sequence: int  # tells the messages of one receipt apart; the same one twice is a repeat
    text: str
    sent_at: datetime
    author_id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    subject: str = ""
    place: str = ""
    kind: str = "form"
    uploads: list[Upload] = []


class OwnPage(Connector):
    """Nothing to sign in to, no limit but our own."""

    can = Can.PUBLISH | Can.REPLY | Can.PROBE | Can.CHECK
    limits = Limits(text=20_000)
    has_own_page = True
    kinds: ClassVar[frozenset[str]]  # how a message may have come

    def choose_id(self, key: str, at: datetime) -> str:
        return "answer-" + hashlib.sha256(key.encode()).hexdigest()[:24]

    def reply_rights(
        self, handle: Mapping[str, Any], *, is_public: bool, sent_at: datetime
    ) -> ReplyRights:
        """Our own page takes answers for ever."""
        return ReplyRights(True, "page")

    def publish(self, post: Outgoing) -> Receipt:
        return Receipt(post.chosen, handle={"receipt": (post.reply_to or {}).get("receipt", "")})

    def probe(self, post: Outgoing) -> Receipt:
        """Our own page shows what our own rows say: being asked is being there."""
        return self.publish(post)

    def parse(self, parcel: bytes) -> list[Answered]:
        try:
            form = msgspec.msgpack.decode(parcel, type=Submission)
        except (msgspec.MsgspecError, UnicodeDecodeError) as failure:
            raise Unreadable(f"not a submission of a page of ours: {failure}") from failure
        if form.sent_at.tzinfo is None:
            raise Unreadable("the submission names no time zone")
        if form.kind not in self.kinds:
            raise Unreadable(f"nothing comes this way as {form.kind!r}")
        return [
            Incoming(
                remote_id=f"{form.receipt}/{form.sequence}",
                thread_id=form.receipt,
                author_id=form.author_id,
                author_name=form.name,
                author_handle=form.phone,
                address=form.email,
                text=form.text,
                sent_at=form.sent_at,
                kind=form.kind,
                subject=form.subject,
                is_public=False,
                handle={"receipt": form.receipt},
                attachments=tuple(Attachment(u.name, u.mime, u.body) for u in form.uploads),
                facts={"place": form.place} if form.place else {},
            )
        ]

    def check(self) -> Health:
        return Health(platform_user_id=self.slug, handle=self.slug)
