"""The sample's satisfaction surveys: one with a result and its follow-up, one that is open."""

from datetime import timedelta
from random import Random

from balai.config.sample.office import Office
from balai.surveys.models import Survey
from balai.surveys.selectors import asked, lowest_of, result_of, today_of
from balai.surveys.services import (
    close_survey,
    compute_index,
    draft_survey,
    fresh_key,
    open_survey,
    plan_follow_up,
    publish_result,
    respond,
    review_method,
    review_privacy,
    validate_index,
)

REMARKS = {
    3: "Loket cepat, tetapi antrean di depan belum tertib.",
    9: "Petugasnya ramah. Mohon kursi tunggu ditambah.",
    14: "Saya harus datang dua kali karena syaratnya berbeda dengan di web.",
}
PLANS = ("Kursi dan peneduh ruang tunggu ditambah", "Syarat di web dan loket disamakan")


def fill_surveys(office: Office) -> None:
    """Two surveys, taken through every step by the people whose step it is."""
    shown = _opened(office, "Kartu keluarga dan akta", "disdukcapil", days=60, population=80)
    _answered(shown, 62, usual=(3, 3, 3, 4, 3, 4, 4, 2, 3))
    close_survey(shown, by=office.members["humas"])
    compute_index(shown, by=office.members["fasilitator"])
    validate_index(shown, by=office.members["data"])
    shown = publish_result(shown, by=office.members["humas"])
    result = result_of(shown)
    for what, element in zip(PLANS, lowest_of(result) if result else (), strict=False):
        plan_follow_up(
            shown,
            code=element.code,
            what=what,
            owner=office.members["dukcapil"],
            due_on=today_of(office.institution) + timedelta(days=30),
            by=office.members["fasilitator"],
        )
    running = _opened(office, "Sambungan air rumah", "pdam", days=14, population=300, ahead=16)
    _answered(running, 37, usual=(3, 2, 2, 3, 3, 3, 4, 3, 2))


def _opened(
    office: Office, service: str, unit: str, *, days: int, population: int, ahead: int = 0
) -> Survey:
    today = today_of(office.institution)
    survey = draft_survey(
        institution=office.institution,
        service=service,
        unit=office.units[unit],
        starts_on=today - timedelta(days=days),
        ends_on=today + timedelta(days=ahead),
        population=population,
        sample_mode=Survey.Sample.TABLE,
        is_free=False,
        by=office.members["fasilitator"],
    )
    survey = review_method(survey, by=office.members["data"])
    survey = review_privacy(survey, by=office.members["pdp"])
    return open_survey(survey, by=office.members["humas"])


def _answered(survey: Survey, people: int, *, usual: tuple[int, ...]) -> None:
    dice = Random(people)  # noqa: S311 - the same sample every time, nothing secret
    for person in range(people):
        values = {
            element.code: max(1, min(4, value + dice.choice((-1, 0, 0, 0, 1))))
            for element, value in zip(asked(survey), usual, strict=True)
        }
        mode = "counter" if person % 3 else "web"
        remark = REMARKS.get(person, "")
        respond(survey, key=fresh_key(), values=values, remark=remark, mode=mode)
