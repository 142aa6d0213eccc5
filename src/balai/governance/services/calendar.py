"""Decide days off and hours of service. Rows are added and withdrawn, never overwritten."""

from collections.abc import Sequence
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.governance.events import CalendarChanged
from balai.governance.models import Holiday, ServiceWindow
from balai.governance.services.ledger import record
from balai.ground.clock import now
from balai.ground.services import announce
from balai.people.models import Institution
from balai.people.selectors import Actor
from balai.people.services import allow


@transaction.atomic
def enter_holiday(
    *, institution: Institution, on: date, kind: str, name: str, decree: str, by: Actor
) -> Holiday:
    """Add a day off (or take one of the national list out) by a decree.

    Raises ValidationError where another decree on that day is in force or the decree is missing.
    """
    allow(by, "calendar.edit", institution)
    if not decree.strip():
        raise ValidationError(_("A day off needs the decree that decided it: number and date."))
    Institution.objects.select_for_update().get(pk=institution.pk)
    in_force = Holiday.objects.filter(institution=institution, on=on, withdrawn_at=None)
    if in_force.exists():
        raise ValidationError(
            _("Another decree on %(on)s is in force; withdraw it first.") % {"on": on}
        )
    holiday = Holiday.objects.create(
        institution=institution, on=on, kind=kind, name=name, decree=decree
    )
    record(by=by, did="holiday.entered", on=holiday, date=on.isoformat(), kind=kind, decree=decree)
    announce(CalendarChanged(institution_id=institution.pk), scope=institution.pk)
    return holiday


@transaction.atomic
def withdraw_holiday(*, holiday: Holiday, by: Actor, reason: str) -> Holiday:
    """Take a decree back; the row stays. Does nothing when it was withdrawn before."""
    allow(by, "calendar.edit", holiday.institution_id)
    moment = now()
    live = Holiday.objects.filter(pk=holiday.pk, withdrawn_at=None)
    if live.update(withdrawn_at=moment):
        holiday.withdrawn_at = moment
        record(by=by, did="holiday.withdrawn", on=holiday, reason=reason)
        announce(
            CalendarChanged(institution_id=holiday.institution_id), scope=holiday.institution_id
        )
    return holiday


@transaction.atomic
def set_service_hours(
    *,
    institution: Institution,
    hours: Sequence[tuple[int, time, time]],
    by: Actor,
    from_on: date | None = None,
    until_on: date | None = None,
    decree: str = "",
) -> list[ServiceWindow]:
    """Decide all hours of service of a week: weekday (0 is Monday), opening, closing.

    From `from_on` until `until_on` they replace every earlier decision; weekdays that are not
    named are closed. Hours with an end (Ramadan) go before open-ended ones. Raises ValidationError.
    """
    allow(by, "calendar.edit", institution)
    if not hours:
        raise ValidationError(_("Name at least one weekday with its hours."))
    if from_on and until_on and until_on < from_on:
        raise ValidationError(_("The last day lies before the first one."))
    moment = now()
    windows = [
        ServiceWindow(
            institution=institution,
            weekday=weekday,
            opens=opens,
            closes=closes,
            from_on=from_on,
            until_on=until_on,
            decree=decree,
            entered_at=moment,
        )
        for weekday, opens, closes in hours
    ]
    for window in windows:
        window.full_clean(exclude=["institution"])
    ServiceWindow.objects.bulk_create(windows)
    record(
        by=by,
        did="service_hours.set",
        on=institution,
        hours=[[weekday, f"{opens:%H:%M}", f"{closes:%H:%M}"] for weekday, opens, closes in hours],
        from_on=from_on and from_on.isoformat(),
        until_on=until_on and until_on.isoformat(),
        decree=decree,
    )
    announce(CalendarChanged(institution_id=institution.pk), scope=institution.pk)
    return windows
