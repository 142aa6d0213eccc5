"""What the pages of governance show, gathered and put into words."""

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balai.governance import wording
from balai.governance.models import AuditEntry, Holiday, LocalTarget, ServiceWindow
from balai.governance.rules import BeyondCalendar, Target
from balai.governance.rules.calendar import ZONES
from balai.governance.rules.targets import target_on
from balai.governance.selectors import calendar_of, entries_in, packs, targets_of
from balai.ground.clock import now
from balai.people.models import Institution, Member

ONE_PAGE = 50
FIRST_YEAR, YEARS_AHEAD = 2015, 3


@dataclass(frozen=True)
class DayRow:
    """One day of the year's list, where it comes from, and whether it holds."""

    on: date
    name: str
    kind: str
    source: str
    holiday: Holiday | None = None
    is_overruled: bool = False


def year_asked(text: str) -> int:
    """The year of the page; this year where nothing sensible was asked."""
    this_year = now().year
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return min(max(year, FIRST_YEAR), this_year + YEARS_AHEAD)


def calendar_page(institution: Institution, year: int) -> dict[str, Any]:
    """The days off of a year with their source, this week's hours, and what was decided."""
    today = _today(institution)
    return {
        "year": year,
        "years": {"before": year - 1 if year > FIRST_YEAR else None, "after": _next_year(year)},
        "days": days_off(institution, year),
        "package": f"holidays {version('holidays')}",
        "week": week_of(institution, today),
        "decisions": decisions(institution),
        "is_future": year > today.year,
        "today": today,
    }


def days_off(institution: Institution, year: int) -> list[DayRow]:
    """National days and the institution's own decrees, by date."""
    own = Holiday.objects.filter(institution=institution, on__year=year, withdrawn_at=None)
    decrees = {row.on: row for row in own}
    rows = [
        DayRow(on, name, kind, _("National list"), is_overruled=on in decrees)
        for on, (name, kind) in _national(year).items()
    ]
    rows += [DayRow(row.on, row.name, row.get_kind_display(), row.decree, row) for row in own]
    return sorted(rows, key=lambda row: (row.on, row.holiday is not None))


def week_of(institution: Institution, day: date) -> list[dict[str, Any]]:
    """Monday to Sunday of the week of `day`: the hours that hold on each day."""
    calendar = calendar_of(institution)
    monday = day - timedelta(days=day.weekday())
    week = []
    for n, name in enumerate(wording.WEEKDAYS):
        on = monday + timedelta(days=n)
        try:
            hours = calendar.hours_on(on)
        except BeyondCalendar:
            hours = []
        week.append({"name": name, "on": on, "hours": hours, "is_today": on == day})
    return week


def hours_now(institution: Institution) -> dict[str, Any]:
    """This week's hours as the beginning of the form."""
    begin: dict[str, Any] = {}
    week = week_of(institution, _today(institution) + timedelta(days=7))
    for n, day in enumerate(week):
        if day["hours"]:
            begin[f"opens_{n}"], begin[f"closes_{n}"] = day["hours"][0][0], day["hours"][-1][1]
    return begin


def decisions(institution: Institution) -> list[list[ServiceWindow]]:
    """Every decision on hours of service, the newest first; each a list of its windows."""
    together: dict[Any, list[ServiceWindow]] = {}
    windows = ServiceWindow.objects.filter(institution=institution)
    for window in windows.order_by("-entered_at", "weekday", "opens"):
        window.weekday_name = wording.WEEKDAYS[window.weekday]  # type: ignore[attr-defined]
        together.setdefault(window.entered_at, []).append(window)
    return list(together.values())


def targets_page(institution: Institution) -> dict[str, Any]:
    """Every pack in force with its targets, our own ones beside them."""
    today = _today(institution)
    held = {target.clock: target for target in targets_of(institution, today)}
    coming = LocalTarget.objects.filter(institution=institution, since_on__gt=today)
    in_force = [pack for pack in packs() if pack.is_in_force(today)]
    return {
        "packs": [
            {
                "pack": pack,
                "rows": [_target_row(one, held[one.clock]) for one in pack.targets.values()],
            }
            for pack in in_force
        ],
        "coming": [{"row": row, "name": wording.clock(row.clock)} for row in coming],
        "marks": wording.MARKS,
    }


def pack_target(clock: str, institution: Institution) -> Target:
    """What the pack says of a clock today. Raises NoTarget."""
    return target_on(packs(), clock, _today(institution))


def audit_page(
    institution: Institution, *, kind: str = "", number: str = "", before: int | None = None
) -> dict[str, Any]:
    """A page of the audit log, newest first; the next one begins before the last number shown."""
    entries = entries_in(institution)
    if kind:
        entries = entries.filter(object_kind=kind)
    if number:
        entries = entries.filter(object_id=number)
    if before:
        entries = entries.filter(number__lt=before)
    shown = list(entries[: ONE_PAGE + 1])
    names = _names(shown)
    return {
        "entries": [_entry_row(entry, names) for entry in shown[:ONE_PAGE]],
        "older": shown[ONE_PAGE - 1].number if len(shown) > ONE_PAGE else None,
        "kind": kind,
        "number": number,
        "before": before,
    }


def _entry_row(entry: AuditEntry, names: dict[str, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "actor": names.get(entry.actor, entry.actor),
        "acting_for": names.get(entry.acting_for, entry.acting_for),
        "kind": wording.kind(entry.object_kind),
        "facts": sorted(entry.facts.items()),
    }


def _names(entries: list[AuditEntry]) -> dict[str, str]:
    """Names of the members who acted. The log itself keeps numbers only."""
    actors = {who for entry in entries for who in (entry.actor, entry.acting_for)}
    ids = [int(who[7:]) for who in actors if who.startswith("member:") and who[7:].isdigit()]
    found = Member.objects.filter(pk__in=ids).values_list("pk", "name")
    words = {
        "operator": _("the operator"),
        "system": _("the system"),
        "desk": _("the desk by itself"),
        "rule": _("a rule of the desk"),
    }
    return words | {f"member:{pk}": name for pk, name in found}


def _target_row(own: Target, held: Target) -> dict[str, Any]:
    return {
        "target": own,
        "name": wording.clock(own.clock),
        "limit": wording.limit_of(own),
        "mark": wording.MARKS[own.mark],
        "held": wording.limit_of(held) if held.is_local else "",
        "decree": held.citation if held.is_local else "",
    }


def _national(year: int) -> dict[date, tuple[str, str]]:
    language = "id" if get_language() == "id" else "en_US"
    found: dict[date, tuple[str, str]] = {}
    kinds = (("government", Holiday.Kind.COLLECTIVE_LEAVE), ("public", Holiday.Kind.PUBLIC))
    for category, kind in kinds:
        listed = holidays.country_holidays(
            "ID", years=year, categories=(category,), language=language
        )
        found |= {on: (name, str(kind.label)) for on, name in listed.items()}
    return found


def _next_year(year: int) -> int | None:
    return year + 1 if year < now().year + YEARS_AHEAD else None


def _today(institution: Institution) -> date:
    return now().astimezone(ZONES[institution.zone]).date()
