"""Rules: which are on, what they would meet, what they did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from balai.desk.models import Rule, RuleRun, RuleVersion
from balai.desk.rules.matching import Conditions, Facts, fits
from balai.desk.rules.opening import is_served
from balai.governance.selectors import calendar_of
from balai.ground.clock import first_id_at, now
from balai.inbox.models import Conversation, Message
from balai.inbox.selectors import readable
from balai.people.models import Institution, Member

A_WEEK = timedelta(days=7)
LOOKED_AT = 1_000  # messages a page of a dry run looks through
SHOWN = 25
PRIORITIES = {"danger": 2, "urgent": 1}
NEVER_TOUCHED = (Conversation.State.SEALED, Conversation.State.MODERATED)


@dataclass(frozen=True)
class Meeting:
    """A message that a rule would have met."""

    conversation: Conversation
    message: Message
    may_open: bool


class DryRun(NamedTuple):
    """One page of what a rule would have done with last week's messages. Nothing was changed.

    `before` is where the next page goes on; None when the week was looked through.
    """

    meetings: list[Meeting]
    looked_at: int
    before: int | None


def rules_of(institution: Institution | int) -> QuerySet[Rule]:
    """The rules of an office in the order in which they act."""
    pk = institution if isinstance(institution, int) else institution.pk
    found = Rule.objects.filter(institution=pk, retired_at=None)
    return found.select_related("institution", "in_force").order_by("place", "pk")


def rules_on(institution: Institution | int, when: str) -> QuerySet[Rule]:
    """Those that act now at such an occasion."""
    return rules_of(institution).filter(state=Rule.State.ON, in_force__when=when)


def is_anybody_listening(institution_id: int, when: str) -> bool:
    """Whether a rule is on for such an occasion."""
    return rules_on(institution_id, when).exists()


def newest_version(rule: Rule) -> RuleVersion:
    """What was written last, in force or not."""
    return rule.versions.select_related("author").order_by("-number")[0]


def runs_of(rule: Rule, *, before: int | None = None, limit: int = 50) -> list[RuleRun]:
    """What a rule did, newest first, older than the id `before`."""
    found = RuleRun.objects.filter(rule=rule).select_related("version", "conversation")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def facts_of(conversation: Conversation, message: Message | None = None) -> Facts:
    """What rules may ask about a conversation now; its text is the citizen's last message.

    Raises Message.DoesNotExist where that message is gone.
    """
    message = message or Message.objects.get(pk=conversation.last_in_id)
    reading = message.reading or {}
    return Facts(
        topic=_value(reading, "topic"),
        intent=conversation.intent,
        priority=conversation.priority,
        places=_places(reading),
        language=conversation.language,
        connection_id=conversation.connection_id,
        account_id=conversation.connection.account_id,
        text=message.text,
        unit_id=conversation.unit_id,
        is_open=conversation.is_open,
        in_hours=in_service(conversation.institution, message),
    )


def in_service(institution: Institution, message: Message) -> bool:
    """Whether a message arrived within the hours of service."""
    local = message.received_at.astimezone(ZoneInfo(institution.zone))
    return is_served(calendar_of(institution).hours_on, local)


def dry_run(
    member: Member, when: str, conditions: Conditions, *, before: int | None = None
) -> DryRun:
    """What such a rule would have met among last week's messages; changes nothing.

    It reads each message as the machine read it then, and the unit as it is today. Looks through
    LOOKED_AT messages at most and shows SHOWN.
    """
    institution = member.institution
    start = first_id_at(now() - A_WEEK)
    ids = Message.objects.filter(pk__gte=start)
    if before is not None:
        ids = ids.filter(pk__lt=before)
    looked = list(ids.order_by("-pk").values_list("pk", "institution_id")[:LOOKED_AT])
    ours = [pk for pk, owner in looked if owner == institution.pk]
    open_to_reader = set(
        readable(member).filter(messages__pk__in=ours).values_list("pk", flat=True)
    )
    meetings: list[Meeting] = []
    seen: set[int] = set()
    last = looked[-1][0] if len(looked) == LOOKED_AT else None
    for conversation, message in _talks(ours):
        if when != RuleVersion.When.TAKEN_IN and conversation.pk in seen:
            continue
        if not fits(conditions, _as_read(facts_of(conversation, message), message, when)):
            continue
        seen.add(conversation.pk)
        may_open = conversation.pk in open_to_reader
        meetings.append(Meeting(conversation, message, may_open))
        if len(meetings) == SHOWN:
            last = message.pk
            break
    return DryRun(meetings, len(ours), last)


def _talks(message_ids: Iterable[int]) -> Iterator[tuple[Conversation, Message]]:
    """Citizens' messages with their conversations, newest first; what is sealed is left out."""
    found = Message.objects.filter(
        pk__in=list(message_ids), direction=Message.Direction.IN, is_automatic=False
    )
    messages = list(found.order_by("-pk"))
    wanted = {message.conversation_id for message in messages}
    talks = Conversation.objects.select_related("institution", "connection").in_bulk(wanted)
    for message in messages:
        conversation = talks.get(message.conversation_id)
        if conversation is not None and conversation.state not in NEVER_TOUCHED:
            yield conversation, message


def _as_read(facts: Facts, message: Message, when: str) -> Facts:
    """The facts as they were when the message came: read by the machine, and open."""
    if when != RuleVersion.When.TAKEN_IN:
        return facts
    reading = message.reading or {}
    urgency = _value(reading, "urgency")
    return Facts(
        **{
            **{name: getattr(facts, name) for name in facts.__dataclass_fields__},
            "intent": _value(reading, "intent"),
            "priority": PRIORITIES.get(urgency, 0),
            "language": _value(reading, "language"),
            "is_open": True,
        }
    )


def _value(reading: dict[str, Any], name: str) -> str:
    return str((reading.get(name) or {}).get("value") or "")


def _places(reading: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found = reading.get("places") or []
    return tuple((str(one.get("code") or ""), str(one.get("name") or "")) for one in found)
