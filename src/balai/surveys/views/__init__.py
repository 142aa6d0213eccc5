"""The pages of surveys: for the office, and for the people it serves."""

from balai.surveys.views.office import (
    done,
    draft,
    edit,
    enter,
    plan,
    result_csv,
    step,
    survey,
    surveys,
)
from balai.surveys.views.public import answer, invited, nearest, published, result, thanks

__all__ = [
    "answer",
    "done",
    "draft",
    "edit",
    "enter",
    "invited",
    "nearest",
    "plan",
    "published",
    "result",
    "result_csv",
    "step",
    "survey",
    "surveys",
    "thanks",
]
