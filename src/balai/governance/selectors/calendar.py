"""The calendar of an institution, ready for the working-day engine."""

from datetime import date, datetime
from functools import lru_cache

import holidays
from django.db.models import Count, Max

from balai.governance.models import Holiday, ServiceWindow
from balai.governance.rules import OFFICE_HOURS, Calendar, DayOff, Window
from balai.ground.clock import now
from balai.people.models import Institution

FIRST_YEAR = 2015  # as far back as imported conversations are measured
YEARS_AHEAD = 3

Version = tuple[object, ...]
_kept: dict[int, tuple[Version, Calendar]] = {}


def calendar_of(institution: Institution) -> Calendar:
    """When the institution works: national days off, its own decrees, its hours of service.

    Kept in the process; two small queries see whether a decree was entered or withdrawn since.
    """
    version = _version_of(institution)
    kept = _kept.get(institution.pk)
    if kept is not None and kept[0] == version:
        return kept[1]
    calendar = Calendar(
        zone=institution.zone,
        days_off=_days_off(institution),
        windows=_windows(institution),
        first_year=FIRST_YEAR,
        last_year=now().year + YEARS_AHEAD,
    )
    _kept[institution.pk] = (version, calendar)
    return calendar


@lru_cache(maxsize=8)
def national_days_off(first_year: int, last_year: int) -> dict[date, DayOff]:
    """Public holidays and collective leave as the package `holidays` has them.

    Islamic dates of coming years are estimates until the joint decree; `enter_holiday` mends them.
    """
    years = range(first_year, last_year + 1)
    leave = holidays.country_holidays("ID", years=years, categories=("government",))
    public = holidays.country_holidays("ID", years=years, categories=("public",))
    return dict.fromkeys(leave, DayOff.COLLECTIVE_LEAVE) | dict.fromkeys(public, DayOff.PUBLIC)


def load_national_days_off() -> None:
    """Work out the years that every calendar needs: some seconds of a slow machine, once."""
    national_days_off(FIRST_YEAR, now().year + YEARS_AHEAD)


def _version_of(institution: Institution) -> Version:
    days = Holiday.objects.filter(institution=institution)
    hours = ServiceWindow.objects.filter(institution=institution)
    return (
        institution.zone,
        now().year,
        *days.aggregate(Count("id"), Max("entered_at"), Max("withdrawn_at")).values(),
        *hours.aggregate(Count("id"), Max("entered_at")).values(),
    )


def _days_off(institution: Institution) -> dict[date, DayOff]:
    days = dict(national_days_off(FIRST_YEAR, now().year + YEARS_AHEAD))
    decrees = Holiday.objects.filter(institution=institution, withdrawn_at=None).order_by("id")
    for on, kind in decrees.values_list("on", "kind"):
        if kind == Holiday.Kind.WORKING_AFTER_ALL:
            days.pop(on, None)
        else:
            days[on] = DayOff(kind)
    return days


def _windows(institution: Institution) -> tuple[Window, ...]:
    """The office hours that hold anyway, and every decision since, in order."""
    decided: list[Window] = []
    numbers: dict[datetime, int] = {}
    for row in ServiceWindow.objects.filter(institution=institution).order_by("entered_at", "id"):
        number = numbers.setdefault(row.entered_at, len(numbers) + 1)
        decided.append(
            Window(row.weekday, row.opens, row.closes, row.from_on, row.until_on, number)
        )
    return (*OFFICE_HOURS, *decided)
