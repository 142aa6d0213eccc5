"""One person across channels: identities, conversations, promises, consent, and who looked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Q, QuerySet

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.inbox.joining import called_by
from balai.inbox.models import (
    Citizen,
    CitizenNote,
    Consent,
    ContactChange,
    ContactPart,
    Conversation,
    IdentityHint,
    LegalHold,
    Promise,
    RightsRequest,
)
from balai.inbox.selectors.queue import readable
from balai.people.models import Member
from balai.people.selectors import may

MOST_SHOWN = 50
# What in the audit log is an opening of what is covered otherwise.
OPENINGS = (
    "conversation.identity_opened",
    "citizen.looked_up",
    "citizen.data_exported",
    "citizen.data_handed_over",
)


class Identity(NamedTuple):
    """One channel identity of a person, without its name."""

    citizen: Citizen
    conversations: int


class Candidate(NamedTuple):
    """Somebody who may be the same person, and why we think so."""

    citizen: Citizen
    because: str
    conversations: int


class Opening(NamedTuple):
    """One opening of what is covered: who, when, what and why."""

    at: datetime
    who: str
    did: str
    reason: str


def group_of(citizen: Citizen) -> list[Citizen]:
    """The identities of the person, oldest first; only the citizen where nobody joined any."""
    part = ContactPart.objects.filter(citizen=citizen).first()
    if part is None:
        return [citizen]
    return list(Citizen.objects.filter(part__contact_id=part.contact_id).order_by("pk"))


def key_of(group: Sequence[Citizen]) -> str:
    """The pseudonym's key by which a person is called: the oldest identity's."""
    name = called_by(frozenset(one.pk for one in group))
    return next(one.key for one in group if one.pk == name)


def open_talks(member: Member, citizens: Iterable[Citizen]) -> QuerySet[Conversation]:
    """These persons' conversations that the member may read. What lies on a safe path is none."""
    found = readable(member).filter(citizen__in=[one.pk for one in citizens])
    return found.exclude(state=Conversation.State.SEALED)


def citizen_for(member: Member, citizen_id: int) -> Citizen:
    """A citizen with whom the member may read a conversation. Raises ObjectDoesNotExist."""
    found = Citizen.objects.get(pk=citizen_id, institution_id=member.institution_id)
    if not open_talks(member, [found]).exists():
        raise ObjectDoesNotExist
    return found


def seen_of(member: Member, group: Sequence[Citizen]) -> list[Identity]:
    """Those identities of a person of whom the member may read a conversation."""
    counts = dict(
        open_talks(member, group).order_by().values_list("citizen_id").annotate(n=Count("pk"))
    )
    return [Identity(one, counts[one.pk]) for one in group if one.pk in counts]


def may_join(member: Member, citizens: Iterable[Citizen]) -> bool:
    """Whether the member may open the identity of each of them in some conversation."""
    return all(_may_open(member, one) for one in citizens)


def _may_open(member: Member, citizen: Citizen) -> bool:
    talks = open_talks(member, [citizen]).order_by("-last_message_id")[:MOST_SHOWN]
    return any(
        may(
            member,
            "conversation.identity",
            talk.institution_id,
            unit=talk.unit_id,
            owner=talk.assignee_id,
        )
        for talk in talks
    )


def candidates_for(member: Member, group: Sequence[Citizen]) -> list[Candidate]:
    """Who may be the same person: an equal keyed hash of a sealed address, nothing else.

    Only those whose identity the member may open, and never across institutions.
    """
    ids = [one.pk for one in group]
    hints = dict(IdentityHint.objects.filter(citizen__in=ids).values_list("digest", "kind"))
    if not hints:
        return []
    same = (
        Citizen.objects.filter(
            institution_id=group[0].institution_id, hint__digest__in=hints, forgotten_at=None
        )
        .exclude(pk__in=ids)
        .select_related("hint")
        .order_by("pk")[:MOST_SHOWN]
    )
    found = [one for one in same if _may_open(member, one)]
    counted = {seen.citizen.pk: seen.conversations for seen in seen_of(member, found)}
    return [Candidate(one, one.hint.get_kind_display(), counted.get(one.pk, 0)) for one in found]


def changes_of(group: Sequence[Citizen]) -> list[ContactChange]:
    """How the person's identities were joined and parted, newest first."""
    found = ContactChange.objects.filter(concerns__citizen__in=[one.pk for one in group])
    return list(found.select_related("by").distinct().order_by("-pk")[:MOST_SHOWN])


