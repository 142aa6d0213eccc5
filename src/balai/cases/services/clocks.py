"""The clocks of a case: begun by a rule pack, stopped and gone on with, told when they run out."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from balai.cases.events import DeadlineMissed
from balai.cases.models import Case, Clock, ClockWalk, EscalationNotice
from balai.cases.rules import clocks as rules
from balai.governance.selectors import (
    Calendar,
    Measure,
    Pause,
    Target,
    calendar_of,
    packs,
    target,
)
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.selectors import SYSTEM

Ending = Clock.Ending


def begin(case: Case, kind: str, *, started: datetime, at: datetime) -> Clock:
    """Start a clock by the rule in force on the day on which it starts."""
    calendar = calendar_of(case.institution)
    on = calendar.received_day(started)
    rule = target(case.institution, rules.pack_clock(kind, case.scrutiny), on)
    due_at = rules.due(calendar, started, rule, _pauses(case), at=at, kind=kind)
    return _write(case, kind, started, due_at, rule, _pack_of(rule.clock, on), calendar)


def go_on(case: Case, kind: str, *, at: datetime) -> Clock:
    """Let a clock that stopped go on with the time that it had left, three working days at
    least (domain 4.6). Raises Clock.DoesNotExist when none of this kind ever ran."""
    last = case.clocks.filter(kind=kind).order_by("-pk")[0]
    assert last.ended_at is not None
    calendar = calendar_of(case.institution)
    left = rules.minutes_left(calendar, last.due_at, last.ended_at)
    due_at = rules.due_again(calendar, at, left)
    again = Clock(
        case=case,
        kind=kind,
        started_at=at,
        due_at=due_at,
        minutes_left=left,
        pack=last.pack,
        pack_clock=last.pack_clock,
        limit=last.limit,
        unit=last.unit,
        citation=last.citation,
        mark=last.mark,
        is_local=last.is_local,
        next_mark_at=_first_mark(calendar, kind, at, due_at),
    )
    again.save()
    return again


def end(case: Case, *kinds: str, ending: str = Ending.DONE) -> None:
    """End the running clocks of these kinds."""
    case.clocks.filter(kind__in=kinds, ended_at=None).update(
        ended_at=now(), ending=ending, next_mark_at=None
    )


def end_all(case: Case, *, ending: str = Ending.STOPPED) -> None:
    """The case is over: nothing runs any more."""
    end(case, *Clock.Kind.values, ending=ending)


def nearest_due(case: Case) -> datetime:
    """The nearest deadline of a running clock; the last one when nothing runs."""
    found = case.clocks.filter(ended_at=None).aggregate(at=Min("due_at"))["at"]
    return found or case.due_at


def take_earliest(master: Case, earliest: datetime) -> None:
    """A master that takes over an older report inherits when that was received (domain 4.6)."""
    if earliest >= master.received_at:
        return
    master.received_at = earliest
    calendar, pauses = calendar_of(master.institution), _pauses(master)
    kinds = (rules.VERIFICATION, rules.RESOLUTION)
    for clock in master.clocks.filter(ended_at=None, minutes_left=None, kind__in=kinds):
        computed = rules.due(
            calendar, earliest, _target_of(clock), pauses, at=now(), kind=clock.kind
        )
        clock.started_at = earliest
        clock.due_at = rules.due_after_merge(clock.due_at, computed)
        clock.next_mark_at = rules.next_mark(calendar, earliest, clock.due_at, clock.told)
        clock.save(update_fields=["started_at", "due_at", "next_mark_at"])


def follow_calendar(institution_id: int) -> None:
    """The calendar or a target changed: every running clock is to be looked at, from the first."""
    ClockWalk.objects.update_or_create(institution_id=institution_id, defaults={"clock_id": 0})


@transaction.atomic
def recompute_some_clocks(limit: int = 200) -> int:
    """Go on with one walk over running clocks; returns how many were looked at.

    A deadline follows the calendar, but is never shortened; both values are recorded (domain 4.6).
    """
    walk = (
        ClockWalk.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("institution")
        .order_by("pk")
        .first()
    )
    if walk is None:
        return 0
    running = list(
        Clock.objects.select_for_update(of=("self",))
        .filter(case__institution=walk.institution, ended_at=None, pk__gt=walk.clock_id)
        .select_related("case")
        .order_by("pk")[:limit]
    )
    calendar = calendar_of(walk.institution)
    for clock in running:
        _recompute(clock, calendar)
    if len(running) < limit:
        walk.delete()
    else:
        walk.clock_id = running[-1].pk
        walk.save(update_fields=["clock_id"])
    return len(running)


def escalate_some(limit: int = 200) -> int:
    """Tell whoever is next about clocks of which a further mark has passed; returns how many.

    Each clock is claimed by moving its next mark, so that two workers tell it once.
    """
    moment = now()
    late = (
        Clock.objects.filter(ended_at=None, next_mark_at__lte=moment)
        .select_related("case__institution")
        .order_by("next_mark_at")[:limit]
    )
    calendars: dict[int, Calendar] = {}
    told = 0
    for clock in list(late):
        owner = clock.case.institution
        if owner.pk not in calendars:
            calendars[owner.pk] = calendar_of(owner)
        told += _escalate(clock, calendars[owner.pk], moment)
    return told


@transaction.atomic
def _escalate(clock: Clock, calendar: Calendar, moment: datetime) -> int:
    passed = rules.marks_passed(calendar, clock.started_at, clock.due_at, clock.told, moment)
    highest = max(passed, default=clock.told)
    coming = rules.next_mark(calendar, clock.started_at, clock.due_at, highest)
    claimed = Clock.objects.filter(
        pk=clock.pk, ended_at=None, next_mark_at=clock.next_mark_at, told=clock.told
    ).update(told=highest, next_mark_at=coming)
    if not claimed or not passed:
        return 0
    EscalationNotice.objects.bulk_create(
        [
            EscalationNotice(
                institution_id=clock.case.institution_id,
                case=clock.case,
                clock=clock,
                mark=mark,
                audience=rules.TOLD[mark],
                at=moment,
            )
            for mark in passed
        ]
    )
    Case.objects.filter(pk=clock.case_id, escalated__lt=highest).update(escalated=highest)
    record(by=SYSTEM, did="case.escalated", on=clock.case, clock=clock.kind, mark=highest)
    if clock.told < 100 <= highest:
        case = clock.case
        announce(
            DeadlineMissed(case.institution_id, case.pk, case.unit_id, clock.kind),
            scope=case.institution_id,
        )
    return 1


def _recompute(clock: Clock, calendar: Calendar) -> None:
    if clock.minutes_left is not None:
        computed = rules.due_again(calendar, clock.started_at, clock.minutes_left)
    else:
        computed = rules.due(
            calendar,
            clock.started_at,
            _target_of(clock),
            _pauses(clock.case),
            at=now(),
            kind=clock.kind,
        )
    if computed == clock.due_at:
        return
    before, kept = clock.due_at, rules.keep(clock.due_at, computed)
    record(
        by=SYSTEM,
        did="case.due_recomputed",
        on=clock.case,
        clock=clock.kind,
        before=before.isoformat(),
        computed=computed.isoformat(),
        after=kept.isoformat(),
    )
    if kept != before:
        clock.due_at = kept
        if clock.kind in rules.ESCALATES:
            clock.next_mark_at = rules.next_mark(calendar, clock.started_at, kept, clock.told)
        clock.save(update_fields=["due_at", "next_mark_at"])
        Case.objects.filter(pk=clock.case_id).update(due_at=nearest_due(clock.case))


def _write(
    case: Case,
    kind: str,
    started: datetime,
    due_at: datetime,
    rule: Target,
    pack: str,
    calendar: Calendar,
) -> Clock:
    return Clock.objects.create(
        case=case,
        kind=kind,
        started_at=started,
        due_at=due_at,
        pack=pack,
        pack_clock=rule.clock,
        limit=rule.limit,
        unit=rule.unit,
        citation=rule.citation,
        mark=rule.mark,
        is_local=rule.is_local,
        next_mark_at=_first_mark(calendar, kind, started, due_at),
    )


def _first_mark(
    calendar: Calendar, kind: str, started: datetime, due_at: datetime
) -> datetime | None:
    return rules.next_mark(calendar, started, due_at, 0) if kind in rules.ESCALATES else None


def _pauses(case: Case) -> list[Pause]:
    return [Pause(since, until) for since, until in _standstills(case)]


def _standstills(case: Case) -> Iterable[tuple[datetime, datetime | None]]:
    return case.standstills.order_by("since").values_list("since", "until")


def _target_of(clock: Clock) -> Target:
    """The rule as it was when the clock began: later rules do not bend it."""
    return Target(
        clock.pack_clock,
        clock.limit,
        Measure(clock.unit),
        clock.mark,
        clock.citation,
        clock.is_local,
    )


def _pack_of(clock: str, on: date) -> str:
    defining = [pack for pack in packs() if clock in pack.targets and pack.is_in_force(on)]
    pack = max(defining, key=lambda one: (one.effective_from, one.version))
    return f"{pack.instrument} {pack.version}"
