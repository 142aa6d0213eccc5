"""One step in the life of a variant: checked, changed, recorded, announced. The only place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.selectors import Actor
from balai.publishing import rules
from balai.publishing.events import PostMoved
from balai.publishing.models import Item, Variant

State = Variant.State


class CannotMove(ValidationError):
    """The variant's state does not allow this step; says so to a person."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(
            _("What is “%(before)s” cannot become “%(after)s”. Load the page again.")
            % {"before": State(before).label, "after": State(after).label}
        )


def lock(item: Item | int) -> Item:
    """The item, held until the transaction ends: its variants change one after the other."""
    number = item if isinstance(item, int) else item.pk
    found = Item.objects.select_for_update(of=("self",)).select_related("institution", "unit")
    return found.get(pk=number)


def fresh(variant: Variant) -> Variant:
    """The variant as it stands now, under the lock of its item."""
    item = lock(variant.item_id)
    found = Variant.objects.select_related("account", "revision", "institution").get(pk=variant.pk)
    found.item = item
    return found


def move(
    variant: Variant, after: str, *, by: Actor, did: str, reason: str = "", **changes: Any
) -> Variant:
    """Take a fresh variant to a state. The caller has allowed it. Raises CannotMove."""
    before = variant.state
    if not rules.may_move(before, after):
        raise CannotMove(before, after)
    changes = {"note": "", **changes}
    mine = Variant.objects.filter(pk=variant.pk, state=before).update(state=after, **changes)
    if not mine:
        raise CannotMove(before, after)
    for name, value in {"state": after, **changes}.items():
        setattr(variant, name, value)
    facts: dict[str, Any] = {"variant": variant.pk, "before": before, "after": after}
    if variant.revision_id and variant.revision:
        facts["sha256"] = variant.revision.sha256
    record(by=by, did=did, on=variant.item, reason=reason, **facts)
    announce(
        PostMoved(variant.institution_id, variant.item_id, variant.pk, before, after),
        scope=variant.institution_id,
    )
    return variant