def promises_to(member: Member, group: Sequence[Citizen]) -> list[Promise]:
    """What was promised to a person in conversations that the member may read; open ones first."""
    found = Promise.objects.filter(
        citizen__in=[one.pk for one in group],
        conversation__in=open_talks(member, group).values("pk"),
    ).select_related("owner", "conversation")
    return sorted(found, key=lambda one: (one.state != Promise.State.OPEN, one.due_at))


def promises_in(conversation: Conversation) -> list[Promise]:
    """What was promised in a conversation, open ones first."""
    found = Promise.objects.filter(conversation=conversation).select_related("owner")
    return sorted(found, key=lambda one: (one.state != Promise.State.OPEN, one.due_at))


def promises_of(member: Member) -> QuerySet[Promise]:
    """What the member answers for and has not settled, the most overdue first."""
    return (
        Promise.objects.filter(owner=member, state=Promise.State.OPEN)
        .exclude(conversation__state=Conversation.State.SEALED)
        .select_related("conversation", "citizen")
        .order_by("due_at", "pk")
    )


def notes_on(group: Sequence[Citizen]) -> list[CitizenNote]:
    """What the office remembers of a person, newest first."""
    found = CitizenNote.objects.filter(citizen__in=[one.pk for one in group])
    return list(found.select_related("by").order_by("-pk")[:MOST_SHOWN])


def consents_of(group: Sequence[Citizen]) -> list[Consent]:
    """To what the person agreed, and what of it they withdrew; newest first."""
    found = Consent.objects.filter(citizen__in=[one.pk for one in group])
    return list(found.select_related("noted_by", "stopped_by").order_by("-pk"))


def has_consented(citizen: Citizen, purpose: str) -> bool:
    """Whether the person agrees to a purpose now, on whichever channel they said so."""
    ids = [one.pk for one in group_of(citizen)]
    return Consent.objects.filter(citizen__in=ids, purpose=purpose, withdrawn_at=None).exists()


def consents_to_stop(institution_id: int) -> list[Consent]:
    """Withdrawn consents whose use has not been reported as stopped, the most urgent first."""
    found = Consent.objects.filter(
        citizen__institution_id=institution_id, withdrawn_at__isnull=False, stopped_at=None
    )
    return list(found.select_related("citizen").order_by("stop_by_at")[:MOST_SHOWN])


def hold_on(group: Sequence[Citizen]) -> LegalHold | None:
    """The duty to keep a person's words that runs now; None when there is none."""
    found = LegalHold.objects.filter(citizen__in=[one.pk for one in group], lifted_at=None)
    return found.select_related("by").order_by("pk").first()


def requests_in(conversation: Conversation) -> list[RightsRequest]:
    """What the person asked about their own data here, the newest first."""
    return list(RightsRequest.objects.filter(conversation=conversation).order_by("-pk")[:10])


def copy_ready(conversation: Conversation) -> RightsRequest | None:
    """The copy that the holder of this status page may open now; None when there is none."""
    found = RightsRequest.objects.filter(
        conversation=conversation,
        kind=RightsRequest.Kind.ACCESS,
        proof=RightsRequest.Proof.RECEIPT,
        handed_until_at__gt=now(),
    )
    return found.order_by("-pk").first()


def openings_of(group: Sequence[Citizen], limit: int = 200) -> list[Opening]:
    """Everybody who opened what is covered of a person, newest first, from the audit log."""
    ids = [one.pk for one in group]
    talks = Conversation.objects.filter(citizen__in=ids).values_list("pk", flat=True)
    about = Q(object_kind="inbox.conversation", object_id__in=[str(pk) for pk in talks]) | Q(
        object_kind="inbox.citizen", object_id__in=[str(pk) for pk in ids]
    )
    entries = list(AuditEntry.objects.filter(about, did__in=OPENINGS).order_by("-number")[:limit])
    acting = {int(e.actor[7:]) for e in entries if e.actor.startswith("member:")}
    names = {
        f"member:{pk}": name
        for pk, name in Member.objects.filter(pk__in=acting).values_list("pk", "name")
    }
    return [Opening(e.at, names.get(e.actor, e.actor), e.did, e.reason) for e in entries]


def is_overdue(promise: Promise) -> bool:
    """Whether an open promise should have been kept by now."""
    return promise.state == Promise.State.OPEN and promise.due_at <= now()
