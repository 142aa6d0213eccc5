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

__all__ = [
    "Answers",
    "ByChannel",
    "ByPlace",
    "Door",
    "answers_of",
    "door_of",
    "form_line",
    "institution_called",
    "public_articles",
    "takes_letters",
    "today_of",
]
