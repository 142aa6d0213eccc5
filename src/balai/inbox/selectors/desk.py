"""How an office arranged its desk: labels, and the views that members keep and share."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from balai.channels.models import Connection
from balai.inbox.models import FirstView, Label, Labelling, SavedView
from balai.people.models import Institution, Member, Unit


class Tag(NamedTuple):
    """A label as a row shows it."""

    name: str
    colour: str


def labels_in_use(institution: Institution | int) -> QuerySet[Label]:
    """The labels that are offered, by name."""
    pk = institution if isinstance(institution, int) else institution.pk
    return Label.objects.filter(institution_id=pk, retired_at=None).order_by("name", "id")


def tags_of(conversation_ids: Sequence[int]) -> dict[int, tuple[Tag, ...]]:
    """What stands on each of these conversations, by name; also labels that were retired."""
    found: dict[int, tuple[Tag, ...]] = {}
    rows = Labelling.objects.filter(conversation__in=conversation_ids).order_by("label__name")
    for pk, name, colour in rows.values_list("conversation_id", "label__name", "label__colour"):
        found[pk] = (*found.get(pk, ()), Tag(name, colour))
    return found


def views_of(member: Member) -> QuerySet[SavedView]:
    """The member's own views in their order, then those shared with the member's unit or all.

    `is_first`: the member's inbox opens with it.
    """
    shared = Q(audience=SavedView.Audience.ALL)
    if member.unit_id is not None:
        shared |= Q(audience=SavedView.Audience.UNIT, unit_id=member.unit_id)
    first = FirstView.objects.filter(member=member, view=OuterRef("pk"))
    here = SavedView.objects.filter(institution_id=member.institution_id)
    found = here.filter(Q(owner=member) | shared)
    return found.annotate(
        is_first=Exists(first), is_others=ExpressionWrapper(~Q(owner=member), BooleanField())
    ).order_by("is_others", "place", "id")


def filter_choices(institution: Institution) -> dict[str, list[tuple[str, str]]]:
    """What the queue can be filtered by here: code and name of channels, units, labels. One query.

    A channel is named by its code; what it is called is the screen's business.
    """
    channels = Connection.objects.filter(institution=institution)
    units = Unit.objects.filter(institution=institution, dissolved_on=None)
    offered = {
        "channel": _offered("channel", channels.order_by(), "channel", "channel").distinct(),
        "unit": _offered("unit", units.order_by(), "pk", "name"),
        "label": _offered("label", labels_in_use(institution).order_by(), "pk", "name"),
    }
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in offered}
    first, *others = offered.values()
    for what, code, name in first.union(*others, all=True):
        found[what].append((code, name))
    return {what: sorted(choices, key=lambda c: c[1].casefold()) for what, choices in found.items()}


def _offered(what: str, rows: QuerySet[Any], code: str, name: str) -> QuerySet[Any, Any]:
    """One part of a union: what it is, its code, its name."""
    named = rows.annotate(
        offered=Value(what, output_field=CharField()),
        chosen_by=Cast(code, CharField()),
        called=F(name),
    )
    part: QuerySet[Any, Any] = named.values_list("offered", "chosen_by", "called")
    return part
