"""From raw parcels to conversations: understood, masked, under a clock, and nothing lost."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import OperationalError

from balai.channels.contract import Attachment as Attached
from balai.channels.models import Parcel
from balai.channels.services import connect, keep_parcels
from balai.channels.tests.make import make_connection
from balai.ground.clock import now
from balai.ground.models import Announcement, LogBatch
from balai.inbox import rules, services, sweeps
from balai.inbox.models import Attachment, Citizen, Conversation, Message
from balai.inbox.services import taking_in
from balai.people.selectors import OPERATOR
from balai.people.tests.make import make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return make_connection(make_institution(), channel="helloworld")


def parcel(number: str, text: str, author: str = "warga", **more) -> bytes:
    said = {"id": number, "author": author, "text": text, "at": now().isoformat(), **more}
    return json.dumps(said).encode()


def test_a_message_is_read_masked_and_put_under_a_clock(line):
    keep_parcels(
        line, [parcel("1", "Jalan rusak parah, NIK saya 3273014506900002, tolong diperbaiki")]
    )
    assert sweeps.take_in() == 1
    conversation = Conversation.objects.get()
    assert "3273014506900002" not in conversation.preview
    assert conversation.due_at > conversation.opened_at
    assert conversation.clock
    message = Message.objects.get()
    assert message.reading["model"]
    assert message.reading["because"]
    assert Parcel.objects.get().state == "read"
    assert Announcement.objects.get(name="MessagesTakenIn").facts["message_ids"] == [message.pk]


def test_danger_goes_to_the_top_of_everything(line):
    keep_parcels(
        line,
        [
            parcel("1", "Tolong! Kami terjebak banjir di atap rumah, air terus naik", author="a"),
            parcel("2", "Kapan jadwal SIM keliling?", author="b"),
        ],
    )
    sweeps.take_in()
    first = Conversation.objects.order_by("-priority", "-last_message_id").first()
    assert first.priority == Conversation.Priority.DANGER
    assert first.clock == "emergency_acknowledgement"
    assert first.due_at <= first.opened_at + timedelta(minutes=5)


def test_the_author_is_kept_under_a_pseudonym_and_the_name_sealed(line):
    keep_parcels(line, [parcel("1", "Halo", author="budi.santoso")])
    sweeps.take_in()
    citizen = Citizen.objects.get()
    assert "budi" not in citizen.key
    assert json.loads(citizen.identity)["name"] == "budi.santoso"
    raw = Citizen.objects.extra(select={"raw": "identity"}).values_list("raw", flat=True)
    assert "budi" not in raw[0]


def test_an_unreadable_parcel_is_set_aside_and_the_others_land(line):
    keep_parcels(line, [b"{broken", parcel("1", "Halo")])
    sweeps.take_in()
    assert Message.objects.count() == 1
    aside = Parcel.objects.get(state="unreadable")
    assert bytes(aside.body) == b"{broken"
    assert aside.trouble


def test_a_message_that_cannot_be_landed_does_not_hold_up_the_others(line, monkeypatch):
    from balai.inbox.services import taking_in

    whole = taking_in._arrival

    def poisoned(one, found, *rest):
        if found.text == "racun":
            raise ValueError("poison")
        return whole(one, found, *rest)

    monkeypatch.setattr(taking_in, "_arrival", poisoned)
    keep_parcels(
        line, [parcel("1", "baik", "a"), parcel("2", "racun", "b"), parcel("3", "baik", "c")]
    )
    for _ in range(4):
        try:
            sweeps.take_in()
        except ValueError:
            LogBatch.objects.update(leased_until=now() - timedelta(seconds=1))
    assert sorted(Message.objects.values_list("remote_id", flat=True)) == ["1", "3"]
    assert "poison" in Parcel.objects.get(state="unreadable").trouble


def test_the_same_batch_twice_lands_once(line):
    keep_parcels(line, [parcel("1", "Halo"), parcel("1", "Halo")])
    sweeps.take_in()
    keep_parcels(line, [parcel("1", "Halo")])
    sweeps.take_in()
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😀" * 50,
        "\u202eterbalik\u202c",
        "a\u200bb",
        "\x00nol",
        "x" * 1_000_000,
        "<script>1</script>",
    ],
)
def test_odd_words_are_kept_and_shown_as_words(line, text):
    keep_parcels(line, [parcel("1", text)])
    sweeps.take_in()
    assert Message.objects.count() == 1
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00+00:00", "2091-01-01T00:00:00+00:00"])
def test_a_senders_wrong_clock_neither_breaks_nor_bends_ours(line, at):
    said = {"id": "1", "author": "a", "text": "Halo", "at": at}
    keep_parcels(line, [json.dumps(said).encode()])
    sweeps.take_in()
    conversation = Conversation.objects.get()
    assert conversation.opened_at <= now()


def test_a_form_and_its_additions_are_one_conversation_with_a_receipt(line):
    form = services_form(line)
    receipt = services.fresh_receipt()
    services.send_form(
        form, receipt=receipt, text="Pohon tumbang", uploads=[("a.png", "image/png", b"x")]
    )
    sweeps.take_in()
    conversation = Conversation.objects.get()
    assert conversation.receipt == receipt
    assert not conversation.is_public
    assert Attachment.objects.get().sha256
    services.add_to_form(conversation, text="Di depan SD 3")
    sweeps.take_in()
    assert Conversation.objects.get().messages_in == 2


def services_form(line):
    return connect(
        institution=line.institution, channel="webform", name="Formulir", answers={}, by=OPERATOR
    )


@pytest.mark.parametrize("trouble", [OSError(28, "No space left"), OperationalError("gone")])
def test_readable_words_wait_while_the_machine_is_in_trouble(line, monkeypatch, trouble):
    keep_parcels(line, [parcel("1", "Lampu mati")])

    def fail(_):
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "sort_out", fail)
        for _ in range(sweeps.CLAIMS_BEFORE_SINGLY + 2):
            with pytest.raises(type(trouble)):
                sweeps.take_in()
            LogBatch.objects.update(leased_until=None)
    assert Parcel.objects.get().state == "waiting"
    sweeps.take_in()
    assert Message.objects.count() == 1


def test_a_file_is_kept_whole_though_another_worker_keeps_the_same(tmp_path, settings):
    settings.HOME = type(settings.HOME)(tmp_path)
    file = Attached("a.jpg", "image/jpeg", b"isi")
    sha256 = hashlib.sha256(b"isi").hexdigest()
    place = tmp_path / "files" / sha256[:2] / sha256
    place.parent.mkdir(parents=True)
    place.with_suffix(".part").mkdir()  # the other worker's, half written
    assert taking_in._keep_file(file).sha256 == sha256
    assert place.read_bytes() == b"isi"
    assert list(place.parent.glob("*.part")) == [place.with_suffix(".part")]


def test_batches_that_wait_are_taken_in_together(line):
    for number in range(3):
        keep_parcels(line, [parcel(str(number), "Halo", author=f"warga {number}")])

    assert sweeps.take_in() == 3
    assert Announcement.objects.filter(name="MessagesTakenIn").count() == 1
    assert not LogBatch.objects.exists()


def test_a_landing_is_parted_where_parcels_are_large():
    sizes = [(1, 10), (2, 60), (3, 50), (4, 500), (5, 10), (6, 10)]
    assert rules.groups_of(sizes, 100) == [[1, 2], [3], [4], [5, 6]]
    assert rules.groups_of([], 100) == []
