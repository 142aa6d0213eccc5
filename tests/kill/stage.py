"""The stage on which workers die: an institution, a citizen, a network that counts what it got.

Each command is a process of its own (`stage.py set-up FOLDER`), as in life.
"""

import json
import sys
from collections import Counter
from datetime import timedelta

import django

django.setup()

from balai.channels.models import Connection, Dispatch, Parcel  # noqa: E402
from balai.channels.services import connect, sending  # noqa: E402
from balai.config.timetable import TIMETABLE  # noqa: E402
from balai.ground.clock import now  # noqa: E402
from balai.ground.models import Announcement, LogBatch  # noqa: E402
from balai.ground.worker import run_once  # noqa: E402
from balai.inbox import rules, services  # noqa: E402
from balai.inbox.models import Conversation, Message  # noqa: E402
from balai.people.models import Grant, Institution, Member, User  # noqa: E402
from balai.people.selectors import OPERATOR  # noqa: E402

ROUNDS = 5  # a mended house settles in two or three; each lets all leases lapse


def set_up(folder: str) -> None:
    """An institution with one officer and one line to the counting network."""
    institution = Institution.objects.create(name="Kota Contoh", slug="contoh", kind="city")
    user = User.objects.create_user("petugas", "petugas@contoh.example")
    officer = Member.objects.create(user=user, institution=institution, name="Petugas")
    Grant.objects.create(member=officer, role="responder")
    connect(
        institution=institution, channel="helloworld", name="Papan", answers={"folder": folder},
        by=OPERATOR,
    )  # fmt: skip


def answer(text: str) -> None:
    """The officer answers the one conversation; nobody undoes it."""
    rules.UNDO_WINDOW = timedelta()
    conversation = Conversation.objects.get()
    services.answer(
        conversation, text=text, by=Member.objects.get(), form_key="formulir-1",
        after=conversation.last_in_id,
    )  # fmt: skip


def hurry() -> None:
    """Time passes: leases and pauses are over."""
    before = now() - timedelta(seconds=1)
    LogBatch.objects.filter(leased_until__isnull=False).update(leased_until=before)
    Dispatch.objects.filter(leased_until__isnull=False).update(leased_until=before)
    Dispatch.objects.filter(state__in=["waiting", "unknown"]).update(due_at=before)
    Announcement.objects.filter(heard_at=None).update(next_try_at=before)
    Connection.objects.update(next_look_at=before)
    Parcel.objects.filter(state="waiting").update(arrived_at=now() - timedelta(hours=1))


def mend() -> None:
    """A new worker takes over, round after round, until nothing changes any more."""
    sending.FIRST_WAIT = timedelta(seconds=1)
    for _ in range(ROUNDS):
        hurry()
        run_once(TIMETABLE)
    tell()


def tell() -> None:
    """Print what stands in the house."""
    conversation = Conversation.objects.first()
    facts = {
        "conversations": Conversation.objects.count(),
        "state": conversation.state if conversation else None,
        "clock_stopped": bool(conversation and conversation.first_answered_at),
        "words": dict(Counter(Message.objects.values_list("direction", flat=True))),
        "remote_ids": sorted(
            Message.objects.exclude(remote_id="").values_list("remote_id", flat=True)
        ),
        "dispatches": sorted(Dispatch.objects.values_list("state", flat=True)),
        "waiting": LogBatch.objects.count() + Parcel.objects.filter(state="waiting").count(),
    }
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"set-up": set_up, "answer": answer, "hurry": hurry, "mend": mend}[command](*arguments)
