"""The first page that a leader sees, and the page of one measure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from balai.governance.selectors import Instrument
from balai.ground.charts import Bar, Point, bar_chart, line_chart
from balai.ground.clock import now
from balai.people.models import Institution, Member, Role
from balai.readiness.rules.figures import FORMULA, Figure, Status, two_places
from balai.readiness.rules.stoc import LETTERS, Measure, Pillar, levers
from balai.readiness.selectors import (
    Reckoned,
    formula_on,
    latest,
    monthly,
    owners_of,
    rows,
    scorecard,
    scorecard_on,
    window_on,
)
from balai.readiness.wording import (
    REASONS,
    STAGES,
    cases,
    in_language,
    percent,
    points,
    value_words,
)

MOST_ROWS = 50
LEVERS_SHOWN = 3
LOW = Fraction(40)  # what scores less is called falling short [D], as the stages of domain 3.5


@dataclass(frozen=True)
class Line:
    """One measure on the page."""

    measure: Measure
    name: str
    formula: str
    figure: Figure
    score: Fraction | None
    owner: str
    people: Sequence[Member] = field(default_factory=list)

    @property
    def value(self) -> str:
        return value_words(self.measure, self.figure)

    @property
    def cases(self) -> str:
        return cases(self.figure)

    @property
    def points(self) -> str:
        return points(self.score)

    @property
    def width(self) -> int:
        return round(self.score or 0)

    @property
    def why_not(self) -> str:
        return str(REASONS.get(self.figure.reason, self.figure.reason))

    @property
    def is_low(self) -> bool:
        return self.score is not None and self.score < LOW


@dataclass(frozen=True)
class Letter:
    """One letter on the page, and how it stood the month before."""

    letter: str
    name: str
    pillar: Pillar
    known: int
    of: int
    before: Pillar | None

    @property
    def points(self) -> str:
        return points(self.pillar.value) if self.pillar.is_told else ""

    @property
    def partly(self) -> str:
        """What the known part comes to, where the letter itself is not told."""
        return "" if self.pillar.is_told else points(self.pillar.value)

    @property
    def present(self) -> str:
        return percent(self.pillar.present)

    @property
    def change(self) -> str:
        """Against the month before, in points with its sign; empty where one of them is unknown."""
        was, is_ = self.before, self.pillar
        if was is None or not (was.is_told and is_.is_told):
            return ""
        if was.value is None or is_.value is None:
            return ""
        step = two_places(is_.value) - two_places(was.value)
        return f"{'+' if step > 0 else ''}{number_format(step, 2)}"


def overview(member: Member) -> dict[str, Any]:
    """Where the institution falls short: letters, failing measures first, levers, owners, trend."""
    home = member.institution
    told = latest(home)
    if told is None:
        return {"told": None}
    months = monthly(home)
    lines = _lines(home, told)
    known = [one for one in lines if one.score is not None]
    by_code = {one.measure.code: one for one in lines}
    return {
        "told": told,
        "letters": _letters(told, months),
        "index": points(_exact(told)),
        "stage": STAGES[told.row.stage],
        "lines": sorted(known, key=lambda one: (one.score or 0, one.measure.code)),
        "unknown": [one for one in lines if one.score is None],
        "levers": [
            (by_code[one.code], points(gain))
            for one, gain in levers(told.formula, told.index)[:LEVERS_SHOWN]
        ],
        "months": _months(months),
        "trend": _trend(told.instrument, months),
        "picture": _picture(told),
        "instrument": told.instrument,
        "formula": told.row.formula,
        "most_absent": percent(told.formula.most_absent),
    }


def measure_page(member: Member, code: str) -> dict[str, Any]:
    """One measure with its rows. Raises LookupError for a code that the formula does not have."""
    home, told = member.institution, latest(member.institution)
    source, formula = (told.instrument, told.formula) if told else formula_on(_today(home))
    on = told.row.on if told else _today(home) - timedelta(days=1)
    pillars = source.content["pillars"]
    if code.startswith("G"):
        source, measures = scorecard_on(on)
        pillars = source.content["principles"]
        found = next((one for one in measures if one.code == code), None)
        if found is None:
            raise LookupError(code)
    else:
        found = formula.measure(code)
    asked = window_on(home, formula, on)
    open_to_reader = rows(found.signal, asked, member, MOST_ROWS)
    line = _line(home, source, found, told.figures.get(code)) if told else None
    months = [(one, one.figures.get(code), _score(found, one.figures.get(code)))
              for one in monthly(home)]  # fmt: skip
    course = [Point(_month(one.row.on), _number(score)) for one, _figure, score in months]
    name = in_language(source.content["measures"][code])
    return {
        "code": code,
        "name": name,
        "about": source.content["measures"][code],
        "formula_words": in_language(source.content["measures"][code], "formula"),
        "letter": in_language(pillars[found.pillar]),
        "measure": found,
        "weight": "" if code.startswith("G") else percent(found.weight),
        "title": source.title,
        "line": line,
        "told": told,
        "fingerprint": told.fingerprints.get(code, "") if told else "",
        "version": source.version,
        "formula": told.row.formula if told else FORMULA,
        "first": asked.first,
        "last": asked.last,
        "rows": open_to_reader,
        "most_rows": MOST_ROWS,
        "is_cut": len(open_to_reader) == MOST_ROWS,
        "months": [
            {
                "on": one.row.on,
                "value": value_words(found, figure) if figure else "",
                "cases": cases(figure) if figure else "",
                "n": figure.n if figure else 0,
                "points": points(score),
            }
            for one, figure, score in reversed(months)
        ],
        "trend": line_chart(
            course,
            name="measure-trend",
            title=_("%(name)s, month by month") % {"name": name},
            description=_course_words(course),
        )
        if len([one for one in course if one.value is not None]) > 1
        else "",
    }


def scorecard_page(member: Member) -> dict[str, Any]:
    """The seven principles of good governance, each with its measures; no composite."""
    home, told = member.institution, latest(member.institution)
    if told is None:
        return {"told": None}
    source, measures = scorecard_on(told.row.on)
    lines = [_line(home, source, one, told.figures.get(one.code)) for one in measures]
    return {
        "told": told,
        "instrument": source,
        "principles": [
            {
                "name": in_language(source.content["principles"][one.code]),
                "code": one.code,
                "points": points(one.value),
                "known": one.known,
                "of": one.of,
                "lines": [line for line in lines if line.measure.pillar == one.code],
            }
            for one in scorecard(told).principles
        ],
    }


def _lines(home: Institution, told: Reckoned) -> list[Line]:
    owners = owners_of(home, {one.owner for one in told.formula.measures})
    return [
        _line(home, told.instrument, one, told.figures.get(one.code), owners[one.owner])
        for one in told.formula.measures
    ]


def _line(
    home: Institution,
    source: Instrument,
    one: Measure,
    figure: Figure | None,
    people: Sequence[Member] | None = None,
) -> Line:
    about = source.content["measures"][one.code]
    if people is None:
        people = owners_of(home, {one.owner})[one.owner]
    return Line(
        one,
        in_language(about),
        in_language(about, "formula"),
        figure or Figure(Status.NOT_APPLICABLE, reason="nothing_recorded"),
        _score(one, figure),
        str(Role(one.owner).label),
        people,
    )


def _score(one: Measure, figure: Figure | None) -> Fraction | None:
    value = None if figure is None else figure.value
    return None if value is None else one.score(value)


def _letters(told: Reckoned, months: Sequence[Reckoned]) -> list[Letter]:
    before = months[-2].index if len(months) > 1 else None
    return [
        Letter(
            letter,
            in_language(told.instrument.content["pillars"][letter]),
            told.index.pillar(letter),
            sum(1 for one in told.formula.of_pillar(letter) if one.code in told.index.scores),
            len(told.formula.of_pillar(letter)),
            before.pillar(letter) if before else None,
        )
        for letter in LETTERS
    ]


def _months(months: Sequence[Reckoned]) -> list[dict[str, Any]]:
    """The trend as a table: a month a line, the newest first."""
    return [
        {
            "on": one.row.on,
            "letters": [
                points(pillar.value) if pillar.is_told else "" for pillar in one.index.pillars
            ],
            "index": points(_exact(one)),
            "version": one.instrument.version,
        }
        for one in reversed(months)
    ]


def _trend(source: Instrument, months: Sequence[Reckoned]) -> SafeString | str:
    """The course of the index; while it is not told, of the first letter that was told twice."""
    courses = [(_("STOC index"), [Point(_month(m.row.on), _number(_exact(m))) for m in months])]
    for letter in LETTERS:
        values = [
            _number(pillar.value if pillar.is_told else None)
            for pillar in (month.index.pillar(letter) for month in months)
        ]
        labels = [_month(month.row.on) for month in months]
        name = in_language(source.content["pillars"][letter])
        courses.append((name, [Point(*pair) for pair in zip(labels, values, strict=True)]))
    for name, course in courses:
        if len([one for one in course if one.value is not None]) > 1:
            return line_chart(
                course,
                name="stoc-trend",
                title=_("%(name)s, month by month") % {"name": name},
                description=_course_words(course),
            )
    return ""


def _picture(told: Reckoned) -> SafeString:
    about = told.instrument.content["pillars"]
    unknown = _("unknown")
    bars = [
        Bar(
            in_language(about[one.letter]),
            _number(one.value if one.is_told else None),
            points(one.value) if one.is_told else unknown,
        )
        for one in told.index.pillars
    ]
    words = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    return bar_chart(bars, name="stoc-letters", title=_("The four letters"), description=words)


def _course_words(course: Sequence[Point]) -> str:
    known = [point for point in course if point.value is not None]
    if not known:
        return _("Nothing is known yet.")
    first, last = known[0], known[-1]
    return _("From %(first)s in %(from)s to %(last)s in %(until)s.") % {
        "first": number_format(first.value or 0, 2),
        "from": first.label,
        "last": number_format(last.value or 0, 2),
        "until": last.label,
    }


def _exact(told: Reckoned) -> Fraction | None:
    return None if told.row.value is None else Fraction(told.row.value)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(two_places(value))


def _month(on: date) -> str:
    return date_format(on, "M Y")


def _today(home: Institution) -> date:
    return now().astimezone(ZoneInfo(home.zone)).date()
