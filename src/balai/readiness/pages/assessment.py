"""What the pages of an assessment show: components, indicators, evidence, the auditor's desk."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from balai.governance.selectors import entries_of
from balai.ground.charts import Bar, bar_chart
from balai.ground.clock import now
from balai.people.models import Institution, Member
from balai.people.selectors import may, members_holding
from balai.readiness.forms import (
    ClaimForm,
    CommentForm,
    DiscussForm,
    EvidenceForm,
    JudgeForm,
    PlanForm,
    ReturnForm,
    StepForm,
    first_plan,
)
from balai.readiness.models import Assessment
from balai.readiness.rules.assessing import OPEN_TO_ASSESSORS
from balai.readiness.rules.scoring import ComponentScore, Indicator, Mode, Proof, gaps
from balai.readiness.selectors import (
    Answered,
    Assessed,
    assessed,
    assessments_of,
    expiring,
    questions_on,
    year_before,
)
from balai.readiness.wording import DEEDS, MODES, PROOFS, REASONS, cases, in_language, percent

State = Assessment.State
SOON = timedelta(days=60)  # before evidence expires its owner is told
WAY = (
    State.PLANNED, State.COLLECTING, State.SELF_ASSESSED, State.ATTESTED, State.DISCUSSED,
    State.SIGNED, State.PUBLISHED,
)  # fmt: skip


@dataclass(frozen=True)
class ComponentLine:
    """One of the seven on the page."""

    code: str
    name: str
    weight: int
    now: ComponentScore
    before: ComponentScore | None
    words: str
    next_words: str
    assessor: Member | None
    known: int
    of: int
    is_weakest: bool

    @property
    def score(self) -> str:
        return number_format(self.now.score, 2) if self.now.score is not None else ""

    @property
    def before_score(self) -> str:
        one = self.before
        if one is None or one.score is None or not one.is_reportable:
            return ""
        return number_format(one.score, 2)

    @property
    def absent(self) -> str:
        return percent(self.now.absent)


@dataclass(frozen=True)
class IndicatorLine:
    """One question on the page, with its figure, its proof and the forms of whoever may answer."""

    indicator: Indicator
    name: str
    measure: str
    wanted: str
    answered: Answered
    before: int | None
    form: ClaimForm | CommentForm | None
    evidence_form: EvidenceForm | None
    cap: str

    @property
    def mode(self) -> str:
        return str(MODES[self.indicator.mode])

    @property
    def cases(self) -> str:
        return cases(self.answered.figure)

    @property
    def value(self) -> str:
        value = self.answered.figure.value
        return percent(value) if value is not None and value <= 1 else ""

    @property
    def why_not(self) -> str:
        return str(REASONS.get(self.answered.figure.reason, ""))

    @property
    def proof(self) -> str:
        return "" if self.indicator.mode is Mode.AUTO else str(PROOFS[self.answered.proof])

    @property
    def is_weakly_proven(self) -> bool:
        return self.indicator.mode is not Mode.AUTO and self.answered.proof is not Proof.LIVE


def assessments_page(member: Member, form: PlanForm | None = None) -> dict[str, Any]:
    """Every assessment, what is to be renewed, and the plan of the next."""
    home, today = member.institution, _today(member.institution)
    found = [assessed(row) for row in assessments_of(home)]
    return {
        "assessments": [
            {"row": one.row, "value": _value(one), "level": level_name(one), "of": one.readiness}
            for one in found
        ],
        "expiring": [
            {"piece": piece, "is_over": piece.valid_until < today}
            for piece in expiring(home, today, SOON)
        ],
        "form": form or (plan_form(member) if may(member, "readiness.plan", home) else None),
    }


def plan_form(member: Member, data: Any = None) -> PlanForm:
    """The form of a plan, begun with whoever holds each component's role."""
    home, today = member.institution, _today(member.institution)
    source, asked = questions_on(today)
    about = source.content["components"]
    likely = {
        one.code: holder
        for one in asked.components
        if (holder := members_holding(one.owner, home).first()) is not None
    }
    return PlanForm(
        data,
        institution=home,
        components=[(one.code, in_language(about[one.code])) for one in asked.components],
        initial=first_plan(today, likely) | {"last": today - timedelta(days=1)},
    )


