"""What a page need not ask again until somebody announced something, or a minute passed."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import get_language

from balai.ground.clock import now
from balai.ground.services import news_mark
from balai.people.middleware import StaffRequest

MOST_KEPT = 500  # answers in one process, each a page of rows or less
T = TypeVar("T")

_answers: dict[Any, Any] = {}


def moment_of_news() -> str:
    """Another word after each announcement and each minute ("42 minutes left" becomes 41).

    One query. The rows of an open page are asked for under this word as well (their ETag).
    """
    return f"{news_mark()}-{int(now().timestamp()) // 60}"


def kept(
    request: StaffRequest, news: str, name: str, ask: Callable[[], T], *, anywhere: bool = False
) -> T:
    """The answer of `ask`, for this session, at this address (or `anywhere`), at this news.

    Kept in the process. By session, so that nothing passes from one reader to another, and whoever
    signs in again asks again. The office's own words (a unit's name) may be a minute old.
    """
    address = "" if anywhere else request.META.get("QUERY_STRING", "")
    key = (request.session.session_key, get_language(), news, name, address)
    if key in _answers:
        found: T = _answers[key]
        return found
    if len(_answers) >= MOST_KEPT:
        _answers.clear()
    answer = _answers[key] = ask()
    return answer
