"""What the public may know, read from the rooms below."""

from balai.library.selectors import public_articles
from balai.portal.selectors.answers import Answers, ByChannel, ByPlace, answers_of, today_of
from balai.portal.selectors.door import (
    Door,
    door_of,
    form_line,
    institution_called,
    takes_letters,
)
from balai.portal.selectors.telling import Stoc, Told, stoc_of, told_by

__all__ = [
    "Answers",
    "ByChannel",
    "ByPlace",
    "Door",
    "Stoc",
    "Told",
    "answers_of",
    "door_of",
    "form_line",
    "institution_called",
    "public_articles",
    "stoc_of",
    "takes_letters",
    "today_of",
    "told_by",
]
