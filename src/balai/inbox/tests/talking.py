"""Plain functions that let citizens speak and officers sign in, for tests of the pages."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from django.test import Client

from balai.channels import services as channels
from balai.channels.models import Connection, Dispatch
from balai.channels.tests.make import make_connection
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox.landing import Arrival, open_store
from balai.inbox.models import Conversation, Message
from balai.inbox.services import answer, fresh_form_key
from balai.people.models import Institution, Member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(member: Member, **options: Any) -> Client:
    """A browser at the member's desk."""
    client = Client(**options)
    client.force_login(member.user, backend=BACKEND)
    return client


def make_line(institution: Institution, channel: str = "helloworld", **fields: Any) -> Connection:
    """A line of the institution that nobody looks at by itself."""
    return make_connection(institution, channel=channel, **{"next_look_at": None, **fields})


def hear(connection: Connection, text: str = "Lampu jalan mati", **fields: Any) -> Conversation:
    """A citizen says something on a line; the conversation in which it landed."""
    number = token_hex(8)
    moment = now()
    fields = {
        "thread_key": f"utas-{number}",
        "citizen_key": token_hex(16),
        "sent_at": moment - timedelta(minutes=10),
        "received_at": moment,
        "preview": text[:160],
        "intent": "question",
        "language": "ind",
        "clock": "question_first_response",
        "due_at": moment + timedelta(hours=2),
        "extra": {"handle": {"id": f"pesan-{number}"}},
        **fields,
    }
    landed = open_store().land(
        [
            Arrival(
                institution_id=connection.institution_id,
                connection_id=connection.pk,
                channel=connection.channel,
                remote_id=f"pesan-{number}",
                text=text,
                **fields,
            )
        ]
    )
    return Conversation.objects.get(pk=landed.conversation_ids[0])


def say(conversation: Conversation, by: Member, text: str = "Kami periksa hari ini.") -> Message:
    """An officer answers; the answer still waits in its undo window."""
    return answer(
        conversation,
        text=text,
        by=by,
        form_key=fresh_form_key(),
        after=conversation.last_in_id,
    )


def came_to(message: Message, state: str, **fields: Any) -> Dispatch:
    """The answer's dispatch, as far on its way as the test needs it."""
    found = Dispatch.objects.filter(purpose="inbox.answer", ref=message.pk)
    if state == "out":
        fields = {"remote_id": f"jauh-{message.pk}", "settled_at": now(), **fields}
    found.update(state=state, **fields)
    return found.get()


def fresh(conversation: Conversation) -> Conversation:
    """The conversation as it is now."""
    return Conversation.objects.get(pk=conversation.pk)


def send_all() -> None:
    """The undo window is over; workers send and the house hears of it."""
    Dispatch.objects.filter(state="waiting").update(due_at=now() - timedelta(seconds=1))
    for dispatch in Dispatch.objects.filter(state="waiting").select_related(
        "connection__institution"
    ):
        channels.send(dispatch)
    deliver()
