"""Our party in the bench of posts: workers as they run in life, each a process of its own."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from balai.config.bench.scratch import answer, percentiles, settle

ALONE = "worker"


def main() -> None:
    """Make the posts and let so many workers carry them; or be one of these workers."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    if order["party"] == ALONE:
        _work()
        return
    settle()
    _make(order["rows"])
    command = [sys.executable, "-m", __spec__.name, json.dumps({"party": ALONE})]
    workers = [subprocess.Popen(command) for _ in range(order["workers"])]  # noqa: S603 - our own module
    if any(worker.wait() for worker in workers):
        raise SystemExit("a worker failed")
    _tell(order["rows"])


def _make(rows: int) -> None:
    """Approved posts that are due now, on one line to a folder."""
    from balai.channels.services import connect
    from balai.ground.clock import now
    from balai.people.models import Grant, Institution, Member, Unit, User
    from balai.people.selectors import OPERATOR
    from balai.publishing import services
    from balai.publishing.models import Variant
    from balai.registry.models import OfficialAccount

    folder = Path(os.environ["BALAI_HOME"]) / "network"
    folder.mkdir()
    institution = Institution.objects.create(name="Kota Contoh", slug="contoh", kind="city")
    members = []
    for role in ("content_creator", "editor"):
        user = User.objects.create_user(f"{role}@contoh.example")
        member = Member.objects.create(user=user, institution=institution, name=role)
        Grant.objects.create(member=member, role=role)
        members.append(member)
    writer, editor = members
    account = OfficialAccount.objects.create(
        institution=institution, channel="helloworld", handle="papan", state="active",
        platform_user_id=str(folder), requested_at=now(), first_contact=writer,
        second_contact=editor,
        owner_unit=Unit.objects.create(institution=institution, name="Humas", code="humas"),
    )  # fmt: skip
    connect(
        institution=institution, channel="helloworld", name="Papan", account=account,
        answers={"folder": str(folder)}, by=OPERATOR,
    )  # fmt: skip
    OfficialAccount.objects.filter(pk=account.pk).update(state="active")
    for number in range(rows):
        item = services.write_item(
            institution=institution, title=f"Kabar {number}", by=writer, purpose="ceremonial",
            segment="warga", texts={account.pk: f"Kabar nomor {number} untuk warga."},
        )  # fmt: skip
        services.submit(item, by=writer)
        variant = item.variants.select_related("revision").get()
        mark = variant.revision.sha256 if variant.revision else ""
        services.approve(variant, mark=mark, by=editor)
        services.schedule(variant, at=None, by=editor)
    Variant.objects.update(at=now() - timedelta(seconds=1))


def _work() -> None:
    """Carry posts until none is left to carry."""
    import django

    django.setup()
    from balai.channels.models import Dispatch
    from balai.channels.sweeps import send_due
    from balai.ground.services import deliver
    from balai.publishing.models import Variant
    from balai.publishing.sweeps import put_out_due

    waiting = {"state__in": ["scheduled", "publishing"]}
    while Variant.objects.filter(**waiting).exists():
        moved = put_out_due() + send_due() + deliver()
        if not moved and not Dispatch.objects.filter(state="waiting").exists():
            time.sleep(0.01)


def _tell(rows: int) -> None:
    """From the first post at the door to the last proof: how long a process takes to start is not
    counted."""
    from django.db.models import Max, Min

    from balai.channels.models import Dispatch

    span = Dispatch.objects.aggregate(began=Min("created_at"), ended=Max("settled_at"))
    seconds = (span["ended"] - span["began"]).total_seconds()
    sent = Dispatch.objects.prefetch_related("attempts")
    waits = [
        (first.started_at - one.created_at).total_seconds()
        for one in sent
        if (first := one.attempts.first()) is not None
    ]
    doubled = sent.filter(attempts_made__gt=1).count()
    answer(rate=round(rows / seconds, 1), sent_twice=doubled, **percentiles(waits))


if __name__ == "__main__":
    main()
