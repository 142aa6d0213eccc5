"""The same deed on many conversations: each in a transaction and with a trace of its own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.ledger import record
from balai.inbox import rules
from balai.inbox.models import Conversation, Label
from balai.inbox.selectors import readable
from balai.inbox.services.labels import put_labels
from balai.inbox.services.moving import allow_on, lock, set_back
from balai.people.models import Member
from balai.people.services import NotAllowed

# What each deed on many may change, and the right that undoing it takes as well.
DEED_PARTS = {
    "assign": ("unit_id", "assignee_id"),
    "label": (),
    "triage": ("intent", "priority", "clock", "due_at"),
    "set_aside": (),
    "resolve": ("resolved_at",),
}
DEED_RIGHTS = {
    "assign": "conversation.assign",
    "label": "conversation.triage",
    "triage": "conversation.triage",
    "set_aside": "conversation.close",
    "resolve": "conversation.close",
}
PLAIN_PARTS = ("state", "unit_id", "assignee_id", "intent", "priority", "clock")
MOST_AT_ONCE = 50  # one page of the queue, which is what a person can have looked at


class Outcome(NamedTuple):
    """What became of one conversation: `refusal` says in words why nothing did, else is empty."""

    conversation_id: int
    refusal: str
    was: dict[str, Any] | None = None  # what stood before, plain values; None when nothing was done


def on_each(
    conversation_ids: Sequence[int], deed: Callable[[Conversation], object], *, by: Member
) -> list[Outcome]:
    """Do a verb on each of these conversations, in the order given; what one refuses stops none.

    The verb allows, changes, records and announces for each by itself. What the member may not
    read, and what was sealed, is refused alike: nobody learns that it exists. Raises
    ValidationError for more than MOST_AT_ONCE.
    """
    wanted = list(dict.fromkeys(conversation_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError(
            _("Tick at most %(n)d conversations at a time.") % {"n": MOST_AT_ONCE}
        )
    found = readable(by).exclude(state=Conversation.State.SEALED).in_bulk(wanted)
    return [_tried(pk, found.get(pk), deed) for pk in wanted]


@transaction.atomic
def undo_deed(conversation_id: int, *, deed: str, was: Mapping[str, Any], by: Member) -> bool:
    """What a deed on many changed stands as before, while nobody changed it since. False: too late.

    Only the parts that the deed may change (DEED_PARTS) come back. A judgement that is undone
    teaches the machine nothing. Raises NotAllowed, NotAllowedNow.
    """
    found = readable(by).filter(pk=conversation_id).first()
    if found is None:
        return False
    conversation = lock(found)
    allow_on(conversation, by, DEED_RIGHTS[deed])
    if conversation.version != was["version"]:
        return False
    if deed == "label":
        _put_labels_back(conversation, set(was["labels"]), by)
    else:
        parts = {name: was[name] for name in DEED_PARTS[deed]}
        for name in ("due_at", "resolved_at"):
            if parts.get(name):
                parts[name] = datetime.fromisoformat(parts[name])
        conversation.corrections.filter(pk__gt=was["correction"], by=by).delete()
        state = was["state"] if was["state"] != conversation.state else None
        set_back(conversation, state, **parts)
    record(by=by, did="conversation.deed_undone", on=conversation, deed=deed)
    return True


def _tried(
    pk: int, conversation: Conversation | None, deed: Callable[[Conversation], object]
) -> Outcome:
    if conversation is None:
        return Outcome(pk, _("It is not here any more."))
    try:
        with transaction.atomic():
            was = _as_it_is(lock(conversation))
            deed(conversation)
            now_version = Conversation.objects.values_list("version", flat=True).get(pk=pk)
    except rules.NotAllowedNow as problem:
        return Outcome(pk, _why(problem, conversation))
    except NotAllowed as refused:
        return Outcome(pk, str(refused))
    except ValidationError as wrong:
        return Outcome(pk, " ".join(wrong.messages))
    return Outcome(pk, "", {**was, "version": now_version})


def _as_it_is(conversation: Conversation) -> dict[str, Any]:
    """What a deed may change, as plain values that a session keeps."""
    last = conversation.corrections.order_by("-pk").values_list("pk", flat=True).first()
    return {
        **{name: getattr(conversation, name) for name in PLAIN_PARTS},
        "due_at": conversation.due_at and conversation.due_at.isoformat(),
        "resolved_at": conversation.resolved_at and conversation.resolved_at.isoformat(),
        "labels": sorted(conversation.labellings.values_list("label_id", flat=True)),
        "correction": last or 0,
    }


def _put_labels_back(conversation: Conversation, labels: set[int], by: Member) -> None:
    here = set(conversation.labellings.values_list("label_id", flat=True))
    known = Label.objects.in_bulk(labels ^ here)
    put_labels(
        conversation,
        by=by,
        add=[known[pk] for pk in labels - here if pk in known],
        remove=[known[pk] for pk in here - labels if pk in known],
    )


def _why(problem: rules.NotAllowedNow, conversation: Conversation) -> str:
    """Why the state does not allow it, and what would help."""
    if problem.wanted == "no_action" and conversation.intent in rules.NEVER_SET_ASIDE:
        return _("A complaint or an emergency is never set aside; it is owed an answer.")
    if problem.wanted == "no_action" and conversation.state == "new":
        return _("Nobody has said yet what it is. Sort it first.")
    if problem.wanted == "resolved" and conversation.state in rules.WE_OWE:
        return _("It was not answered yet.")
    return _("It is “%(state)s” now; this step does not follow from there.") % {
        "state": conversation.get_state_display()
    }
