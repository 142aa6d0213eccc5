"""An article's life in force: used, looked at again, retired."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.library.events import ArticleMoved
from balai.library.models import Article, Edition, Use
from balai.people.models import Member
from balai.people.selectors import may_somewhere
from balai.people.services import allow, refusal

State = Edition.State


@transaction.atomic
def retire_article(article: Article, *, reason: str, by: Member) -> None:
    """Take an article out of use. Its editions are kept. Raises ValidationError when it is not in
    force."""
    allow(by, "article.approve", article.institution_id, unit=article.unit_id)
    ended = article.editions.filter(state=State.IN_FORCE).update(
        state=State.RETIRED, retired_at=now()
    )
    if not ended:
        raise ValidationError(_("This article is not in force."))
    record(by=by, did="article.retired", on=article, reason=reason)
    announce(
        ArticleMoved(article.institution_id, article.pk, State.RETIRED),
        scope=article.institution_id,
    )


@transaction.atomic
def confirm_review(article: Article, *, review_on: date, by: Member) -> None:
    """Say that an article is still right, and when to look at it again. Raises ValidationError for
    a day that is past."""
    allow(by, "article.approve", article.institution_id, unit=article.unit_id)
    if review_on <= now().date():
        raise ValidationError({"review_on": _("Choose a day that is still to come.")})
    article.review_on = review_on
    article.save(update_fields=["review_on"])
    record(by=by, did="article.reviewed", on=article, until=review_on.isoformat())


@transaction.atomic
def note_use(article_ids: Iterable[int], *, by: Member) -> None:
    """Count that a member answered with these articles. What is not of the member's institution
    counts nothing."""
    if not may_somewhere(by, "article.view", by.institution_id):
        raise refusal("article.view")
    moment = now()
    wanted = Article.objects.filter(pk__in=set(article_ids), institution_id=by.institution_id)
    for article in wanted.order_by("pk"):
        use, _made = Use.objects.get_or_create(
            article=article, member=by, defaults={"last_at": moment}
        )
        Use.objects.filter(pk=use.pk).update(n=F("n") + 1, last_at=moment)
