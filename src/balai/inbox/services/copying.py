"""Whoever left an e-mail address on the public form is sent our answer there as well."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from balai.channels.contract import Outgoing
from balai.channels.models import Dispatch
from balai.channels.selectors import line_by_mail
from balai.channels.services import entrust
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Message
from balai.inbox.selectors import identity_of
from balai.people.selectors import SYSTEM

COPY = "inbox.copy"


@transaction.atomic
def send_copy(message: Message) -> Dispatch | None:
    """Entrust a copy of an answer that stands on the status page; once for each answer.

    None where the citizen left no address or the institution has no mailbox at work. The status
    page stays the place of the answer: the clock and the state do not hang on the copy.
    """
    conversation = message.conversation
    address = identity_of(conversation).get("address", "")
    line = line_by_mail(conversation.institution)
    if not (conversation.receipt and address and line):
        return None
    key = f"{COPY}:{message.pk}"
    known = Dispatch.objects.filter(key=key).first()
    if known is not None:
        return known
    page = settings.BALAI_ADDRESS + reverse("inbox:status", args=[conversation.receipt])
    with translation.override("id"):  # the form's first language; the reader's is not known
        subject = _("Answer of %(institution)s") % {"institution": conversation.institution.name}
        hint = _("Your status page, also to write to us again:")
    dispatch = entrust(
        line,
        Outgoing(key=key, text=f"{message.text}\n\n{hint}\n{page}", to=address, subject=subject),
        purpose=COPY,
        ref=message.pk,
        due_at=now(),
    )
    record(by=SYSTEM, did="conversation.copy_sent", on=conversation, message=message.pk)
    return dispatch
