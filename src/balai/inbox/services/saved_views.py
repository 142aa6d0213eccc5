"""Ways to look at the queue that a member keeps, for themselves or for others."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.events import DeskArranged
from balai.inbox.models import FirstView, QueueOrder, SavedView
from balai.inbox.selectors import views_of
from balai.people.models import Member
from balai.people.services import NotAllowed, allow

MOST_VIEWS = 20  # of one member: they stand as tabs above the queue


@transaction.atomic
def save_view(
    *, by: Member, name: str, filters: Mapping[str, str], audience: str = "me", first: bool = False
) -> SavedView:
    """Keep a way to look at the queue; `first`: the member's inbox opens with it.

    Sharing it takes the right to arrange the desk. Raises NotAllowed, ValidationError.
    """
    allow(by, "conversation.view", by.institution_id, unit=by.unit_id, owner=by)
    if audience != SavedView.Audience.ME:
        allow(by, "desk.arrange", by.institution_id)
    mine = SavedView.objects.filter(owner=by)
    if mine.count() >= MOST_VIEWS:
        raise ValidationError(
            _("You keep %(n)d views already; take one away first.") % {"n": MOST_VIEWS}
        )
    view = SavedView(
        institution_id=by.institution_id,
        owner=by,
        name=name,
        filters=dict(filters),
        audience=audience,
        unit_id=by.unit_id if audience == SavedView.Audience.UNIT else None,
        place=(mine.aggregate(last=Max("place"))["last"] or 0) + 1,
    )
    view.full_clean()
    view.save()
    if first:
        FirstView.objects.update_or_create(member=by, defaults={"view": view})
    record(by=by, did="view.saved", on=view, audience=audience)
    announce(DeskArranged(by.institution_id), scope=by.institution_id)
    return view


@transaction.atomic
def drop_view(view: SavedView, *, by: Member) -> None:
    """Take it away, for everybody who saw it: the owner, or who arranges the desk when shared."""
    _allow_on(view, by)
    record(by=by, did="view.dropped", on=view)
    view.delete()
    announce(DeskArranged(by.institution_id), scope=by.institution_id)


@transaction.atomic
def begin_with(view: SavedView | None, *, by: Member) -> None:
    """Let the member's inbox open with this view (None: with what waits for an answer)."""
    if view is None:
        FirstView.objects.filter(member=by).delete()
    elif not views_of(by).filter(pk=view.pk).exists():
        raise NotAllowed(_("This view was not shared with you."))
    else:
        FirstView.objects.update_or_create(member=by, defaults={"view": view})
    record(by=by, did="view.begun_with", on=view)
    announce(DeskArranged(by.institution_id), scope=by.institution_id)


@transaction.atomic
def move_view_up(view: SavedView, *, by: Member) -> None:
    """Let it stand one place earlier among its owner's views."""
    _allow_on(view, by)
    order = list(SavedView.objects.filter(owner=view.owner_id).order_by("place", "id"))
    here = order.index(view)
    order.insert(max(0, here - 1), order.pop(here))
    for place, one in enumerate(order):
        one.place = place
    SavedView.objects.bulk_update(order, ["place"])
    record(by=by, did="view.moved", on=view)
    announce(DeskArranged(by.institution_id), scope=by.institution_id)


def _allow_on(view: SavedView, by: Member) -> None:
    if view.owner_id == by.pk:
        return
    if view.audience == SavedView.Audience.ME:
        raise NotAllowed(_("This view is somebody else's."))
    allow(by, "desk.arrange", view.institution_id)


@transaction.atomic
def order_queue(*, by: Member, order: str, for_all: bool = False) -> None:
    """In which order "to answer" opens from now on: the member's own choice, or (`for_all`) the
    office's, for everybody who chose none. Raises NotAllowed, ValidationError."""
    allow(by, "conversation.view", by.institution_id, unit=by.unit_id, owner=by)
    if for_all:
        allow(by, "desk.arrange", by.institution_id)
    if order not in QueueOrder.Order.values:
        raise ValidationError(_("There is no such order."))
    whose = None if for_all else by
    chosen, _made = QueueOrder.objects.update_or_create(
        institution_id=by.institution_id, member=whose, defaults={"order": order}
    )
    record(by=by, did="queue.ordered", on=chosen, order=order, for_all=for_all)
    announce(DeskArranged(by.institution_id), scope=by.institution_id)
