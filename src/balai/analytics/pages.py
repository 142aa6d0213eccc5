"""What a report shows: figures of the reader's reach, named, linked to their rows, and drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from balai.analytics import rules
from balai.analytics.models import Dimension, Told, Upkeep
from balai.analytics.rules import Counts, Share
from balai.analytics.selectors import (
    Line,
    Period,
    Reader,
    figures,
    open_ages,
    series,
    times_between,
)
from balai.analytics.wording import share_words, time_words
from balai.channels.selectors import all_promises
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.inbox.models import Conversation
from balai.people.models import Member, Unit
from balai.people.selectors import may_somewhere

LONGEST_BY_DAY = 92  # days; a longer course is drawn by weeks
CHART_HEIGHT = 60
# What the queue can filter by: the name of its parameter.
_FILTERS = {Dimension.UNIT.value: "unit", Dimension.CHANNEL.value: "channel"}
_FILTERS[Dimension.INTENT.value] = "intent"


@dataclass(frozen=True)
class Row:
    """One line of the report in words, with the ways to its rows in the queue."""

    name: str
    line: Line
    late_url: str = ""
    backlog_url: str = ""

    @property
    def median(self) -> str:
        return time_words(self.line.times, self.line.times.median)

    @property
    def p90(self) -> str:
        return time_words(self.line.times, self.line.times.p90)

    @property
    def in_time(self) -> "ShareShown":
        return ShareShown(self.line.attainment)

    @property
    def at_once(self) -> "ShareShown":
        return ShareShown(self.line.solved_at_once)

    @property
    def reopened(self) -> "ShareShown":
        return ShareShown(self.line.reopen_rate)


@dataclass(frozen=True)
class ShareShown:
    """A share as the page writes and draws it."""

    share: Share

    @property
    def words(self) -> str:
        return share_words(self.share)

    @property
    def width(self) -> int:
        return round(self.share.percent or 0)


@dataclass(frozen=True)
class Bar:
    """One day, or one week from that day, of the course; drawn and told."""

    on: date
    counts: Counts
    x: int
    height: int
    height_answered: int


def today_of(member: Member) -> date:
    """The present day where the institution is."""
    return now().astimezone(ZoneInfo(member.institution.zone)).date()


def offered_to(reader: Reader) -> list[Dimension]:
    """By what this reader may tell figures apart; everybody has at least their own."""
    if reader.sees_all:
        return [
            Dimension.UNIT,
            Dimension.CHANNEL,
            Dimension.INTENT,
            Dimension.PLACE,
            Dimension.MEMBER,
        ]
    return [Dimension.UNIT, Dimension.MEMBER] if reader.unit_ids else [Dimension.MEMBER]


def report(reader: Reader, dimension: str, period: Period) -> dict[str, Any]:
    """Everything that the page of a report shows."""
    home, at = reader.member.institution, now()
    whole = _whole(reader, period)
    upkeep = Upkeep.objects.filter(institution=home).first()
    return {
        "whole": whole,
        "with_open": _with_open(reader, period) if whole and reader.sees_all else "",
        "rows": rows(reader, dimension, period),
        "course": _course(series(home.pk, Dimension.ALL, "", period)) if whole else [],
        "by_week": period.days > LONGEST_BY_DAY,
        "period": period,
        "dimension": Dimension(dimension),
        "is_counting": upkeep is None or not upkeep.is_complete,
        "formula": rules.FORMULA,
        "enough": rules.ENOUGH,
        "error_percent": round(rules.WORST_ERROR * 100),
        "at": _counted_until(home.pk) or at,
    }


def _counted_until(institution_id: int) -> datetime | None:
    """The first moment of which something is not counted yet; None: all of it is."""
    waiting = Told.objects.filter(institution_id=institution_id).order_by("pk")
    return waiting.values_list("told_at", flat=True).first()


def rows(reader: Reader, dimension: str, period: Period) -> list[Row]:
    """The lines that the reader may see, named."""
    member = reader.member
    keys = _keys(reader, dimension)
    found = figures(member.institution_id, dimension, period, at=now(), keys=keys)
    names = _names(reader, dimension, found.lines)
    linked = may_somewhere(member, "conversation.view", member.institution_id)
    return [
        Row(
            names.get(line.key) or line.label or line.key or _nothing_said(dimension),
            line,
            late_url=_queue(reader, dimension, line.key, "late") if linked else "",
            backlog_url=_queue(reader, dimension, line.key, "open") if linked else "",
        )
        for line in found.lines
    ]


def _whole(reader: Reader, period: Period) -> Row | None:
    if not reader.sees_all:
        return None
    lines = figures(reader.member.institution_id, Dimension.ALL, period, at=now()).lines
    line = lines[0] if lines else Line("", "", Counts(), rules.exact_spread([]))
    linked = may_somewhere(reader.member, "conversation.view", reader.member.institution_id)
    late, open_ = (reverse("inbox:queue") + f"?view={view}" for view in ("late", "open"))
    return Row(_("Everything"), line, late if linked else "", open_ if linked else "")


def _with_open(reader: Reader, period: Period) -> str:
    """The median that counts what waits with its age so far: a lower bound (domain 4.8)."""
    home = reader.member.institution
    ages = open_ages(home.pk, period, calendar_of(home), at=now())
    times = times_between(home.pk, period)
    if ages is None or times is None:
        return ""
    spread = rules.exact_spread([*times, *ages])
    return time_words(spread, spread.median)


def _keys(reader: Reader, dimension: str) -> list[str] | None:
    """The keys that the reader may see; None: all of them."""
    if dimension == Dimension.MEMBER:
        if reader.people.everywhere:
            return None
        mine = Member.objects.filter(
            institution=reader.member.institution_id, unit__in=reader.people.unit_ids
        )
        return [str(pk) for pk in {reader.member.pk, *mine.values_list("pk", flat=True)}]
    if reader.sees_all:
        return None
    return [str(pk) for pk in reader.unit_ids] if dimension == Dimension.UNIT else []


def _names(reader: Reader, dimension: str, lines: Sequence[Line]) -> dict[str, str]:
    home = reader.member.institution_id
    match dimension:
        case Dimension.UNIT:
            return _by_id(Unit.objects.filter(institution=home).values_list("pk", "name"))
        case Dimension.MEMBER:
            ids = [int(line.key) for line in lines if line.key]
            people = Member.objects.filter(institution=home, pk__in=ids)
            return _by_id(people.values_list("pk", "name"))
        case Dimension.CHANNEL:
            return {one.slug: str(one.label) for one in all_promises()}
        case Dimension.INTENT:
            return {code: str(words) for code, words in Conversation.Intent.choices}
    return {}


def _by_id(pairs: Iterable[tuple[int, str]]) -> dict[str, str]:
    return {str(pk): name for pk, name in pairs}


def _nothing_said(dimension: str) -> str:
    match dimension:
        case Dimension.UNIT:
            return _("No unit")
        case Dimension.MEMBER:
            return _("Nobody")
    return _("Not said")


def _queue(reader: Reader, dimension: str, key: str, view: str) -> str:
    """Where the queue shows these rows; empty where it cannot filter so."""
    if dimension == Dimension.MEMBER and key == str(reader.member.pk) and view == "open":
        return f"{reverse('inbox:queue')}?view=mine"
    name = _FILTERS.get(dimension)
    if not name or not key:
        return ""
    return f"{reverse('inbox:queue')}?{urlencode({'view': view, name: key})}"


def _course(days: Sequence[tuple[date, Counts]]) -> list[Bar]:
    """The bars of the course, each as high as its part of the highest."""
    if len(days) > LONGEST_BY_DAY:
        days = _weeks(days)
    most = max((counts.taken_in for _on, counts in days), default=0) or 1
    return [
        Bar(
            on,
            counts,
            place * 10,
            round(CHART_HEIGHT * counts.taken_in / most),
            round(CHART_HEIGHT * min(counts.answered, counts.taken_in) / most),
        )
        for place, (on, counts) in enumerate(days)
    ]


def _weeks(days: Sequence[tuple[date, Counts]]) -> list[tuple[date, Counts]]:
    weeks: dict[date, Counts] = {}
    for on, counts in days:
        monday = on - timedelta(days=on.weekday())
        weeks[monday] = weeks.get(monday, Counts()) + counts
    return sorted(weeks.items())
