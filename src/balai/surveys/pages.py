"""What the pages of surveys show, gathered and put into words."""

from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balai.governance.selectors import entries_of
from balai.people.models import Institution, Member
from balai.people.selectors import may
from balai.surveys import selectors, wording
from balai.surveys.forms import FollowUpForm, ProofForm, ReasonForm
from balai.surveys.models import FollowUp, Response, Survey
from balai.surveys.selectors import Result

State = Survey.State
BEFORE_OPENING = (State.METHOD_REVIEWED, State.PRIVACY_REVIEWED)


class Row(NamedTuple):
    """An element's line in a result."""

    code: str
    name: str
    n: int
    average: str
    percent: int  # of the scale, for the bar
    is_lowest: bool
    is_shown: bool


def list_page(member: Member) -> dict[str, Any]:
    """All surveys of the office."""
    return {
        "lines": [
            (survey, wording.LOOKS[survey.state], _computed(survey))
            for survey in selectors.surveys_of(member.institution)
        ]
    }


def survey_page(member: Member, survey: Survey) -> dict[str, Any]:
    """One survey: where it stands, what comes next and who does it, the result, the follow-up."""
    result = selectors.result_of(survey)
    step, words = wording.STEPS.get(survey.state, ("", ""))
    n = survey.responses.count()

    def right(action: str) -> bool:
        return may(
            member, action, survey.institution_id, unit=survey.unit_id, owner=survey.author_id
        )

    is_second = not (
        (step == "review_method" and survey.author_id == member.pk)
        or (step == "validate" and result and result.computation.computed_by_id == member.pk)
    )
    return {
        "survey": survey,
        "look": wording.LOOKS[survey.state],
        "n": n,
        "percent": min(100, n * 100 // survey.target),
        "is_enough": n >= survey.target,
        "modes": _modes(selectors.modes_of(survey)),
        "step": step,
        "step_words": words,
        "may_step": bool(step) and right(wording.STEP_NEEDS[step]) and is_second,
        "waits_for_another": bool(step) and right(wording.STEP_NEEDS[step]) and not is_second,
        "may_edit": survey.state == State.DRAFT and right("survey.write"),
        "may_enter": survey.state == State.OPEN and right("survey.enter"),
        "may_send_back": survey.state in BEFORE_OPENING and right("survey.open"),
        "may_invalidate": survey.state in (State.COMPUTED, State.VALIDATED)
        and right("survey.validate"),
        "questions": [(one.code, one.question(_language())) for one in selectors.asked(survey)],
        "reason_form": ReasonForm(),
        "deeds": _deeds(survey),
        **_result(survey, result),
        **_follow_up(survey, result, right("survey.write")),
    }


def public_page(survey: Survey) -> dict[str, Any]:
    """A published result, as anybody may read it."""
    result = selectors.result_of(survey)
    return {
        "survey": survey,
        "institution": survey.institution,
        "modes": _modes(result.computation.modes if result else {}),
        "follow_ups": [_plan_line(survey, one) for one in selectors.follow_ups_of(survey)],
        **_result(survey, result),
    }


def public_list(institution: Institution) -> dict[str, Any]:
    """What the public may read, and what it may answer today."""
    return {
        "institution": institution,
        "published": [
            (survey, _computed(survey)) for survey in selectors.published_surveys(institution)
        ],
        "open": selectors.open_surveys(institution, selectors.today_of(institution)),
    }


def _computed(survey: Survey) -> dict[str, Any] | None:
    found = getattr(survey, "computation", None)
    if found is None:
        return None
    return {
        "index": found.index,
        "grade": found.grade,
        "look": wording.GRADE_LOOKS.get(found.grade, "outline"),
        "is_indicative": found.n < survey.target,
    }


def _result(survey: Survey, result: Result | None) -> dict[str, Any]:
    if result is None:
        return {"result": None}
    instrument = selectors.instrument_of(survey)
    lowest = {one.code for one in selectors.lowest_of(result)}
    least, most = instrument.scale
    rows = [
        Row(
            code=one.code,
            name=instrument.element(one.code).name(_language()),
            n=one.n,
            average=f"{float(one.average):.3f}",
            percent=round(float((one.average - least) / (most - least)) * 100),
            is_lowest=one.code in lowest,
            is_shown=selectors.shown_in_public(one),
        )
        for one in result.index.figures
    ]
    words = result.index.band.words
    return {
        "result": result,
        "rows": rows,
        "grade_words": words.get(_language(), words["id"]),
        "grade_look": wording.GRADE_LOOKS.get(result.index.band.grade, "outline"),
        "template": result.computation.template,
    }


def _follow_up(survey: Survey, result: Result | None, may_write: bool) -> dict[str, Any]:
    is_time = survey.state in (State.PUBLISHED, State.FOLLOW_UP_PLANNED, State.FOLLOW_UP_DONE)
    if result is None or not is_time:
        return {"follow_ups": [], "may_plan": False}
    planned = [_plan_line(survey, one) for one in selectors.follow_ups_of(survey)]
    have = {line["plan"].code for line in planned}
    missing = [one for one in selectors.lowest_of(result) if one.code not in have]
    others = [selectors.instrument_of(survey).element(one.code) for one in result.index.figures]
    return {
        "follow_ups": planned,
        "missing": [f"{one.code} {one.name(_language())}" for one in missing],
        "may_plan": may_write and survey.state != State.FOLLOW_UP_DONE,
        "plan_form": FollowUpForm(
            institution=survey.institution,
            elements=[*missing, *(one for one in others if one not in missing)],
            language=_language(),
        ),
        "proof_form": ProofForm(),
    }


def _plan_line(survey: Survey, plan: FollowUp) -> dict[str, Any]:
    name = selectors.instrument_of(survey).element(plan.code).name(_language())
    today = selectors.today_of(survey.institution)
    return {"plan": plan, "name": name, "is_late": not plan.done_at and plan.due_on < today}


def _modes(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(str(Response.Mode(mode).label), n) for mode, n in sorted(counts.items())]


def _deeds(survey: Survey) -> list[dict[str, Any]]:
    entries = list(entries_of(survey).exclude(did="response.entered"))
    ids = [int(who[7:]) for who in {e.actor for e in entries} if who.startswith("member:")]
    names = dict(Member.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "words": wording.DEEDS.get(entry.did, entry.did),
            "at": entry.at,
            "by": names.get(int(entry.actor[7:])) if entry.actor[7:].isdigit() else _("the system"),
            "reason": entry.reason,
        }
        for entry in entries
    ]


def _language() -> str:
    return (get_language() or "id")[:2]
