"""How a message of ours looks to the network, and how it is recognised there."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from balai.channels.contract import OutcomeUnknown, Outgoing, Receipt, Refused
from balai.channels.payload import clean
from balai.channels.providers.mastodon import words

PUBLIC = ("public", "unlisted")
VISIBILITIES = (*PUBLIC, "private", "direct")


@dataclass(frozen=True)
class Draft:
    """A status as we ask for it."""

    text: str
    visibility: str
    spoiler: str = ""
    language: str = ""
    answers: str = ""  # the id of the status that is answered

    def form(self, media: tuple[str, ...] = ()) -> dict[str, Any]:
        """The fields of the request; those without a value are left out."""
        fields: dict[str, Any] = {
            "status": self.text,
            "visibility": self.visibility,
            "in_reply_to_id": self.answers,
            "spoiler_text": self.spoiler,
            "sensitive": "true" if self.spoiler else "",
            "language": self.language.partition("-")[0],  # ISO 639
            "media_ids[]": list(media),
        }
        return {name: value for name, value in fields.items() if value}

    def is_in(self, status: Mapping[str, Any]) -> bool:
        """Whether this status has our words in the same place."""
        return self.is_beside(status) and self._essence() == words.essence(words.text_of(status))

    def is_beside(self, status: Mapping[str, Any]) -> bool:
        """Whether it answers the same message."""
        return clean(status.get("in_reply_to_id")) == self.answers

    def _essence(self) -> str:
        return words.essence(self.text)


def draft(
    post: Outgoing, room: int, per_url: int, handle: Mapping[str, Any] | None = None
) -> Draft:
    """An answer names the person, is seen by whom the question was seen, keeps its warning.

    `room` is how many characters the network takes (0: not known); a warning that does not fit
    is cut. `handle` stands for `reply_to` where our own status is written anew. Raises Refused when
    it names no message.
    """
    handle = post.reply_to if handle is None else handle
    if handle is None:
        return Draft(post.text, "public", language=post.language)
    answers, acct = clean(handle.get("id")), clean(handle.get("acct"))
    if not answers:
        raise Refused("the message that is answered has no address", permanent=True)
    text = post.text if not acct or _names(post.text, acct) else f"@{acct} {post.text}"
    visibility = clean(handle.get("visibility"))
    spoiler = clean(handle.get("spoiler"))
    left = room - words.length(text, per_url) if room else len(spoiler)
    return Draft(
        text=text,
        # Other software knows more kinds ("local", "list"): then only the person may be meant.
        visibility=visibility if visibility in VISIBILITIES else "direct",
        spoiler=spoiler[: max(left, 0)],
        language=post.language,
        answers=answers,
    )


def _names(text: str, acct: str) -> bool:
    return bool(re.search(rf"(?<![\w@])@{re.escape(acct)}(?![\w@.-])", text, re.IGNORECASE))


def idempotency_key(post: Outgoing) -> str:
    """One message, one key; with the text, since two installations may share an account."""
    return f"{post.key}.{hashlib.sha256(post.text.encode('utf-8', 'replace')).hexdigest()[:16]}"


def proof(answer: Any, acct: str = "") -> Receipt:
    """What the network's answer proves. Raises OutcomeUnknown when it has no id."""
    status = answer if isinstance(answer, dict) else {}
    number = clean(status.get("id"))
    if not number or "scheduled_at" in status:
        raise OutcomeUnknown("the server said yes and gave no address")
    handle = {
        "id": number,
        "acct": acct,
        "visibility": clean(status.get("visibility")),
        "spoiler": clean(status.get("spoiler_text")),
    }
    url = clean(status.get("url")) or clean(status.get("uri"))
    return Receipt(number, url=url, handle=handle)


def when(said: Any) -> datetime | None:
    """A time as the network writes it, in UTC; None when this is none."""
    try:
        at = datetime.fromisoformat(said)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None
