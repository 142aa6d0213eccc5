"""Announce a fact, and carry announced facts to those who hear them."""

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from balai.ground.clock import now
from balai.ground.events import Event
from balai.ground.models import Announcement

logger = logging.getLogger(__name__)

type_of_hearer = Callable[[Any], None]
Switchboard = Mapping[type[Event], Sequence[type_of_hearer]]

TRIES_BEFORE_DEAD = 8
LONGEST_WAIT = timedelta(hours=1)
LATE_COMERS = 64
DROPPED_AT_ONCE = 1_000


def announce(*events: Event, scope: int = 0) -> None:
    """Write facts down in the current transaction; they are heard after it commits."""
    moment = now()
    Announcement.objects.bulk_create(
        Announcement(
            name=type(event).__name__,
            # Shallow on purpose: asdict() copies every id of a batch of a thousand.
            facts={field.name: getattr(event, field.name) for field in dataclasses.fields(event)},
            scope=scope,
            announced_at=moment,
            next_try_at=moment,
        )
        for event in events
    )


def news_mark() -> str:
    """Another word as soon as anything was announced: the ETag of what changes with it.

    It names the newest few, for a transaction that began earlier may end later.
    """
    newest = Announcement.objects.order_by("-pk").values_list("pk", flat=True)[:LATE_COMERS]
    return f"{max(newest, default=0)}.{sum(newest)}"


def deliver(limit: int = 100) -> int:
    """Tell waiting facts to their hearers, oldest first, at least once each.

    Hearers are idempotent: when one of several fails, all hear the fact again. Returns how many
    facts were tried.
    """
    heard_by = _heard_by_name()
    waiting = Announcement.objects.filter(
        heard_at__isnull=True, is_dead=False, next_try_at__lte=now()
    ).order_by("id")[:limit]
    tried = 0
    for announcement in list(waiting):
        # Another worker may carry the same fact at this moment; moving the date claims it.
        mine = Announcement.objects.filter(
            pk=announcement.pk, heard_at__isnull=True, next_try_at=announcement.next_try_at
        ).update(next_try_at=now() + _wait_after(announcement.tries + 1))
        if mine:
            tried += 1
            _tell(announcement, heard_by)
    return tried


def drop_heard() -> int:
    """Facts are kept for BALAI_KEEP_FACTS days after they were heard; dead letters stay.

    Some at a time, and never the newest few: `news_mark` and open pages look at those.
    """
    until = now() - timedelta(days=settings.BALAI_KEEP_FACTS)
    newest = Announcement.objects.order_by("-pk").values_list("pk", flat=True)
    kept = list(newest[LATE_COMERS - 1 : LATE_COMERS])
    if not kept:
        return 0
    old = Announcement.objects.filter(heard_at__lt=until, pk__lt=kept[0])
    some = list(old.order_by("pk").values_list("pk", flat=True)[:DROPPED_AT_ONCE])
    gone, _ = Announcement.objects.filter(pk__in=some).delete()
    return gone


def revive(announcement: Announcement) -> None:
    """Give a dead letter another set of tries, after its cause was mended."""
    Announcement.objects.filter(pk=announcement.pk).update(
        is_dead=False, tries=0, next_try_at=now()
    )


def _tell(
    announcement: Announcement,
    heard_by: dict[str, tuple[type[Event], Sequence[type_of_hearer]]],
) -> None:
    event_type, hearers = heard_by.get(announcement.name, (None, ()))
    try:
        if event_type is not None:
            event = event_type(**announcement.facts)
            for hearer in hearers:
                with transaction.atomic():
                    hearer(event)
    except Exception as failure:
        logger.exception("%s could not be heard", announcement)
        announcement.tries += 1
        announcement.trouble = f"{type(failure).__name__}: {failure}"
        announcement.is_dead = announcement.tries >= TRIES_BEFORE_DEAD
        announcement.save(update_fields=["tries", "trouble", "is_dead"])
    else:
        Announcement.objects.filter(pk=announcement.pk).update(heard_at=now(), trouble="")


def _wait_after(tries: int) -> timedelta:
    return min(timedelta(seconds=2**tries), LONGEST_WAIT)


def _heard_by_name() -> dict[str, tuple[type[Event], Sequence[type_of_hearer]]]:
    switchboard: Switchboard = import_string(settings.BALAI_SWITCHBOARD)
    return {event.__name__: (event, hearers) for event, hearers in switchboard.items()}
