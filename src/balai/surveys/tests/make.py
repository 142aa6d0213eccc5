"""Plain functions that make surveys for tests of any room."""

from datetime import timedelta
from typing import Any

from balai.people.models import Institution
from balai.people.tests.make import make_member
from balai.surveys.models import Survey
from balai.surveys.selectors import asked, today_of
from balai.surveys.services import (
    close_survey,
    compute_index,
    draft_survey,
    fresh_key,
    open_survey,
    publish_result,
    respond,
    review_method,
    review_privacy,
    validate_index,
)


def make_survey(institution: Institution, **about: Any) -> Survey:
    """A draft for this week, written by somebody."""
    today = today_of(institution)
    about = {
        "service": "Perekaman KTP elektronik",
        "starts_on": today - timedelta(days=3),
        "ends_on": today + timedelta(days=3),
        "population": 10,
        "sample_mode": "table",
        "is_free": False,
        "by": make_member(institution, "facilitator", name="Fani Fasilitator"),
        **about,
    }
    return draft_survey(institution=institution, **about)


def make_open_survey(institution: Institution, **about: Any) -> Survey:
    """A survey that was reviewed by two others and is open."""
    survey = make_survey(institution, **about)
    survey = review_method(survey, by=make_member(institution, "data_steward", name="Dita Data"))
    survey = review_privacy(survey, by=make_member(institution, "dpo", name="Pita Privasi"))
    return open_survey(survey, by=make_member(institution, "head_of_pr", name="Hana Humas"))


def say(survey: Survey, *rows: str, **options: Any) -> None:
    """Answer with rows of digits, a digit an element; 0 is no answer."""
    codes = [one.code for one in asked(survey)]
    for row in rows:
        values = {code: int(digit) for code, digit in zip(codes, row, strict=True) if digit != "0"}
        respond(survey, key=fresh_key(), values=values, **options)


def make_published_survey(institution: Institution, *rows: str, **about: Any) -> Survey:
    """A survey that went the whole way to the public."""
    survey = make_open_survey(institution, **about)
    say(survey, *rows)
    head = make_member(institution, "head_of_pr", name="Hana Humas")
    close_survey(survey, by=head)
    compute_index(survey, by=make_member(institution, "data_steward", name="Dita Data"))
    validate_index(survey, by=make_member(institution, "data_steward", name="Dua Data"))
    return publish_result(survey, by=head)
