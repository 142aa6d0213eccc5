"""What a citizen does on our own pages: write, add, say whether the answer helped."""

import secrets
from collections.abc import Sequence

import msgspec
from django.db import transaction

from balai.channels.models import Connection
from balai.channels.services import keep_parcels
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation
from balai.inbox.services.moving import lock, move, put_back
from balai.people.selectors import SYSTEM


def fresh_receipt() -> str:
    """An unguessable address (128 bits) for one citizen's status page."""
    return secrets.token_urlsafe(16)


def send_form(
    connection: Connection,
    *,
    receipt: str,
    text: str,
    name: str = "",
    email: str = "",
    subject: str = "",
    place: str = "",
    uploads: Sequence[tuple[str, str, bytes]] = (),
    sequence: int = 0,
) -> int:
    """Keep what a citizen wrote on the public form, and give the parcel that holds it.

    The receipt opens the status page as soon as the parcel is taken in.
    """
    submission = {
        "receipt": receipt,
        "sequence": sequence,
        "text": text,
        "sent_at": now(),
        # The person is the receipt's holder. An address that nobody proved makes nobody the same:
        # else a stranger's letter would stand among somebody else's.
        "author_id": receipt,
        "name": name,
        "email": email,
        "subject": subject,
        "place": place,
        "uploads": [{"name": n, "mime": m, "body": b} for n, m, b in uploads],
    }
    (parcel_id,) = keep_parcels(connection, [msgspec.msgpack.encode(submission)])
    return parcel_id


def add_to_form(conversation: Conversation, *, text: str) -> int:
    """The citizen adds something on the status page; gives the parcel that holds it."""
    return send_form(
        conversation.connection,
        receipt=conversation.receipt,
        text=text,
        sequence=conversation.messages_in + secrets.randbelow(1 << 30),
    )


@transaction.atomic
def citizen_confirms(conversation: Conversation, *, helped: bool) -> None:
    """The citizen says on the status page whether the matter is settled."""
    conversation = lock(conversation)
    if conversation.state not in ("answered", "waiting_citizen", "resolved"):
        return
    if helped:
        if conversation.state != "resolved":
            move(conversation, "resolved", resolved_at=now())
        move(conversation, "confirmed")
    elif conversation.state == "resolved":
        move(conversation, "triaged", reopened=conversation.reopened + 1)
    else:
        put_back(conversation)
    record(by=SYSTEM, did="conversation.citizen_confirmed", on=conversation, helped=helped)
