"""News of our own mail: delivery notices (RFC 3464), read receipts (RFC 8098), older bounces.

Our server also puts a copy of each answer into our own mailbox; a notice about that copy alone says
nothing about the citizen and is not news.
"""

import re

from balai.channels.contract import Returned
from balai.channels.providers.email.addresses import ids, remote_id
from balai.channels.providers.email.mime import Part, opened
from balai.channels.providers.email.writing import OUR_ID

ARRIVED = frozenset(("delivered", "relayed", "expanded"))  # RFC 3464, section 2.3.3
ORIGINALS = frozenset(
    (
        *("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"),
        *("message/global", "message/global-headers"),  # RFC 6533
    )
)
LONGEST_WORDS = 500
MACHINES = ("mailer-daemon@", "postmaster@")


def news_of(mail: Part, sender: str, own_address: str) -> Returned | None:
    """What this mail says about one of ours, or None when it is not such a notice.

    `sender` and `own_address` are lower case. Raises nothing.
    """
    parts = list(mail.walk())
    if mail.mime == "multipart/report":
        for part in parts:
            if part.mime in ("message/delivery-status", "message/global-delivery-status"):
                return _delivery(part, _original_id(parts), own_address)
            if part.mime == "message/disposition-notification":
                return _reading(part)
    failed = mail.get("x-failed-recipients")  # Exim sends no delivery status by default
    if failed or sender.startswith(MACHINES) or mail.get("return-path") == "<>":
        for part in parts:
            readable = part.mime.startswith(("text/", "message/"))
            ours = OUR_ID.search(part.text()) if readable else None
            if ours and failed.strip().lower() != own_address:
                return Returned(
                    ours[0], arrived=False, permanent=True, words=failed[:LONGEST_WORDS]
                )
    return None


def _delivery(part: Part, original: str, own_address: str) -> Returned | None:
    """One Returned for all recipients of the notice; the worst of them decides."""
    groups = [_group(block) for block in re.split(r"\n[ \t]*\n", part.text())]
    told = [group for group in groups if group.get("action") and _whom(group) != own_address]
    if not told or not original:
        return None
    failed = [group for group in told if group["action"].lower() not in ARRIVED]
    words = "; ".join(dict.fromkeys(filter(None, (_words(group) for group in failed or told))))
    return Returned(
        remote_id=original,
        arrived=not failed,
        permanent=any(group.get("status", "").startswith("5") for group in failed),
        words=words[:LONGEST_WORDS],
    )


def _group(block: str) -> dict[str, str]:
    """The fields of one group, names in lower case, folded lines joined."""
    found: dict[str, str] = {}
    last = ""
    for line in block.split("\n")[:200]:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and last:
            found[last] = f"{found[last]} {line.strip()}"[:2000]
        elif colon:
            last = name.strip().lower()
            found[last] = value.strip()[:2000]
    return found


def _whom(group: dict[str, str]) -> str:
    said = group.get("original-recipient") or group.get("final-recipient", "")
    return said.rpartition(";")[2].strip(" <>").lower()


def _words(group: dict[str, str]) -> str:
    diagnostic = group.get("diagnostic-code", "").partition(";")[2].strip()
    said = diagnostic or f"{group['action']} {group.get('status', '')}".strip()
    return " ".join(said.split())


def _original_id(parts: list[Part]) -> str:
    """The Message-ID of the mail that comes back, whole or headers only, at the notice's end."""
    for part in parts:
        if part.mime in ORIGINALS:
            found = ids(opened(part.decoded().lstrip()).get("message-id"))
            if found:
                return remote_id(found[0])
    return ""


def _reading(part: Part) -> Returned | None:
    told = _group(part.text())
    found = ids(told.get("original-message-id", ""))
    if not found:
        return None
    return Returned(
        remote_id(found[0]), arrived=True, permanent=False, words=told.get("disposition", "")
    )
