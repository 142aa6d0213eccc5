"""The log as a table in the installation's own database, on SQLite and PostgreSQL alike."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Min, Q, Sum

from balai.ground.clock import now
from balai.ground.log.port import Claimed, Depth
from balai.ground.models import LogBatch

MOST = 500  # batches claimed together


class TableLog:
    """Rows claimed in one short transaction; on PostgreSQL, workers skip each other's rows."""

    def append(self, subject: str, body: bytes, *, size: int, urgent: bool = False) -> None:
        LogBatch.objects.create(
            subject=subject, body=body, size=size, is_urgent=urgent, appended_at=now()
        )

    @transaction.atomic
    def claim(self, lease: timedelta, *, items: int = 1) -> list[Claimed]:
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now())
        waiting = LogBatch.objects.select_for_update(skip_locked=True).filter(free)
        batches = _together(waiting.order_by("-is_urgent", "id")[: min(items, MOST)], items)
        if not batches:
            return []
        token = secrets.token_hex(16)
        # Nobody else can have them: rows are locked, and on SQLite a transaction is IMMEDIATE.
        LogBatch.objects.filter(pk__in=[batch.pk for batch in batches]).update(
            lease_token=token, leased_until=now() + lease, claims=F("claims") + 1
        )
        return [
            Claimed(
                handle=str(batch.pk),
                token=token,
                subject=batch.subject,
                body=bytes(batch.body),
                size=batch.size,
                claims=batch.claims + 1,
            )
            for batch in batches
        ]

    def ack(self, claimed: Sequence[Claimed]) -> bool:
        deleted, _ = LogBatch.objects.filter(
            pk__in=[int(one.handle) for one in claimed],
            lease_token__in={one.token for one in claimed},
        ).delete()
        return deleted == len(claimed)

    def depth(self) -> Depth:
        found = LogBatch.objects.aggregate(
            batches=Count("id"), items=Sum("size"), oldest_at=Min("appended_at")
        )
        return Depth(found["batches"], found["items"] or 0, found["oldest_at"])


def _together(waiting: Iterable[LogBatch], items: int) -> list[LogBatch]:
    """The first batch, and those after it that may be worked on with it."""
    chosen: list[LogBatch] = []
    room = items
    for batch in waiting:
        room -= batch.size
        if chosen and (
            room < 0 or batch.claims or chosen[0].claims or batch.is_urgent < chosen[0].is_urgent
        ):
            break
        chosen.append(batch)
    return chosen
