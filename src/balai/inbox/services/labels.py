"""The office's labels, and which conversations they stand on. The counters are kept here."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.events import DeskArranged
from balai.inbox.models import Conversation, Label, Labelling
from balai.inbox.services.moving import allow_on, lock, move
from balai.people.models import Institution, Member
from balai.people.selectors import Actor
from balai.people.services import NotAllowed, allow

MOST_LABELS = 100  # in use at a time: a list that a person can still read through


@transaction.atomic
def add_label(institution: Institution, *, name: str, colour: str, by: Member) -> Label:
    """A new word of the office. Raises NotAllowed, ValidationError."""
    allow(by, "desk.arrange", institution)
    if Label.objects.filter(institution=institution, retired_at=None).count() >= MOST_LABELS:
        raise ValidationError(
            _("There are %(n)d labels already; retire one that nobody needs.") % {"n": MOST_LABELS}
        )
    label = Label(institution=institution, name=name, colour=colour)
    label.full_clean()
    label.save()
    record(by=by, did="label.added", on=label)
    announce(DeskArranged(institution.pk), scope=institution.pk)
    return label


@transaction.atomic
def edit_label(label: Label, *, name: str, colour: str, by: Member) -> Label:
    """Another name or colour, also where it stands already. Raises NotAllowed, ValidationError."""
    allow(by, "desk.arrange", label.institution_id)
    label.name, label.colour = name, colour
    label.full_clean()
    label.save(update_fields=["name", "colour"])
    record(by=by, did="label.edited", on=label)
    announce(DeskArranged(label.institution_id), scope=label.institution_id)
    return label


@transaction.atomic
def retire_label(label: Label, *, by: Member) -> Label:
    """Offer it no more. It stays on the conversations that carry it."""
    allow(by, "desk.arrange", label.institution_id)
    label.retired_at = now()
    label.save(update_fields=["retired_at"])
    record(by=by, did="label.retired", on=label)
    announce(DeskArranged(label.institution_id), scope=label.institution_id)
    return label


@transaction.atomic
def put_labels(
    conversation: Conversation,
    *,
    by: Actor,
    add: Iterable[Label] = (),
    remove: Iterable[Label] = (),
    reason: str = "",
) -> None:
    """Put labels on a conversation and take others off; what stands already stays.

    Raises NotAllowed (also for a label of another institution), NotAllowedNow.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.triage")
    wanted, unwanted = ({label.pk: label for label in labels} for labels in (add, remove))
    if any(
        label.institution_id != conversation.institution_id
        for label in (wanted | unwanted).values()
    ):
        raise NotAllowed(_("This label belongs to another institution."))
    here = set(conversation.labellings.values_list("label_id", flat=True))
    added, removed = sorted(wanted.keys() - here), sorted((unwanted.keys() & here) - wanted.keys())
    if not added and not removed:
        return
    Labelling.objects.bulk_create(Labelling(label_id=pk, conversation=conversation) for pk in added)
    conversation.labellings.filter(label__in=removed).delete()
    # In one order, or two officers who label two conversations wait for each other for ever.
    for pk in sorted([*added, *removed]):
        Label.objects.filter(pk=pk).update(used=F("used") + (1 if pk in added else -1))
    move(conversation, by=by)
    record(
        by=by,
        did="conversation.labelled",
        on=conversation,
        reason=reason,
        added=added,
        removed=removed,
    )