def assessment_page(member: Member, row: Assessment, **forms: Any) -> dict[str, Any]:
    """One assessment: the seven, what they come to, last year beside it, and what may be done."""
    found, before = assessed(row), year_before(row)
    lines = _components(found, before)
    home = row.institution_id
    rights = {
        name: may(member, f"readiness.{name}", home)
        for name in ("plan", "attest", "sign", "publish")
    }
    planned = found.answers and row.state in (State.SIGNED, State.PUBLISHED)
    wanted = _gaps(found) if found.answers else []
    today = _today(row.institution)
    return {
        "row": row,
        "found": found,
        "lines": lines,
        "value": _value(found),
        "level": level_name(found),
        "percent": _percent(found),
        "before": before,
        "before_value": _value(before) if before else "",
        "way": [(str(state.label), state == _place(row), _is_past(row, state)) for state in WAY],
        "picture": _picture(lines) if found.answers else "",
        "rights": rights,
        "samples": list(row.samples.select_related("evidence__owner", "judged_by").order_by("pk")),
        "judge_form": forms.get("judge_form") or JudgeForm(),
        "return_form": forms.get("return_form") or return_form(found),
        "discuss_form": forms.get("discuss_form") or DiscussForm(),
        "step_form": (forms.get("step_form") or step_form(found))
        if planned and rights["plan"] and wanted
        else None,
        "gaps": wanted,
        "steps": [
            {"row": one, "name": _name(found, one.code), "is_late": one.due_on < today}
            for one in row.steps.select_related("owner").order_by("due_on")
        ],
        "deeds": [
            {"words": DEEDS.get(one.did, one.did), "at": one.at, "reason": one.reason}
            for one in entries_of(row)
        ],
        "form": forms.get("form"),
    }


