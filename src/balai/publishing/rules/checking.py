"""Is a variant fit to leave? All problems at once, as codes with figures; the screens say them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from balai.publishing.rules.moves import PURPOSES, WITHOUT_OBJECTIVE

# Which personal data never stands in a public post; a telephone or an e-mail may be the office's.
_SECRET = frozenset({"nik", "kk", "npwp", "account"})
_OFFICE_MAYBE = frozenset({"phone", "email"})
_KNOWN = frozenset(code for family in PURPOSES.values() for code in family)
_NUMBER = re.compile(
    r"\d[\d.,]*\s*(?:%|persen|percent|juta|ribu|miliar|triliun|orang|warga|rupiah)"
)


class Problem(NamedTuple):
    """One thing that is wrong: its code, whether it stops the post, the figures for its words."""

    code: str
    stops: bool = True
    facts: tuple[tuple[str, Any], ...] = ()


class Fact(NamedTuple):
    """A statement that can be right or wrong, and where it stands."""

    statement: str
    source: str
    valid_until: date | None = None


class Picture(NamedTuple):
    alt: str
    size: int  # bytes


class Limits(NamedTuple):
    """What the account's network takes; zero where no limit is known."""

    text: int = 0
    counted_in: str = "characters"
    text_bytes: int = 0
    pictures: int = 0
    picture_bytes: int = 0
    alt_text: int = 0
    takes_pictures: bool = True


class Draft(NamedTuple):
    """What is judged: the words for one account and what belongs to the whole item."""

    text: str
    length: int  # as the network counts
    limits: Limits
    purpose: str
    segment: str
    has_objective: bool
    pictures: Sequence[Picture] = ()
    facts: Sequence[Fact] = ()
    humour: Sequence[str] = ()  # signs of fun found in the text
    has_humour: bool = False
    is_locked: bool = False  # an incident: nobody jokes
    personal: Sequence[str] = ()  # kinds of personal data found in the text
    same_words_on: date | None = None  # the account said the very same on this day


def blocking(draft: Draft, today: date) -> list[Problem]:
    """Everything that keeps a variant from being submitted or sent, in the order of the form."""
    return [*_of_plan(draft), *_of_words(draft), *_of_pictures(draft), *_of_facts(draft, today)]


def cautions(draft: Draft) -> list[Problem]:
    """What a person should look at, and may leave as it is."""
    found = []
    if draft.humour and not draft.has_humour and not _is_sober(draft):
        found.append(_note("humour_not_said", signs=" ".join(draft.humour)))
    if _NUMBER.search(draft.text.casefold()) and not draft.facts:
        found.append(_note("number_without_fact"))
    if kinds := sorted(set(draft.personal) - _SECRET):
        code = "contact_in_text" if set(kinds) <= _OFFICE_MAYBE else "person_in_text"
        found.append(_note(code, kinds=tuple(kinds)))
    return found


def plain_words(text: str) -> str:
    """A text as it is compared with others: letters and figures only, in one case."""
    flat = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", flat))


def is_twin(one: str, other: str) -> bool:
    """Whether two texts say the very same words."""
    return bool(plain_words(one)) and plain_words(one) == plain_words(other)


def same_hour(one: datetime, other: datetime) -> bool:
    """Whether two posts of one account would stand within an hour of each other."""
    return abs(one - other) < timedelta(hours=1)


def _of_plan(draft: Draft) -> Iterable[Problem]:
    if draft.purpose not in _KNOWN:
        yield Problem("no_purpose")
    elif not draft.has_objective and draft.purpose not in WITHOUT_OBJECTIVE:
        yield Problem("no_objective")
    if not draft.segment.strip():
        yield Problem("no_segment")


def _of_words(draft: Draft) -> Iterable[Problem]:
    limits, size = draft.limits, len(draft.text.encode("utf-8", "replace"))
    if not draft.text.strip():
        yield Problem("no_text")
    if limits.text and draft.length > limits.text:
        yield _stop(
            "too_long", length=draft.length, limit=limits.text, over=draft.length - limits.text
        )
    if limits.text_bytes and size > limits.text_bytes:
        yield _stop("too_many_bytes", length=size, limit=limits.text_bytes)
    if _is_sober(draft) and (draft.humour or draft.has_humour):
        yield _stop("humour_locked", signs=" ".join(draft.humour))
    if secret := sorted(set(draft.personal) & _SECRET):
        yield _stop("secret_in_text", kinds=tuple(secret))
    if draft.same_words_on is not None:
        yield _stop("said_before", on=draft.same_words_on)


def _of_pictures(draft: Draft) -> Iterable[Problem]:
    limits = draft.limits
    if draft.pictures and not limits.takes_pictures:
        yield Problem("no_pictures_here", stops=False)
        return
    if limits.pictures and len(draft.pictures) > limits.pictures:
        yield _stop("too_many_pictures", n=len(draft.pictures), limit=limits.pictures)
    for number, picture in enumerate(draft.pictures, 1):
        if not picture.alt.strip():
            yield _stop("no_alt", n=number)
        elif limits.alt_text and len(picture.alt) > limits.alt_text:
            yield _stop("alt_too_long", n=number, length=len(picture.alt), limit=limits.alt_text)
        if limits.picture_bytes and picture.size > limits.picture_bytes:
            yield _stop("picture_too_large", n=number, limit=limits.picture_bytes // 1000)


def _of_facts(draft: Draft, today: date) -> Iterable[Problem]:
    for number, fact in enumerate(draft.facts, 1):
        if not fact.source.strip() and draft.purpose != "ceremonial":  # R41
            yield _stop("no_source", n=number, statement=fact.statement)
        if fact.valid_until is not None and fact.valid_until < today:
            yield _stop("stale_fact", n=number, statement=fact.statement)


def _is_sober(draft: Draft) -> bool:
    """Domain finding on humour: none during an incident, and none in what corrects or warns."""
    return draft.is_locked or draft.purpose in ("correction_debunk", "safety_warning")


def _stop(code: str, **facts: Any) -> Problem:
    return Problem(code, True, tuple(facts.items()))


def _note(code: str, **facts: Any) -> Problem:
    return Problem(code, False, tuple(facts.items()))
