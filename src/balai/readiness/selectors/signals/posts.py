"""What the institution said on its accounts (domain 3.5 S1, T5, O3, O4; 3.4 E6, I4, P8).

A post is an item of which something stands, with proof, on an account or on our own page since a
day of the window.
"""

from datetime import timedelta

from django.db.models import F, Min, QuerySet
from django.urls import reverse

from balai.people.models import Member
from balai.people.selectors import may_somewhere
from balai.publishing.models import Approval, Correction, Item, Picture, Purpose, Variant
from balai.readiness.rules.figures import Figure, absent, counted
from balai.readiness.selectors.signals.window import CountedRow, Window

FACTUAL = (
    Purpose.SERVICE_INFORMATION, Purpose.POLICY_EXPLANATION, Purpose.DATA_STORY,
    Purpose.SAFETY_WARNING, Purpose.CORRECTION_DEBUNK,
)  # fmt: skip
TWO_WAY = (Purpose.INPUT_SEEKING, Purpose.DIALOGUE_REPLY)
A_DAY = timedelta(hours=24)  # to correct a confirmed error (domain 3.5 T5)


def with_source(asked: Window, n_min: int) -> Figure:
    """Factual posts that name a source / factual posts."""
    posts = _posts(asked).filter(purpose__in=FACTUAL)
    return _share(asked, posts.filter(facts__isnull=False).distinct(), posts, n_min)


def dialogue(asked: Window, n_min: int) -> Figure:
    """Posts that ask for input or reply in a dialogue / posts."""
    posts = _posts(asked)
    return _share(asked, posts.filter(purpose__in=TWO_WAY), posts, n_min)


def accessible(asked: Window, n_min: int) -> Figure:
    """Posts of which every picture has a description / posts."""
    posts = _posts(asked)
    return _share(asked, posts.exclude(pk__in=_undescribed()), posts, n_min)


def separated(asked: Window, n_min: int) -> Figure:
    """Posts approved by somebody who did not write them / posts, without logged emergencies."""
    posts = _posts(asked).filter(review_due_at=None)
    return _share(asked, posts.exclude(pk__in=_without_second_person(asked)), posts, n_min)


def errors_corrected(asked: Window, n_min: int) -> Figure:
    """Confirmed errors put right within 24 hours, the original kept / confirmed errors.

    One that is open and not a day old yet is in neither part.
    """
    if not _has_posts(asked):
        return absent("no_posts")
    due = [one for one in _errors(asked) if one.corrected_at or asked.at - one.noticed_at > A_DAY]
    return counted(sum(map(_in_a_day, due)), len(due), n=len(due), n_min=n_min)


def rows_with_source(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Factual posts, those without a source first."""
    posts = _posts(asked).filter(purpose__in=FACTUAL)
    good = set(posts.filter(facts__isnull=False).values_list("pk", flat=True))
    return _rows(posts, good, reader, limit)


def rows_dialogue(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Posts, those that only tell first."""
    posts = _posts(asked)
    good = set(posts.filter(purpose__in=TWO_WAY).values_list("pk", flat=True))
    return _rows(posts, good, reader, limit)


def rows_accessible(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Posts, those with a picture that nobody described first."""
    posts = _posts(asked)
    good = set(posts.exclude(pk__in=_undescribed()).values_list("pk", flat=True))
    return _rows(posts, good, reader, limit)


def rows_separated(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Posts, those that nobody else approved first."""
    posts = _posts(asked).filter(review_due_at=None)
    good = set(posts.exclude(pk__in=_without_second_person(asked)).values_list("pk", flat=True))
    return _rows(posts, good, reader, limit)


def rows_of_errors(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Confirmed errors, those that stood longer than a day first."""
    if not may_somewhere(reader, "post.view", reader.institution_id):
        return []
    ordered = sorted(_errors(asked), key=lambda one: (_in_a_day(one), one.noticed_at))
    return [
        CountedRow(
            one.words,
            reverse("publishing:item", args=[one.variant.item_id]),
            one.noticed_at,
            _in_a_day(one),
        )
        for one in ordered[:limit]
    ]


def _posts(asked: Window) -> QuerySet[Item]:
    return Item.objects.filter(
        pk__in=Variant.objects.filter(
            institution=asked.institution,
            published_at__gte=asked.begins_at,
            published_at__lt=asked.ends_at,
        ).values("item")
    )


def _has_posts(asked: Window) -> bool:
    return Variant.objects.filter(
        institution=asked.institution, published_at__isnull=False
    ).exists()


def _share(asked: Window, part: QuerySet[Item], whole: QuerySet[Item], n_min: int) -> Figure:
    if not _has_posts(asked):
        return absent("no_posts")
    n = whole.count()
    return counted(part.count(), n, n=n, n_min=n_min)


def _undescribed() -> QuerySet[Picture, int]:
    return Picture.objects.filter(alt="", dropped_at=None).values_list("item", flat=True)


def _without_second_person(asked: Window) -> QuerySet[Variant, int]:
    """Items with a variant that stands there though nobody but its author approved it."""
    second = Approval.objects.filter(revision__variant__institution=asked.institution).exclude(
        member=F("author")
    )
    return (
        Variant.objects.filter(institution=asked.institution, published_at__gte=asked.begins_at)
        .exclude(pk__in=second.values("revision__variant"))
        .values_list("item", flat=True)
    )


def _errors(asked: Window) -> list[Correction]:
    return list(
        Correction.objects.filter(
            variant__institution=asked.institution,
            noticed_at__gte=asked.begins_at,
            noticed_at__lt=asked.ends_at,
        ).select_related("variant")
    )


def _in_a_day(one: Correction) -> bool:
    return one.corrected_at is not None and one.corrected_at - one.noticed_at <= A_DAY


def _rows(posts: QuerySet[Item], good: set[int], reader: Member, limit: int) -> list[CountedRow]:
    if not may_somewhere(reader, "post.view", reader.institution_id):
        return []
    said = posts.annotate(said_at=Min("variants__published_at")).order_by("-said_at")
    found = [
        CountedRow(one.title, reverse("publishing:item", args=[one.pk]), at, one.pk in good)
        for one, at in ((one, getattr(one, "said_at", None)) for one in said)
    ]
    return sorted(found, key=lambda row: bool(row.fulfils))[:limit]
