"""The office's mailbox as a channel: mail comes in by IMAP, answers leave by SMTP submission."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from balai.channels.contract import (
    Answered,
    Ask,
    Can,
    Connector,
    Fetched,
    Health,
    Limits,
    OutcomeUnknown,
    Outgoing,
    Receipt,
    ReplyRights,
)
from balai.channels.providers.email import imap, reading, smtp, writing
from balai.channels.providers.email.lines import Server, server

SECURITY_HELP = "ssl, starttls or none; none only for a server on this machine"


class Email(Connector):
    """Mail as RFC 5322 writes it, RFC 3501 (IMAP) fetches it and RFC 6409 (submission) sends it."""

    slug = "email"
    label = "Surel"
    can = Can.PUBLISH | Can.REPLY | Can.FETCH | Can.PROBE | Can.CHECK | Can.PICTURES
    # Most servers take 25 MB (base64 adds a third): ten pictures of 1.5 MB and the words pass.
    limits = Limits(text_bytes=1_000_000, pictures=10, picture_bytes=1_500_000, alt_text=500)
    asks = (
        Ask("address", "Address"),
        Ask("display_name", "Display name", optional=True),
        Ask("imap_host", "IMAP server"),
        Ask("imap_port", "IMAP port", default="993"),
        Ask("imap_security", "IMAP security", default="ssl", help=SECURITY_HELP),
        Ask("imap_user", "IMAP user"),
        Ask("imap_password", "IMAP password", secret=True),
        Ask("smtp_host", "SMTP server"),
        Ask("smtp_port", "SMTP port", default="465"),
        Ask("smtp_security", "SMTP security", default="ssl", help=SECURITY_HELP),
        Ask("smtp_user", "SMTP user", optional=True, help="empty: as for IMAP"),
        Ask("smtp_password", "SMTP password", True, True, help="empty: as for IMAP"),
    )
    redact = ("imap_password", "smtp_password")

    connect_seconds: ClassVar[float] = 10.0
    read_seconds: ClassVar[float] = 30.0
    grace: ClassVar[timedelta] = timedelta(
        minutes=10
    )  # a server may take so long to deliver our copy

    def reply_rights(
        self, handle: Mapping[str, Any], *, is_public: bool, sent_at: datetime
    ) -> ReplyRights:
        """A letter may always be answered."""
        return ReplyRights(True, "mail")

    def choose_id(self, key: str, at: datetime) -> str:
        """The Message-ID, without brackets. The moment plays no part: the key alone is unique."""
        return writing.our_id(key, self.settings.get("address", ""))

    def publish(self, post: Outgoing) -> Receipt:
        """Send it, with a hidden copy to ourselves: that copy is what probe() finds."""
        address = writing.sendable(self.settings.get("address", ""))
        to = writing.recipient(post)
        message_id = self._id_of(post)
        letter = writing.letter(
            post, address=address, name=self.settings.get("display_name", ""), message_id=message_id
        )
        smtp.hand_over(self._server("smtp"), address, list(dict.fromkeys((to, address))), letter)
        return self._receipt(post)

    def probe(self, post: Outgoing) -> Receipt | None:
        """Look for our copy. Until `grace` has passed, a missing copy proves nothing."""
        if imap.holds(self._server("imap"), self._id_of(post)):
            return self._receipt(post)
        tried_at = post.tried_at or post.at
        if tried_at is None or datetime.now(UTC) - tried_at < self.grace:
            raise OutcomeUnknown("our own copy has not arrived; delivery may still be under way")
        return None

    def fetch(self, cursor: str) -> Fetched:
        """The next mails of INBOX. They stay unread there."""
        return imap.fetch(self._server("imap"), cursor)

    def wait(self, seconds: float) -> bool:
        """Wait until mail arrives, at most so long. False at once where the server has no IDLE."""
        return imap.wait(self._server("imap"), seconds)

    def parse(self, parcel: bytes) -> list[Answered]:
        """Read one mail."""
        return reading.read(parcel, self.settings.get("address", ""))

    def check(self) -> Health:
        """Sign in at both servers."""
        address = writing.sendable(self.settings.get("address", ""))
        with imap.signed_in(self._server("imap")):
            pass
        with smtp.signed_in(self._server("smtp")):
            pass
        return Health(platform_user_id=address.lower(), handle=address, url=f"mailto:{address}")

    def close(self) -> None:
        """Nothing stays open between two calls."""

    def _server(self, kind: str) -> Server:
        return server(
            self.settings,
            kind,
            connect_seconds=self.connect_seconds,
            read_seconds=self.read_seconds,
        )

    def _id_of(self, post: Outgoing) -> str:
        if writing.is_ours(post.chosen, self.settings.get("address", "")):
            return post.chosen
        return self.choose_id(post.key, post.at or datetime.now(UTC))

    def _receipt(self, post: Outgoing) -> Receipt:
        message_id = self._id_of(post)
        _before, known = writing.threading(post)
        return Receipt(
            remote_id=message_id,
            handle={
                "message_id": message_id,
                "references": known,
                "subject": writing.subject_of(post),
                "to": writing.recipient(post),
            },
        )
