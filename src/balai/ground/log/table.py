"""The log as a table in the installation's own database, on SQLite and PostgreSQL alike."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Min, Q, Sum

from balai.ground.clock import now
from balai.ground.log.port import Claimed, Depth
from balai.ground.models import LogBatch


class TableLog:
    """Rows claimed by a conditional update; on PostgreSQL, workers skip each other's rows."""

    def append(self, subject: str, body: bytes, *, size: int, urgent: bool = False) -> None:
        LogBatch.objects.create(
            subject=subject, body=body, size=size, is_urgent=urgent, appended_at=now()
        )

    @transaction.atomic
    def claim(self, lease: timedelta) -> Claimed | None:
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now())
        batch = (
            LogBatch.objects.select_for_update(skip_locked=True)
            .filter(free)
            .order_by("-is_urgent", "id")
            .first()
        )
        if batch is None:
            return None
        token = secrets.token_hex(16)
        mine = (
            LogBatch.objects.filter(pk=batch.pk, lease_token=batch.lease_token)
            .filter(free)
            .update(lease_token=token, leased_until=now() + lease, claims=batch.claims + 1)
        )
        if not mine:  # SQLite has no row locks: another worker was faster
            return None
        return Claimed(
            handle=str(batch.pk),
            token=token,
            subject=batch.subject,
            body=bytes(batch.body),
            size=batch.size,
            claims=batch.claims + 1,
        )

    def ack(self, claimed: Claimed) -> bool:
        deleted, _ = LogBatch.objects.filter(
            pk=int(claimed.handle), lease_token=claimed.token
        ).delete()
        return deleted == 1

    def depth(self) -> Depth:
        found = LogBatch.objects.aggregate(
            batches=Count("id"), items=Sum("size"), oldest_at=Min("appended_at")
        )
        return Depth(found["batches"], found["items"] or 0, found["oldest_at"])
