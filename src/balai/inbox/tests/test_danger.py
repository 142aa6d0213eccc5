"""Calls for help passed on under a clock, and abusive words folded and shared."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.inbox.models import Exposure, HandOff
from balai.inbox.selectors.burden import ABUSIVE_A_DAY, bears_enough, day_of, fresher_officer
from balai.inbox.services import assign, handing_off
from balai.inbox.tests.talking import fresh, hear, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
ABUSE = {"abuse": {"abusive": True, "hate": False}, "intent": {"value": "abuse"}}


@pytest.fixture
def danger(line):
    return hear(
        line, "Tolong, rumah kami kebanjiran, ada bayi", intent="report_emergency", priority=2,
        clock="emergency_acknowledgement",
    )  # fmt: skip


@pytest.fixture
def rude(line):
    return hear(line, "Dasar petugas tolol", intent="abuse", reading=ABUSE)


def states():
    found = Announcement.objects.filter(name="HandOffMoved").order_by("pk")
    return [fact["state"] for fact in found.values_list("facts", flat=True)]


def test_a_call_for_help_has_five_minutes_to_be_acknowledged(danger, officer):
    made = handing_off.hand_off(danger, service="BPBD", number="112", by=officer)
    assert made.due_at - made.at == timedelta(minutes=5)
    handing_off.acknowledge(made, who="Regu 2", by=officer)
    with pytest.raises(ValidationError):
        handing_off.acknowledge(made, who="Regu 3", by=officer)
    handing_off.close_hand_off(made, result="helped", note="bayi selamat", by=officer)
    with pytest.raises(ValidationError):
        handing_off.close_hand_off(made, result="not_needed", note="", by=officer)
    assert states() == ["handed_off", "acknowledged", "helped"]


def test_what_nobody_acknowledged_is_told_once_and_stands_first(danger, officer, line):
    late = handing_off.hand_off(danger, service="Ambulans", number="119", by=officer)
    other = hear(line, "Kebakaran", priority=2)
    taken = handing_off.hand_off(other, service="Damkar", number="113", by=officer)
    handing_off.acknowledge(taken, who="Pos 1", by=officer)
    assert handing_off.note_overdue_hand_offs() == 0
    HandOff.objects.update(due_at=now() - timedelta(seconds=1))
    assert handing_off.note_overdue_hand_offs() == 1
    assert handing_off.note_overdue_hand_offs() == 0
    assert states()[-1] == "overdue"
    words = signed_in(officer).get("/serah-terima/").content.decode()
    assert words.index("Ambulans") < words.index("Damkar")
    assert HandOff.objects.get(pk=late.pk).overdue_told_at is not None


def test_strangers_and_auditors_pass_nothing_on(danger, officer):
    made = handing_off.hand_off(danger, service="BPBD", number="112", by=officer)
    auditor = make_member(officer.institution, "auditor")
    for verb in (
        lambda: handing_off.hand_off(danger, service="x", number="1", by=auditor),
        lambda: handing_off.acknowledge(made, who="x", by=auditor),
        lambda: handing_off.close_hand_off(made, result="helped", note="", by=auditor),
    ):
        with pytest.raises(NotAllowed):
            verb()
    stranger = signed_in(make_member(make_institution("Kota Lain"), "responder"))
    here = f"/serah-terima/{danger.pk}/"
    assert stranger.post(here, {"service": "x", "number": "1"}).status_code == 404
    assert stranger.post(f"{here}{made.pk}/hasil/", {"result": "helped"}).status_code == 404
    assert "BPBD" not in stranger.get("/serah-terima/").content.decode()


def test_the_officer_passes_it_on_in_the_conversation(danger, officer):
    client, here = signed_in(officer), f"/serah-terima/{danger.pk}/"
    assert here in client.get(f"/kotak-masuk/{danger.pk}/").content.decode()
    client.post(here, {"service": "BPBD", "number": "112"})
    made = HandOff.objects.get()
    client.post(f"{here}{made.pk}/diterima/", {"who": "Regu 2"})
    client.post(f"{here}{made.pk}/hasil/", {"result": "helped", "note": ""})
    assert HandOff.objects.get().result == "helped"
    assert client.post(f"{here}{made.pk}/lain/").status_code == 404
    assert "BPBD" in client.get(f"/kotak-masuk/{danger.pk}/").content.decode()


def test_abusive_words_are_folded_with_a_reason_and_open_without_a_script(rude, officer):
    client = signed_in(officer)
    words = client.get(f"/kotak-masuk/{rude.pk}/").content.decode()
    before = words[: words.index("Dasar petugas tolol")]
    assert before.rfind("<details") > before.rfind("</details")
    assert "Dasar petugas tolol" not in client.get("/kotak-masuk/").content.decode()


def test_what_is_not_abusive_is_not_folded(danger, officer):
    words = signed_in(officer).get(f"/kotak-masuk/{danger.pk}/").content.decode()
    before = words[: words.rindex("Tolong, rumah kami")]
    assert before.rfind("<details") <= before.rfind("</details")


def test_abusive_conversations_are_counted_for_whom_they_are_given(rude, danger, officer):
    assign(rude, by=officer, to=officer)
    assign(fresh(rude), by=officer, to=officer)
    assign(danger, by=officer, to=officer)
    assert Exposure.objects.get().member == officer


def test_over_the_cap_the_officer_with_the_fewest_is_proposed(rude, officer, line):
    colleague = make_member(line.institution, "responder", name="Siti Segar")
    make_member(line.institution, "auditor", name="Pak Audit")
    for _ in range(ABUSIVE_A_DAY):
        assert not bears_enough(officer)
        other = hear(line, "Tolol", intent="abuse", reading=ABUSE)
        assign(other, by=officer, to=officer)
    assert bears_enough(officer)
    assert fresher_officer(rude, officer) == colleague
    client = signed_in(officer)
    assert "Siti Segar" in client.get(f"/kotak-masuk/{rude.pk}/").content.decode()
    client.post(f"/kotak-masuk/{rude.pk}/assign/", {"to": colleague.pk, "unit": ""})
    assert fresh(rude).assignee == colleague
    Exposure.objects.update(on=day_of(line.institution) - timedelta(days=1))
    assert not bears_enough(officer)
