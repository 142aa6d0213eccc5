"""Hide what breaks the rules of conversation, and show it again when another person decides so."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from balai.channels.contract import Can, Outgoing
from balai.channels.models import Connection
from balai.channels.selectors import promises, text_problem
from balai.channels.services import entrust
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox import rules
from balai.inbox.landing import OurWords, open_store
from balai.inbox.models import Conversation, Message
from balai.inbox.selectors import NOTICE, identity_of, moderated_by
from balai.inbox.services.moving import allow_on, lock, move
from balai.inbox.wording import MODERATION_NAMES
from balai.people.models import Member
from balai.people.services import NotAllowed


class NoSuchRule(ValueError):
    """Nothing is hidden without a rule that says why (domain 5.4(2))."""

    def __init__(self, rule: str) -> None:
        super().__init__(_("Choose the rule that was broken."))
        self.rule = rule


@transaction.atomic
def moderate(conversation: Conversation, *, by: Member, rule: str) -> Message | None:
    """Hide a conversation under a rule. Its author is told why and how to object, where possible.

    Gives the notice, or None where the line cannot carry one. Nothing is deleted: the words stay,
    folded, for whoever decides about an objection. Raises NoSuchRule, NotAllowed, NotAllowedNow.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.moderate")
    if rule not in rules.MODERATION_RULES:
        raise NoSuchRule(rule)
    move(conversation, "moderated")
    notice = _tell_author(conversation, rule, by)
    record(
        by=by,
        did="conversation.moderated",
        on=conversation,
        rule_id=rule,
        notice=notice.pk if notice else None,
    )
    return notice


@transaction.atomic
def restore(conversation: Conversation, *, by: Member, reason: str) -> None:
    """Show a hidden conversation again. Whoever hid it does not decide (domain 5.4(2)).

    Raises NotAllowed, NotAllowedNow when it is not hidden.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.restore")
    if conversation.state != Conversation.State.MODERATED:
        raise rules.NotAllowedNow(conversation.state, "restored")
    if moderated_by(conversation) == by.pk:
        raise NotAllowed(
            _("You hid this conversation yourself: another person decides about the objection."),
            action="conversation.restore",
        )
    move(conversation, "triaged")
    record(by=by, did="conversation.restored", on=conversation, reason=reason)


def _tell_author(conversation: Conversation, rule: str, by: Member) -> Message | None:
    line = conversation.connection
    at_rest = line.state in (Connection.State.PAUSED, Connection.State.CLOSED)
    if at_rest or Can.REPLY not in promises(line).can:
        return None
    with translation.override("id"):  # the citizens' first language; the author's is a guess
        text = _notice(conversation, rule)
    if text_problem(line, text) is not None:
        return None
    moment = now()
    number = open_store().append(
        OurWords(
            institution_id=conversation.institution_id,
            connection_id=line.pk,
            conversation_id=conversation.pk,
            direction=Message.Direction.OUT,
            kind="notice",
            text=text,
            sent_at=moment,
            author_id=by.pk,
            extra={},
            is_automatic=True,  # no answer: the citizen's words stay unanswered
        )
    )
    asked = Message.objects.get(pk=conversation.last_in_id)
    entrust(
        line,
        Outgoing(
            key=f"{NOTICE}:{number}",
            text=text,
            reply_to=asked.extra.get("handle") or {},
            to=identity_of(conversation).get("address", ""),
            subject=conversation.subject,
            language="ind",
            is_automatic=True,
            at=moment,
        ),
        purpose=NOTICE,
        ref=number,
        due_at=moment + rules.UNDO_WINDOW,
    )
    return Message.objects.get(pk=number)


def _notice(conversation: Conversation, rule: str) -> str:
    name = str(MODERATION_NAMES[rule])
    if conversation.receipt:
        place = reverse("inbox:status", args=[conversation.receipt])
    else:
        place = reverse("inbox:write", args=[conversation.institution.slug])
    return _(
        "Your message was hidden under rule %(rule)s: %(name)s. If you see it otherwise, object "
        "here; another person decides: %(address)s"
    ) % {"rule": rule, "name": name, "address": settings.BALAI_ADDRESS + place}
