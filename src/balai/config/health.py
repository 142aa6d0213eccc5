"""The doctor's examinations: each says in words what it found and what to do."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from balai.channels.models import Connection, Dispatch, Parcel
from balai.ground.clock import now
from balai.ground.log import open_log
from balai.ground.models import Announcement, Beat
from balai.people.models import Grant

SILENT_AFTER = timedelta(minutes=10)
LATE_LOG = timedelta(minutes=1)


class Finding(NamedTuple):
    """What one examination found: ok, care, or bad."""

    grade: str
    what: str
    words: str


def examine() -> list[Finding]:
    """Every examination, in order; one that fails is itself a finding."""
    found = []
    for look in EXAMINATIONS:
        try:
            found.append(look())
        except (DatabaseError, OSError) as failure:
            found.append(
                Finding("bad", look.__name__.lstrip("_"), f"cannot be examined: {failure}")
            )
    return found


def _tables() -> Finding:
    executor = MigrationExecutor(database)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Finding("bad", "tables", f"{len(missing)} migrations are missing: run balai migrate")
    return Finding("ok", "tables", f"current, on {database.vendor}")


def _keys() -> Finding:
    keys = settings.HOME.path / "keys"
    open_ones = [f.name for f in keys.glob("*") if f.stat().st_mode & 0o077]
    if open_ones:
        names = ", ".join(open_ones)
        return Finding("bad", "keys", f"others can read {names} in {keys}: chmod 600 them")
    if os.environ.get("BALAI_SECRET_KEYS"):
        return Finding("ok", "keys", "master keys come from the environment")
    return Finding("care", "keys", f"master key lies in {keys}: keep a copy apart from the backups")


def _address() -> Finding:
    if settings.BEHIND_TLS:
        return Finding("ok", "address", settings.BALAI_ADDRESS)
    return Finding(
        "care", "address",
        f"{settings.BALAI_ADDRESS} has no TLS: put a reverse proxy in front and set BALAI_ADDRESS",
    )  # fmt: skip


def _second_factor() -> Finding:
    powerful = set(
        Grant.objects.filter(
            ended_at=None, member__left_at=None, role__in=settings.BALAI_SECOND_FACTOR_ROLES
        ).values_list("member__user_id", flat=True)
    )
    covered = set(Authenticator.objects.values_list("user_id", flat=True))
    bare = len(powerful - covered)
    if bare:
        return Finding(
            "care", "second factor", f"{bare} administrators sign in with a password alone"
        )
    return Finding("ok", "second factor", "every administrator has one")


def _work() -> Finding:
    silent = Beat.objects.filter(ran_at__lt=now() - SILENT_AFTER, next_at__lt=now() - SILENT_AFTER)
    failing = [b.sweep for b in Beat.objects.exclude(trouble="") if b.failed_at == b.ran_at]
    if failing:
        return Finding("bad", "work", f"failing: {', '.join(failing)} (see the log)")
    if not Beat.objects.exists() or silent.exists():
        return Finding("care", "work", "no worker ran in the last ten minutes: balai serve or work")
    return Finding("ok", "work", "all sweeps run")


def _log() -> Finding:
    depth = open_log().depth()
    if depth.oldest_at and now() - depth.oldest_at > LATE_LOG:
        return Finding(
            "care", "log", f"{depth.items} parcels wait since {depth.oldest_at:%H:%M} UTC"
        )
    return Finding("ok", "log", "nothing waits")


def _lines() -> Finding:
    broken = list(Connection.objects.filter(state=Connection.State.BROKEN))
    if broken:
        words = "; ".join(f"{c.name}: {c.trouble}" for c in broken)
        return Finding("bad", "connections", words)
    return Finding("ok", "connections", f"{Connection.objects.count()} connections, none broken")


def _unsettled() -> Finding:
    unknown = Dispatch.objects.filter(state=Dispatch.State.UNKNOWN).count()
    if unknown:
        return Finding("care", "dispatches", f"{unknown} with unknown outcome: see Channels")
    return Finding("ok", "dispatches", "none with unknown outcome")


def _letters() -> Finding:
    dead = Announcement.objects.filter(is_dead=True).count()
    unreadable = Parcel.objects.filter(state=Parcel.State.UNREADABLE).count()
    if dead:
        return Finding("bad", "dead letters", f"{dead} facts could not be heard (see the log)")
    if unreadable:
        return Finding("care", "parcels", f"{unreadable} could not be read: see Channels")
    return Finding("ok", "parcels", "all read")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME.path).free / 2**30
    grade = "bad" if free < 1 else "care" if free < 5 else "ok"
    return Finding(grade, "disk", f"{free:.1f} GB free under {settings.HOME.path}")


EXAMINATIONS: tuple[Callable[[], Finding], ...] = (
    _tables,
    _keys,
    _address,
    _second_factor,
    _work,
    _log,
    _lines,
    _unsettled,
    _letters,
    _disk,
)