def component_page(
    member: Member, row: Assessment, code: str, wrong: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One component with its questions. Raises LookupError for one that there is not."""
    found, before = assessed(row), year_before(row)
    line = next((one for one in _components(found, before) if one.code == code), None)
    if line is None or not found.answers:
        raise LookupError(code)
    answers = row.state in OPEN_TO_ASSESSORS and line.assessor == member
    about = found.file.content["indicators"]
    lines = []
    for indicator in found.instrument.of_component(code):
        told, answered = about[indicator.code], found.answers[indicator.code]
        lines.append(
            IndicatorLine(
                indicator,
                in_language(told),
                in_language(told, "measure") if told["measure_id"] else "",
                in_language(told, "evidence"),
                answered,
                before.levels.get(indicator.code) if before else None,
                _answer_form(indicator, answered, wrong) if answers else None,
                _evidence_form(indicator, wrong)
                if indicator.mode is not Mode.AUTO and answers
                else None,
                in_language(told, "cap") if indicator.cap else "",
            )
        )
    return {
        "row": row,
        "line": line,
        "lines": lines,
        "levels": _level_words(found, code),
        "answers": answers,
        "today": _today(row.institution),
        "member": member,
        "form": (wrong or {}).get("form"),
    }


def level_name(found: Assessed) -> str:
    """The level's number and name; empty while it is unknown."""
    level = found.row.level or found.readiness.level
    if level is None:
        return ""
    return f"{level} {in_language(found.file.content['levels'][str(level)])}"


def return_form(found: Assessed, data: Any = None) -> ReturnForm:
    """A line for each indicator on which somebody claims something."""
    codes = [one.code for one in found.instrument.indicators if one.mode is not Mode.AUTO]
    return ReturnForm(data, codes=[(code, f"{code} {_name(found, code)}") for code in codes])


def step_form(found: Assessed, data: Any = None) -> StepForm:
    """What may be planned: the gaps of exactly the next level."""
    wanted = [one["gap"].code for one in _gaps(found)]
    return StepForm(
        data,
        institution=found.row.institution,
        codes=[(code, f"{code} {_name(found, code)}") for code in wanted],
    )


def _components(found: Assessed, before: Assessed | None) -> list[ComponentLine]:
    people = {one.component: one.member for one in found.row.assessors.select_related("member")}
    told = [one.score for one in found.readiness.components if one.is_reportable]
    lowest = min((score for score in told if score is not None), default=None)
    lines = []
    for one, score in zip(found.instrument.components, found.readiness.components, strict=True):
        about, asked = found.file.content["components"][one.code], found.instrument
        words = _descriptor(about, score.level)
        known = [i for i in asked.of_component(one.code) if found.levels.get(i.code) is not None]
        lines.append(
            ComponentLine(
                one.code,
                in_language(about),
                one.weight,
                score,
                before.readiness.component(one.code) if before else None,
                words,
                _descriptor(about, min((score.level or 0) + 1, 5)),
                people.get(one.code),
                len(known),
                len(asked.of_component(one.code)),
                score.is_reportable and score.score == lowest,
            )
        )
    return lines


def _level_words(found: Assessed, code: str) -> list[tuple[int, str, str]]:
    about = found.file.content["components"][code]
    return [
        (n, in_language(found.file.content["levels"][str(n)]), _descriptor(about, n))
        for n in range(1, 6)
    ]


def _descriptor(about: Any, level: int | None) -> str:
    if level is None:
        return ""
    words = {"id": about["levels_id"][level - 1], "en": about["levels_en"][level - 1]}
    return in_language(words)


def _answer_form(
    indicator: Indicator, answered: Answered, wrong: dict[str, Any] | None
) -> ClaimForm | CommentForm:
    if wrong and wrong.get("code") == indicator.code and wrong["kind"] == "claim":
        found: ClaimForm | CommentForm = wrong["form"]
        return found
    kind = CommentForm if indicator.mode is Mode.AUTO else ClaimForm
    row = answered.row
    initial = {"claimed": row.claimed or "", "comment": row.comment}
    return kind(initial=initial, auto_id=f"id_{indicator.code}_%s")


def _evidence_form(indicator: Indicator, wrong: dict[str, Any] | None) -> EvidenceForm:
    if wrong and wrong.get("code") == indicator.code and wrong["kind"] == "evidence":
        found: EvidenceForm = wrong["form"]
        return found
    return EvidenceForm(auto_id=f"id_{indicator.code}_bukti_%s")


def _gaps(found: Assessed) -> list[dict[str, Any]]:
    """What is missing for exactly the next level, component by component."""
    return [
        {"gap": gap, "name": _name(found, gap.code), "component": one.code}
        for one in found.readiness.components
        for gap in gaps(found.instrument, one, found.levels)
    ]


def _name(found: Assessed, code: str) -> str:
    return in_language(found.file.content["indicators"][code])


def _picture(lines: list[ComponentLine]) -> str:
    unknown = _("unknown")
    bars = [
        Bar(one.name, float(one.now.score), one.score)
        if one.now.is_reportable and one.now.score is not None
        else Bar(one.name, None, unknown)
        for one in lines
    ]
    words = "; ".join(f"{one.name}: {bar.words}" for one, bar in zip(lines, bars, strict=True))
    return bar_chart(
        bars, name="readiness", title=_("The seven components"), description=words, top=5
    )


def _value(found: Assessed) -> str:
    value = found.row.value or found.readiness.value
    return "" if value is None else number_format(value, 2)


def _percent(found: Assessed) -> str:
    share = found.readiness.percent
    return "" if share is None else percent(share / Fraction(100))


def _place(row: Assessment) -> str:
    return State.COLLECTING if row.state == State.RETURNED else row.state


def _is_past(row: Assessment, state: str) -> bool:
    here = State.PUBLISHED if row.state == State.SUPERSEDED else State(_place(row))
    return WAY.index(State(state)) < WAY.index(here)


def _today(home: Institution) -> date:
    return now().astimezone(ZoneInfo(home.zone)).date()
