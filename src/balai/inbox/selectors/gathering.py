"""All that is kept of one person, for that person: as data, and in words."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from balai.ground.clock import now
from balai.inbox.models import Attachment, Citizen, Conversation, Message, Promise, RightsRequest
from balai.inbox.selectors.contacts import consents_of, group_of, openings_of

FORM = 1  # rises when the shape changes
LEFT_OUT = (
    "internal notes of the office",
    "what lies on a safe channel, which its keepers answer for",
    "copies in backups, which end by themselves",
)


def covered_by(request: RightsRequest) -> list[Citizen]:
    """Whose data a request is about: what the proof reaches, and no further.

    A code and a status page prove one account. The accounts that the office joined with it are
    covered only where an officer saw the person: a mistaken joining must not give somebody's words
    to another.
    """
    in_person = request.proof == RightsRequest.Proof.IN_PERSON
    return group_of(request.citizen) if in_person else [request.citizen]


def copy_of(group: Sequence[Citizen]) -> dict[str, Any]:
    """Identity, every message of both sides with its reading, promises, consents, who looked.

    Who calls this records that it was opened.
    """
    talks = (
        Conversation.objects.filter(citizen__in=group)
        .exclude(state=Conversation.State.SEALED)
        .select_related("connection")
        .order_by("pk")
    )
    return {
        "form": FORM,
        "made_at": now().isoformat(),
        "institution": group[0].institution.name,
        "accounts": [_account(one) for one in group],
        "conversations": [_talk(one) for one in talks],
        "promises": [_promise(one) for one in _promises(group)],
        "consents": [
            {
                "purpose": one.purpose,
                "how": one.how,
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": one.withdrawn_at and one.withdrawn_at.isoformat(),
            }
            for one in consents_of(group)
        ],
        "opened_by": [
            {"at": one.at.isoformat(), "who": one.who, "what": one.did, "why": one.reason}
            for one in openings_of(group, limit=2_000)
        ],
        "not_included": list(LEFT_OUT),
    }


def _account(citizen: Citizen) -> dict[str, Any]:
    return {
        "channel": citizen.channel,
        "pseudonym": citizen.key,
        "since": citizen.first_seen_at.isoformat(),
        **(json.loads(citizen.identity) if citizen.identity else {}),
    }


def _talk(talk: Conversation) -> dict[str, Any]:
    said = list(
        talk.messages.exclude(direction=Message.Direction.NOTE).order_by("pk").iterator(500)
    )
    files: dict[int, list[dict[str, Any]]] = {}
    for one in Attachment.objects.filter(message_id__in=[m.pk for m in said]):
        known = {"name": one.name, "size": one.size, "sha256": one.sha256}
        files.setdefault(one.message_id, []).append(known)
    return {
        "id": talk.pk,
        "line": talk.connection.name,
        "opened_at": talk.opened_at.isoformat(),
        "state": talk.state,
        "messages": [
            {
                "from": "you" if one.direction == Message.Direction.IN else "office",
                "at": one.sent_at.isoformat(),
                "text": one.text,
                "files": files.get(one.pk, []),
                "read_by_machine": one.reading,
            }
            for one in said
        ],
    }


def _promises(group: Sequence[Citizen]) -> QuerySet[Promise]:
    return Promise.objects.filter(citizen__in=[one.pk for one in group]).order_by("pk")


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "what": promise.what,
        "until": promise.due_at.isoformat(),
        "state": promise.state,
        "reason": promise.reason,
    }
