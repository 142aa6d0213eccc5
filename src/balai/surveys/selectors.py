"""Reads: surveys, what they ask, what came of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum

from balai.governance.selectors import instruments
from balai.ground.clock import now
from balai.people.models import Institution
from balai.surveys.models import Answer, Computation, FollowUp, Invitation, Response, Survey
from balai.surveys.rules import (
    LOWEST,
    SUPPRESSED_BELOW,
    Element,
    Figure,
    Index,
    Instrument,
    Tally,
    compute,
    read_instrument,
    tally,
)

State = Survey.State
PUBLIC = (State.PUBLISHED, State.FOLLOW_UP_PLANNED, State.FOLLOW_UP_DONE)


@dataclass(frozen=True)
class Result:
    """What a survey came to, with the earlier index of the same service's unit beside it."""

    computation: Computation
    index: Index
    is_indicative: bool
    previous: Computation | None


def surveys_of(institution: Institution | int) -> QuerySet[Survey]:
    """The surveys of an institution, newest first."""
    return (
        Survey.objects.filter(institution=institution)
        .select_related("institution", "unit", "author", "computation")
        .annotate(n_responses=Count("responses"))
        .order_by("-starts_on", "-pk")
    )


def published_surveys(institution: Institution | int) -> QuerySet[Survey]:
    """What the public may read, newest first."""
    return surveys_of(institution).filter(state__in=PUBLIC)


def open_surveys(institution: Institution | int, on: date) -> QuerySet[Survey]:
    """The surveys that may be answered on a day."""
    return surveys_of(institution).filter(state=State.OPEN, starts_on__lte=on, ends_on__gte=on)


def instrument_of(survey: Survey) -> Instrument:
    """The very version that the survey uses. Raises LookupError."""
    return _instrument(survey.instrument, survey.version)


def asked(survey: Survey) -> list[Element]:
    """The elements that people are asked about; of a free service not the fee."""
    return [
        one
        for one in instrument_of(survey).elements
        if not (survey.is_free and one.free_value is not None)
    ]


def tallied(survey: Survey) -> dict[str, Tally]:
    """What was answered, added up by the database."""
    rows = (
        Answer.objects.filter(response__survey=survey)
        .values("code")
        .annotate(n=Count("pk"), total=Sum("value"))
    )
    return _with_free(survey, {row["code"]: Tally(row["n"], row["total"]) for row in rows})


def tallied_again(survey: Survey) -> dict[str, Tally]:
    """The same, on another way: every response is read and added up here."""
    found = Response.objects.filter(survey=survey).prefetch_related("answers")
    said = ({one.code: one.value for one in response.answers.all()} for response in found)
    return _with_free(survey, tally(said))


def index_of(survey: Survey, tallies: dict[str, Tally]) -> Index:
    """Raises NoAnswers."""
    return compute(instrument_of(survey), tallies)


def modes_of(survey: Survey) -> dict[str, int]:
    """How many answered in which way."""
    rows = survey.responses.order_by().values("mode").annotate(n=Count("pk"))
    return {row["mode"]: row["n"] for row in rows}


def result_of(survey: Survey) -> Result | None:
    """What was computed; None before that."""
    computation = Computation.objects.filter(survey=survey).first()
    if computation is None:
        return None
    tallies = {code: Tally(n, total) for code, (n, total) in computation.tallies.items()}
    return Result(
        computation=computation,
        index=index_of(survey, tallies),
        is_indicative=computation.n < survey.target,
        previous=_previous(survey),
    )


def shown_in_public(figure: Figure) -> bool:
    """Whether an element's figure stands on enough answers."""
    return figure.n >= SUPPRESSED_BELOW


def lowest_of(result: Result) -> list[Element]:
    """The elements that need a follow-up, worst first."""
    survey = result.computation.survey
    instrument = instrument_of(survey)
    return [instrument.element(one.code) for one in result.index.lowest(LOWEST)]


def follow_ups_of(survey: Survey) -> QuerySet[FollowUp]:
    """What is done about it."""
    return survey.follow_ups.select_related("owner").order_by("due_on", "pk")


def invitation_for(key: str) -> Invitation | None:
    """The unused invitation that a key belongs to, while its survey is open."""
    return (
        Invitation.objects.filter(key_hash=hash_of(key), used_at=None, survey__state=State.OPEN)
        .select_related("survey__institution")
        .first()
    )


def hash_of(key: str) -> str:
    """Keys of invitations are kept only so."""
    return hashlib.sha256(key.encode()).hexdigest()


def as_rows(survey: Survey, result: Result) -> list[Sequence[Any]]:
    """The result as rows for a file: an element a row, then the index."""
    instrument = instrument_of(survey)
    rows: list[Sequence[Any]] = [["code", "element", "n", "total", "average", "exact"]]
    for one in result.index.figures:
        n, total = result.computation.tallies[one.code]
        name = instrument.element(one.code).name("id")
        rows.append([one.code, name, n, total, f"{float(one.average):.3f}", one.average])
    rows.append(["IKM", "", result.computation.n, "", result.index.rounded, result.index.exact])
    return rows


def _instrument(name: str, version: str) -> Instrument:
    for one in instruments():
        if (one.instrument, one.version) == (name, version):
            return read_instrument(one.content)
    raise LookupError(f"{name} {version}")


def _with_free(survey: Survey, tallies: dict[str, Tally]) -> dict[str, Tally]:
    if not survey.is_free:
        return tallies
    n = survey.responses.count()
    free = {
        one.code: Tally(n, n * one.free_value)
        for one in instrument_of(survey).elements
        if one.free_value is not None
    }
    return {**tallies, **free}


def _previous(survey: Survey) -> Computation | None:
    return (
        Computation.objects.filter(
            survey__institution=survey.institution_id,
            survey__unit=survey.unit_id,
            survey__service=survey.service,
            survey__state__in=PUBLIC,
            survey__ends_on__lt=survey.starts_on,
        )
        .order_by("-survey__ends_on")
        .first()
    )


def today_of(institution: Institution) -> date:
    """The day that it is in the office."""
    return now().astimezone(ZoneInfo(institution.zone)).date()
