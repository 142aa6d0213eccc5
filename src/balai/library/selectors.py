"""Reads: which articles there are, what they say in a language, and which fit a question."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet, Sum
from django.db.models.functions import Coalesce

from balai.library.models import Article, Citation, Edition, Wording
from balai.library.rules import (
    VARIABLES,
    Filled,
    distinctive,
    fill,
    holds_all,
    is_overdue,
    left_over,
    nearest,
    variables_in,
)
from balai.library.rules.plainness import Advice, advice, humour
from balai.people.models import Institution, Member
from balai.people.selectors import may_somewhere

__all__ = [
    "VARIABLES",
    "Advice",
    "Filled",
    "Found",
    "advice",
    "articles_of",
    "distinctive",
    "draft_of",
    "editions_of",
    "fill",
    "find_articles",
    "humour",
    "in_force",
    "is_overdue",
    "left_over",
    "nearest",
    "one_usable",
    "overdue_of",
    "public_articles",
    "usable",
    "uses_of",
    "variables_in",
    "worded_in",
]

State = Edition.State
MOST_COMPARED = 2_000  # articles in force that a question is compared with


class Found(NamedTuple):
    """An article in force in the wording that suits the reader."""

    article: Article
    edition: Edition
    wording: Wording
    citations: Sequence[Citation]


def articles_of(institution: Institution | int) -> QuerySet[Article]:
    """The institution's articles, with how often each was used and the states of its editions."""
    number = institution if isinstance(institution, int) else institution.pk
    return (
        Article.objects.filter(institution=number)
        .select_related("unit", "owner")
        .annotate(used=Coalesce(Sum("uses__n"), 0))
        .order_by("topic", "id")
    )


def editions_of(article: Article) -> QuerySet[Edition]:
    """Every edition, newest first, with its wordings and citations."""
    return (
        article.editions.select_related("author", "approver", "article")
        .prefetch_related("wordings", "citations")
        .order_by("-number")
    )


def in_force(article: Article) -> Edition | None:
    """What an article says today; None when nothing of it is in force."""
    return editions_of(article).filter(state=State.IN_FORCE).first()


def draft_of(article: Article) -> Edition | None:
    """The draft that waits for another person; None when there is none."""
    return editions_of(article).filter(state=State.DRAFT).first()


def overdue_of(institution: Institution | int, today: date) -> QuerySet[Article]:
    """Articles in force that somebody should have looked at again by now."""
    late = articles_of(institution).filter(review_on__lt=today, editions__state=State.IN_FORCE)
    return late.distinct()


def uses_of(article: Article) -> list[tuple[str, int]]:
    """Who answered with it how often, the most frequent first."""
    rows = article.uses.select_related("member").order_by("-n", "member__name")
    return [(str(use.member), use.n) for use in rows]


def usable(member: Member, *, language: str = "") -> list[Found]:
    """Every article in force that a member may use, each in the wording that suits a language."""
    if not may_somewhere(member, "article.view", member.institution_id):
        return []
    editions = (
        Edition.objects.filter(state=State.IN_FORCE, article__institution_id=member.institution_id)
        .select_related("article", "article__unit")
        .prefetch_related(
            Prefetch("wordings", Wording.objects.order_by("pk")),
            Prefetch("citations", Citation.objects.order_by("pk")),
        )
        .order_by("article__topic", "article_id")[:MOST_COMPARED]
    )
    return [
        Found(edition.article, edition, worded_in(edition, language), list(edition.citations.all()))
        for edition in editions
    ]


def public_articles(institution: Institution | int, *, language: str = "") -> list[Found]:
    """Every article in force that an approver let onto the public site, by topic."""
    number = institution if isinstance(institution, int) else institution.pk
    editions = (
        Edition.objects.filter(state=State.IN_FORCE, is_public=True, article__institution_id=number)
        .select_related("article", "article__unit")
        .prefetch_related(
            Prefetch("wordings", Wording.objects.order_by("pk")),
            Prefetch("citations", Citation.objects.order_by("pk")),
        )
        .order_by("article__topic", "article_id")[:MOST_COMPARED]
    )
    return [
        Found(edition.article, edition, worded_in(edition, language), list(edition.citations.all()))
        for edition in editions
    ]


def one_usable(member: Member, article_id: int, *, language: str = "") -> Found | None:
    """One article that a member may use; None when it is not in force, or not theirs."""
    found = (one for one in usable(member, language=language) if one.article.pk == article_id)
    return next(found, None)


def find_articles(
    member: Member, words: str, *, question: str = "", language: str = "", limit: int = 8
) -> list[Found]:
    """Articles in force with all these words; without words those nearest to a question."""
    everything = usable(member, language=language)
    if words.strip():
        wanted = words.split()
        return [one for one in everything if holds_all(wanted, _all_words(one))][:limit]
    return [
        everything[n] for n in nearest(question, [_all_words(f) for f in everything], limit=limit)
    ]


def worded_in(edition: Edition, language: str) -> Wording:
    """The wording in a language, else the Indonesian one, else the first."""
    wordings = list(edition.wordings.all())
    by_language = {wording.language: wording for wording in wordings}
    return by_language.get(language) or by_language.get("ind") or wordings[0]


def _all_words(found: Found) -> str:
    """All that an article says in any language, and what it is about."""
    said = [
        f"{wording.title} {wording.title} {wording.body}"
        for wording in found.edition.wordings.all()
    ]
    return " ".join([found.article.topic, *said])
