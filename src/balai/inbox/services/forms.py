"""What a citizen does on our own pages: write, add, say whether the answer helped."""

import secrets
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from balai.channels.models import Connection
from balai.channels.services import keep_parcels
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation
from balai.inbox.services.moving import lock, move, put_back, reopen
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import allow

_ADDED_ON = {"counter": "letter"}  # who was given a receipt there adds in writing


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
    kind: str = "form",
    phone: str = "",
    said_at: datetime | None = None,
) -> int:
    """Keep what a citizen wrote on the public form, and give the parcel that holds it.

    The receipt opens the status page as soon as the parcel is taken in.
    """
    submission = {
        "receipt": receipt,
        "sequence": sequence,
        "text": text,
        "sent_at": said_at or now(),
        # The person is the receipt's holder. An address that nobody proved makes nobody the same:
        # else a stranger's letter would stand among somebody else's.
        "author_id": receipt,
        "name": name,
        "email": email,
        "phone": phone,
        "kind": kind,
        "subject": subject,
        "place": place,
        "uploads": [{"name": n, "mime": m, "body": b} for n, m, b in uploads],
    }
    (parcel_id,) = keep_parcels(connection, [msgspec.msgpack.encode(submission)])
    return parcel_id


@transaction.atomic
def write_down(
    connection: Connection,
    *,
    receipt: str,
    came_by: str,
    text: str,
    said_at: datetime,
    by: Member,
    name: str = "",
    phone: str = "",
    email: str = "",
    place: str = "",
    uploads: Sequence[tuple[str, str, bytes]] = (),
) -> int:
    """An officer writes down what a citizen said at the counter, by telephone or in a letter.

    `came_by` is a kind of the counter channel. The clock starts when it was said. Gives the parcel.
    Raises NotAllowed.
    """
    allow(by, "conversation.enter", connection.institution_id, owner=by)
    parcel_id = send_form(
        connection,
        receipt=receipt,
        text=text,
        name=name,
        email=email,
        phone=phone,
        place=place,
        uploads=uploads,
        kind=came_by,
        said_at=min(said_at, now()),
    )
    record(by=by, did="message.written_down", on=connection, came_by=came_by, parcel=parcel_id)
    return parcel_id


def add_to_form(conversation: Conversation, *, text: str) -> int:
    """The citizen adds something on the status page; gives the parcel that holds it."""
    return send_form(
        conversation.connection,
        receipt=conversation.receipt,
        text=text,
        sequence=conversation.messages_in + secrets.randbelow(1 << 30),
        kind=_ADDED_ON.get(conversation.connection.channel, "form"),
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
        reopen(conversation)
    else:
        put_back(conversation)
    record(by=SYSTEM, did="conversation.citizen_confirmed", on=conversation, helped=helped)
