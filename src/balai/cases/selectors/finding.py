"""Where a case probably belongs, and whether it was reported before: proposals with reasons."""

from collections import Counter
from typing import NamedTuple

from balai.cases.models import Case
from balai.cases.rules import life
from balai.cases.rules.routing import Proposal, Signs, propose
from balai.cases.selectors.lists import readable
from balai.inbox.selectors import last_word_of_citizen
from balai.library.selectors import nearest
from balai.people.models import Member, Unit

PAST = 300  # cases of which the units are counted
ALIKE = 12
MOST_SIMILAR = 5


class Similar(NamedTuple):
    """A case that may be about the same matter."""

    case: Case
    same_place: bool


def proposals(case: Case) -> list[tuple[Unit, Proposal]]:
    """The units to which a case probably belongs, best first, with what speaks for each."""
    units = {unit.pk: unit for unit in case.institution.units.filter(dissolved_on=None)}
    past = list(
        Case.objects.filter(institution=case.institution_id, unit__in=units)
        .exclude(pk=case.pk)
        .order_by("-pk")
        .values_list("unit_id", "title", "category", "area_code")[:PAST]
    )
    alike = nearest(case.title, [title for _unit, title, _c, _a in past], limit=ALIKE)
    last = case.said_not_ours.order_by("-pk").first()
    signs = Signs(
        suggested=last.suggested_id if last and last.suggested_id in units else None,
        given=_given(case, units),
        hint=_hint(case, units),
        category=Counter(u for u, _t, c, _a in past if c and c == case.category),
        alike=Counter(past[place][0] for place in alike),
        area=Counter(u for u, _t, _c, a in past if a and a == case.area_code),
        returned=frozenset(returned_by(case)),
    )
    return [(units[one.unit_id], one) for one in propose(signs) if one.unit_id in units]


def returned_by(case: Case) -> list[int]:
    """The units that said that this case is not their own."""
    return list(case.said_not_ours.values_list("unit_id", flat=True))


def similar(case_id: int | None, title: str, area_code: str, member: Member) -> list[Similar]:
    """Cases that a member may read, are not over, and sound alike; those of one place first."""
    found = list(
        readable(member)
        .exclude(state__in=life.ENDED)
        .exclude(pk=case_id or 0)
        .select_related("unit")
        .order_by("-pk")[:PAST]
    )
    places = nearest(title, [f"{one.title} {one.place}" for one in found], limit=MOST_SIMILAR)
    alike = [Similar(found[n], bool(area_code) and found[n].area_code == area_code) for n in places]
    return sorted(alike, key=lambda one: not one.same_place)


def _given(case: Case, units: dict[int, Unit]) -> int | None:
    """The unit to which somebody gave the conversation before it became a case."""
    voice = case.voices.select_related("conversation").order_by("pk").first()
    given = voice.conversation.unit_id if voice and case.unit_id is None else None
    return given if given in units else None


def _hint(case: Case, units: dict[int, Unit]) -> int | None:
    """The unit that the reading of the citizen's words names."""
    voice = case.voices.select_related("conversation").order_by("pk").first()
    if voice is None:
        return None
    reading = last_word_of_citizen(voice.conversation).reading or {}
    hint = str((reading.get("topic") or {}).get("unit_hint") or "").casefold()
    return next((pk for pk, unit in units.items() if hint and unit.name.casefold() == hint), None)
