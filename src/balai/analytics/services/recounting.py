"""Count anew from the rows of the inbox: a repair or a first count, never what a page asks for."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from balai.analytics.models import Contribution, DailyMeasure, Upkeep
from balai.analytics.rules import FORMULA
from balai.analytics.selectors.matters import Named, places_in
from balai.analytics.services.keeping import AT_ONCE, hold, replace
from balai.inbox.models import Conversation
from balai.people.models import Institution


@transaction.atomic
def recompute(institution: Institution, days: Collection[date] | None = None) -> int:
    """Throw away the rollups of these local days (None: of all) and count them from the rows.

    Reads every conversation that began on them, and so takes its time. What was erased since keeps
    the place under which it was counted. Gives how many conversations were counted.
    """
    hold(institution.pk)
    rollups = DailyMeasure.objects.filter(institution_id=institution.pk)
    counted = Contribution.objects.filter(institution_id=institution.pk)
    if days is not None:
        rollups, counted = rollups.filter(on__in=days), counted.filter(on__in=days)
    kept = counted.exclude(place="").values_list("id", "place_from", "place", "place_name")
    places = {pk: Named(since, code, name) for pk, since, code, name in kept}
    ids = sorted({*counted.values_list("id", flat=True), *_began_on(institution, days)})
    rollups.delete()
    counted.delete()
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        known = {pk: places[pk] for pk in some if pk in places}
        replace(institution.pk, some, places_in(some) | known)
    return len(ids)


@transaction.atomic
def walk_some(limit: int = AT_ONCE) -> int:
    """Go on with one institution whose conversations were not all counted by this formula.

    So figures begin for an office that had Balai before it had figures, and follow a new formula.
    Returns how many conversations were looked at, 0 when nothing is left anywhere.
    """
    upkeep = _unfinished()
    if upkeep is None:
        return 0
    if upkeep.formula != FORMULA:
        upkeep.formula, upkeep.walked_to, upkeep.is_complete = FORMULA, 0, False
    here = Conversation.objects.filter(institution_id=upkeep.institution_id)
    following = here.filter(pk__gt=upkeep.walked_to).order_by("pk")
    ids = list(following.values_list("pk", flat=True)[:limit])
    replace(upkeep.institution_id, ids, places_in(ids))
    upkeep.is_complete = len(ids) < limit
    upkeep.walked_to = max(ids, default=upkeep.walked_to)
    upkeep.save()
    if upkeep.is_complete:
        mine = DailyMeasure.objects.filter(institution_id=upkeep.institution_id)
        mine.exclude(formula=FORMULA).update(formula=FORMULA)
    return max(len(ids), 1)


def _unfinished() -> Upkeep | None:
    done = Upkeep.objects.filter(is_complete=True, formula=FORMULA)
    missing = Institution.objects.exclude(pk__in=done.values("pk")).order_by("pk").first()
    return None if missing is None else hold(missing.pk)


def _began_on(institution: Institution, days: Collection[date] | None) -> Iterator[int]:
    began = Conversation.objects.filter(institution=institution)
    if days is not None:
        any_of = Q(pk__in=[])
        for day in days:
            start = datetime.combine(day, time(), ZoneInfo(institution.zone)).astimezone(UTC)
            any_of |= Q(opened_at__gte=start, opened_at__lt=start + timedelta(days=1))
        began = began.filter(any_of)
    yield from began.values_list("pk", flat=True).iterator()
