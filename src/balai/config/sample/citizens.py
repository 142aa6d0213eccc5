"""The sample's citizens: promised something, known on two channels, asking for their data, safe."""

from datetime import timedelta

from balai.config.sample.office import PASSWORD, Office
from balai.ground.clock import now
from balai.inbox.models import Conversation, Message, Promise
from balai.inbox.services import asking, consenting, contacts, handing_off, promising, sealing
from balai.people.models import Member

KEEPERS = {
    "whistleblowing": "atasanppid",
    "self_harm": "kesehatan",
    "child": "kesehatan",
    "personal_data": "pdp",
}
PROMISES = (
    ("Petugas lapangan datang memeriksa dan mengabari hasilnya", timedelta(days=-1)),
    ("Kepastian jadwal perbaikan dikirim di percakapan ini", timedelta(days=2)),
    ("Kabar tentang berkas yang kurang", timedelta(days=4)),
)


def fill_citizens(office: Office) -> None:
    """Let promises, consents, a request, a hand-off and the safe channels be seen at work."""
    _keep_safe(office)
    officer, protection = office.members["petugas"], office.members["pdp"]
    answered = _answered(office)
    for (what, until), talk in zip(PROMISES, answered, strict=False):
        _promise(talk, what, until, officer)
    if len(answered) > 1:
        _person(answered, officer)
        request = asking.note_request(answered[1], kind="access", by=officer)
        asking.confirm_in_person(request, by=protection)
        asking.note_request(answered[-1], kind="deletion", by=officer)
    grave = (
        Conversation.objects.filter(institution=office.institution, priority=2)
        .exclude(state__in=["sealed", "moderated"])
        .order_by("-last_message_id")
        .first()
    )
    if grave is not None:
        made = handing_off.hand_off(grave, service="BPBD Randuwangi", number="112", by=officer)
        handing_off.acknowledge(made, who="Operator regu 2", by=officer)


def _keep_safe(office: Office) -> None:
    leader = office.members["bupati"]
    for path, login in KEEPERS.items():
        member = office.members[login]
        keeper = sealing.name_keeper(office.institution, path=path, member=member, by=leader)
        sealing.make_ready(keeper, passphrase=PASSWORD, by=member)
    while sealing.lock_waiting():
        pass


def _answered(office: Office) -> list[Conversation]:
    found = Conversation.objects.filter(
        institution=office.institution, first_answered_at__isnull=False
    ).exclude(state__in=["sealed", "moderated"])
    return [
        talk
        for talk in found.order_by("-last_message_id")[:40]
        if Message.objects.filter(
            conversation=talk, direction=Message.Direction.OUT, is_automatic=False
        ).exists()
    ][:6]


def _promise(talk: Conversation, what: str, until: timedelta, by: Member) -> None:
    tomorrow = now() + timedelta(days=1)
    made = promising.make_promise(talk, what=what, due_at=tomorrow, by=by)
    Promise.objects.filter(pk=made.pk).update(due_at=now() + until)


def _person(talks: list[Conversation], by: Member) -> None:
    one = talks[0].citizen
    other = next((talk.citizen for talk in talks[1:] if talk.citizen_id != one.pk), None)
    contacts.write_citizen_note(
        one, text="Bekerja pagi sampai siang; lebih mudah dihubungi sore hari.", by=by
    )
    consenting.note_consent(one, purpose="survey", how="conversation", by=by)
    if other is not None:
        contacts.merge_contacts(
            one, other, by=by, reason="Menyebut nomor aduan yang sama ketika ditelepon."
        )
