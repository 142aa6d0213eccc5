"""The stage on which workers that carry posts die: an office, one account, one approved post.

Each command is a process of its own (`publish_stage.py set-up FOLDER`), as in life.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from balai.channels.models import Dispatch  # noqa: E402
from balai.channels.services import connect, sending  # noqa: E402
from balai.config.timetable import TIMETABLE  # noqa: E402
from balai.ground.clock import now  # noqa: E402
from balai.ground.worker import run_once  # noqa: E402
from balai.people.models import Grant, Institution, Member, Unit, User  # noqa: E402
from balai.people.selectors import OPERATOR  # noqa: E402
from balai.publishing import services  # noqa: E402
from balai.publishing.models import Variant  # noqa: E402
from balai.registry.models import OfficialAccount  # noqa: E402
from tests.kill.stage import ROUNDS, hurry  # noqa: E402

TEXT = "Pasar murah hari Rabu di alun-alun. Silakan datang."


def set_up(folder: str) -> None:
    """An office with a writer, an editor, and one post that is due on the counting network."""
    institution = Institution.objects.create(name="Kota Contoh", slug="contoh", kind="city")
    writer = _member(institution, "content_creator")
    editor = _member(institution, "editor")
    account = OfficialAccount.objects.create(
        institution=institution, channel="helloworld", handle="papan", state="active",
        platform_user_id=folder, requested_at=now(), first_contact=writer, second_contact=editor,
        owner_unit=Unit.objects.create(institution=institution, name="Humas", code="humas"),
    )  # fmt: skip
    connect(
        institution=institution, channel="helloworld", name="Papan", account=account,
        answers={"folder": folder}, by=OPERATOR,
    )  # fmt: skip
    OfficialAccount.objects.filter(pk=account.pk).update(state="active")
    item = services.write_item(
        institution=institution, title="Pasar murah", texts={account.pk: TEXT}, by=writer,
        purpose="ceremonial", segment="warga",
    )  # fmt: skip
    services.submit(item, by=writer)
    variant = Variant.objects.select_related("revision").get()
    services.approve(variant, mark=variant.revision.sha256, by=editor)
    services.schedule(variant, at=None, by=editor)
    Variant.objects.update(at=now() - timedelta(seconds=1))


def mend() -> None:
    """A new worker takes over, round after round, until nothing changes any more."""
    sending.FIRST_WAIT = timedelta(seconds=1)
    for _ in range(ROUNDS):
        hurry()
        run_once(TIMETABLE)
    variant = Variant.objects.get()
    facts = {
        "state": variant.state,
        "has_proof": bool(variant.remote_id),
        "dispatches": list(Dispatch.objects.values_list("state", flat=True)),
    }
    sys.stdout.write(json.dumps(facts))


def _member(institution: Institution, role: str) -> Member:
    user = User.objects.create_user(f"{role}@contoh.example")
    member = Member.objects.create(user=user, institution=institution, name=role)
    Grant.objects.create(member=member, role=role)
    return member


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"set-up": set_up, "hurry": hurry, "mend": mend}[command](*arguments)
