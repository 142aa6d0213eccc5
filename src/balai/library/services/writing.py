"""From the first words of an article to the day it is in force."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.library import rules
from balai.library.events import ArticleMoved
from balai.library.models import Article, Citation, Edition, Wording
from balai.people.models import Institution, Member, Unit
from balai.people.services import allow, refuse_same_person

State = Edition.State


class Worded(NamedTuple):
    """What an edition says in one language."""

    language: str
    title: str
    body: str


class Cited(NamedTuple):
    """Where it stands."""

    source: str
    url: str = ""


class NothingToApprove(ValidationError):
    """The draft that somebody wants to approve is not the one that stands there now."""

    def __init__(self) -> None:
        super().__init__(_("The draft was changed or dropped meanwhile. Read it again."))


@transaction.atomic
def propose_article(
    *,
    institution: Institution,
    wordings: Sequence[Worded],
    review_on: date,
    by: Member,
    kind: str = Article.Kind.ANSWER,
    topic: str = "",
    intent: str = "",
    unit: Unit | None = None,
    owner: Member | None = None,
    citations: Sequence[Cited] = (),
    is_public: bool = False,
) -> Article:
    """Write a new article as a draft; somebody else approves it. Raises ValidationError."""
    allow(by, "article.write", institution, unit=unit)
    _refuse_strangers(institution, unit, owner)
    article = Article(
        institution=institution,
        kind=kind,
        topic=topic,
        intent=intent,
        unit=unit,
        owner=owner or by,
        review_on=review_on,
        created_at=now(),
    )
    article.full_clean()
    article.save()
    _write(article, wordings, citations, by, is_public=is_public)
    return article


@transaction.atomic
def revise_article(
    article: Article,
    *,
    wordings: Sequence[Worded],
    by: Member,
    citations: Sequence[Cited] = (),
    is_public: bool = False,
    **about: Any,
) -> Edition:
    """Write the next edition of an article, or its draft anew; what is in force stays meanwhile.

    `about` changes the article itself (topic, intent, kind, unit, owner, review_on). Raises
    ValidationError.
    """
    article = _lock(article)
    allow(by, "article.write", article.institution_id, unit=article.unit_id)
    _refuse_strangers(article.institution, about.get("unit"), about.get("owner"))
    for name, value in about.items():
        setattr(article, name, value)
    article.full_clean()
    article.save()
    return _write(article, wordings, citations, by, is_public=is_public)


@transaction.atomic
def approve_edition(article: Article, *, number: int, by: Member) -> Edition:
    """Put the draft that the approver has read in force; the edition before it is retired.

    Raises NotAllowed for its author, NothingToApprove when that draft is no longer there.
    """
    article = _lock(article)
    allow(by, "article.approve", article.institution_id, unit=article.unit_id)
    draft = article.editions.filter(state=State.DRAFT, number=number).first()
    if draft is None:
        raise NothingToApprove
    refuse_same_person(draft.author_id, by, ("author", "approver"))
    moment = now()
    article.editions.filter(state=State.IN_FORCE).update(state=State.RETIRED, retired_at=moment)
    draft.state, draft.approver, draft.approved_at = State.IN_FORCE, by, moment
    draft.save()
    record(by=by, did="article.approved", on=article, edition=draft.number)
    announce(
        ArticleMoved(article.institution_id, article.pk, State.IN_FORCE),
        scope=article.institution_id,
    )
    return draft


@transaction.atomic
def drop_draft(article: Article, *, reason: str, by: Member) -> None:
    """Say no to a draft, or take one's own back. It is kept as retired. Raises NothingToApprove."""
    article = _lock(article)
    draft = article.editions.filter(state=State.DRAFT).first()
    if draft is None:
        raise NothingToApprove
    is_own = draft.author_id == by.pk
    action = "article.write" if is_own else "article.approve"
    allow(by, action, article.institution_id, unit=article.unit_id)
    draft.state, draft.retired_at = State.RETIRED, now()
    draft.save()
    record(by=by, did="article.returned", on=article, reason=reason, edition=draft.number)


def _lock(article: Article) -> Article:
    return (
        Article.objects.select_for_update(of=("self",))
        .select_related("institution")
        .get(pk=article.pk)
    )


def _write(
    article: Article,
    wordings: Sequence[Worded],
    citations: Sequence[Cited],
    by: Member,
    *,
    is_public: bool,
) -> Edition:
    """A draft with a number of its own each time, so that nobody approves what they did not read.

    An earlier draft of the same article is kept as retired.
    """
    _refuse_wordings(wordings, is_public=is_public)
    moment = now()
    article.editions.filter(state=State.DRAFT).update(state=State.RETIRED, retired_at=moment)
    last = article.editions.order_by("-number").values_list("number", flat=True).first() or 0
    edition = Edition.objects.create(
        article=article, number=last + 1, author=by, written_at=moment, is_public=is_public
    )
    for worded in wordings:
        wording = Wording(edition=edition, **worded._asdict())
        wording.full_clean()
        wording.save()
    for cited in citations:
        citation = Citation(edition=edition, **cited._asdict())
        citation.full_clean()
        citation.save()
    record(by=by, did="article.written", on=article, edition=edition.number)
    return edition


def _refuse_wordings(wordings: Sequence[Worded], *, is_public: bool) -> None:
    if not wordings:
        raise ValidationError(_("An article needs words in one language at least."))
    if len({worded.language for worded in wordings}) < len(wordings):
        raise ValidationError(_("Each language may stand here once."))
    unknown = [name for worded in wordings for name in rules.unknown_variables(worded.body)]
    if unknown:
        raise ValidationError(
            ngettext(
                "No answer can fill %(unknown)s. What can be filled: %(known)s.",
                "No answer can fill these: %(unknown)s. What can be filled: %(known)s.",
                len(unknown),
            )
            % {"unknown": _braced(unknown), "known": _braced(rules.VARIABLES)}
        )
    personal = [name for worded in wordings for name in rules.left_over(worded.body)]
    if is_public and personal:
        raise ValidationError(
            {
                "is_public": _("On the public site nobody fills %(names)s. Write it without.")
                % {"names": _braced(personal)}
            }
        )


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in dict.fromkeys(names))


def _refuse_strangers(institution: Institution, unit: Unit | None, owner: Member | None) -> None:
    if unit is not None and (unit.institution_id != institution.pk or unit.dissolved_on):
        raise ValidationError({"unit": _("Choose a unit that is at work in this institution.")})
    if owner is not None and (owner.institution_id != institution.pk or owner.left_at):
        raise ValidationError({"owner": _("Choose somebody who works in this institution.")})
