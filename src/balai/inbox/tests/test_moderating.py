"""Hiding under a rule, telling the author, and who decides when the author objects."""

import pytest

from balai.channels import services as channels
from balai.channels.models import Dispatch
from balai.governance.models import AuditEntry
from balai.inbox import rules, services
from balai.inbox.models import Message
from balai.inbox.tests.talking import came_to, fresh, hear, make_line, say, send_all, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
QUEUE = "/kotak-masuk/"


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def line(institution, tmp_path):
    return make_line(institution, settings={"folder": str(tmp_path)})


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Siti Rahma")


@pytest.fixture
def head(institution):
    return make_member(institution, "head_of_pr", name="Dewi Lestari")


def test_what_is_hidden_names_its_rule_and_the_author_is_told_where_to_object(line, officer):
    talk = hear(line, "kata-kata kasar")
    notice = services.moderate(talk, by=officer, rule="M3")
    entry = AuditEntry.objects.get(did="conversation.moderated")
    assert entry.facts["rule_id"] == "M3"
    assert fresh(talk).state == "moderated"
    assert f"/tulis/{line.institution.slug}/" in notice.text
    assert "M3" in notice.text
    send_all()
    sent = Dispatch.objects.get(ref=notice.pk)
    assert sent.state == "out", sent.note
    assert fresh(talk).first_answered_at is None  # a notice is no answer


def test_nothing_is_hidden_without_a_rule(line, officer):
    talk = hear(line)
    with pytest.raises(services.NoSuchRule):
        services.moderate(talk, by=officer, rule="kritik")
    assert fresh(talk).state == "new"
    client = signed_in(officer)
    answer = client.post(f"{QUEUE}{talk.pk}/moderate/", {"rule": ""})
    assert answer.status_code == 422
    assert fresh(talk).state == "new"


def test_hiding_and_showing_again_are_two_rights(line, officer, head):
    talk = hear(line)
    for nobody in (head, make_member(line.institution, "auditor")):
        with pytest.raises(NotAllowed):
            services.moderate(talk, by=nobody, rule="M1")
    services.moderate(talk, by=officer, rule="M1")
    with pytest.raises(NotAllowed):
        services.restore(talk, by=officer, reason="keliru")
    with pytest.raises(rules.NotAllowedNow):
        services.take_up_again(talk, by=officer, reason="keliru")
    services.restore(talk, by=head, reason="Ini kritik, bukan hinaan")
    after = fresh(talk)
    assert (after.state, after.is_open) == ("triaged", True)
    assert AuditEntry.objects.get(did="conversation.restored").reason == "Ini kritik, bukan hinaan"
    with pytest.raises(rules.NotAllowedNow):
        services.restore(talk, by=head, reason="lagi")


def test_who_hid_a_conversation_does_not_decide_about_the_objection(institution, line):
    both = make_member(institution, "responder", "head_of_pr")
    talk = hear(line)
    services.moderate(talk, by=both, rule="M2")
    with pytest.raises(NotAllowed, match=r"sendiri|yourself"):
        services.restore(talk, by=both, reason="x")
    assert "Tampilkan lagi" not in signed_in(both).get(f"{QUEUE}{talk.pk}/").content.decode()


def test_hidden_words_stay_folded_and_stand_in_their_own_view(line, officer, head):
    talk = hear(line, "ANCAMAN-KASAR")
    client = signed_in(officer)
    assert "?view=moderated" not in client.get(QUEUE).content.decode()
    done = client.post(f"{QUEUE}{talk.pk}/moderate/", {"rule": "M2"}, follow=True).content.decode()
    assert "Baca yang disembunyikan" in done
    assert "M2" in done
    queue = client.get(QUEUE, {"view": "moderated"}).content.decode()
    assert f'id="c{talk.pk}"' in queue
    assert "ANCAMAN-KASAR" not in queue
    shown = signed_in(head).post(f"{QUEUE}{talk.pk}/restore/", {"reason": "kritik"}, follow=True)
    assert "Baca yang disembunyikan" not in shown.content.decode()
    assert fresh(talk).state == "triaged"


def test_the_status_page_says_the_rule_and_takes_the_objection(institution, officer):
    line = make_line(institution, "webform")
    talk = hear(line, receipt="r" * 22)
    services.moderate(talk, by=officer, rule="M5")
    page = signed_in(officer).get(f"/status/{'r' * 22}/").content.decode()
    assert "Disembunyikan menurut aturan percakapan" in page
    assert "Ajukan keberatan" in page


def test_an_author_who_cannot_be_reached_is_not_pretended_to_be_told(line, officer):
    talk = hear(line)
    channels.close_connection(line, by=make_member(line.institution, "channel_admin"))
    assert services.moderate(talk, by=officer, rule="M6") is None
    assert not Message.objects.filter(kind="notice").exists()


def test_nobody_answers_on_a_closed_line_and_the_page_says_what_to_do(line, officer):
    talk = hear(line)
    channels.close_connection(line, by=make_member(line.institution, "channel_admin"))
    with pytest.raises(services.LineClosed):
        say(talk, officer)
    page = signed_in(officer).get(f"{QUEUE}{talk.pk}/").content.decode()
    assert 'name="form_key"' not in page
    assert "ditutup" in page


def test_answers_that_wait_on_a_line_that_is_closed_come_back_into_the_queue(line, officer):
    waits, out = hear(line), hear(line)
    came_to(say(out, officer), "out")
    said = say(waits, officer)
    channels.close_connection(line, by=make_member(line.institution, "channel_admin"))
    send_all()
    assert Dispatch.objects.get(ref=said.pk).state == "refused"
    assert fresh(waits).state == "triaged"
    assert fresh(out).state == "answered"
    client = signed_in(officer)
    client.post(f"{QUEUE}{waits.pk}/jawaban/{said.pk}/pastikan/", {"again": "1"})
    assert Dispatch.objects.get(ref=said.pk).state == "refused"
