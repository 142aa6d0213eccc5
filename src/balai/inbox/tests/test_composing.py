"""Writing an answer: what is kept, what the library gives, what must not leave."""

import pytest
from django.db import connection as database
from django.utils import translation

from balai.governance.selectors import entries_of
from balai.inbox import selectors, services
from balai.inbox.models import Draft, Message
from balai.inbox.services import answer, fresh_form_key
from balai.inbox.tests.talking import came_to, fresh, hear, make_line, say, signed_in
from balai.library.models import Use
from balai.library.services import Worded
from balai.library.tests.make import make_article
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def line(db):
    return make_line(make_institution(name="Kota Contoh", is_sample=True), name="Papan kota")


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder", name="Rina")


@pytest.fixture
def talk(line):
    return hear(line, "Lampu jalan di depan sekolah mati sejak kemarin")


def address(talk, rest=""):
    return f"/kotak-masuk/{talk.pk}/{rest}"


def sent(talk, text, **fields):
    return {"text": text, "form_key": fresh_form_key(), "after": talk.last_in_id, **fields}


def page_of(client, talk, query=""):
    return client.get(address(talk) + query).content.decode()


def test_a_draft_is_there_again_after_signing_out_and_only_for_its_writer(talk, officer, line):
    signed_in(officer).post(address(talk, "konsep/"), sent(talk, "Kami sedang memeriksa"))
    assert "Kami sedang memeriksa" in page_of(signed_in(officer), talk)
    other = make_member(line.institution, "responder")
    assert "Kami sedang memeriksa" not in page_of(signed_in(other), talk)


def test_the_queue_marks_a_draft_for_its_writer_alone(talk, officer, line):
    services.save_draft(talk, text="Kami periksa", by=officer)
    assert "Rancangan Anda" in signed_in(officer).get("/kotak-masuk/").content.decode()
    other = make_member(line.institution, "responder")
    assert "Rancangan Anda" not in signed_in(other).get("/kotak-masuk/").content.decode()


def test_a_draft_is_encrypted_at_rest(talk, officer):
    services.save_draft(talk, text="Halo Ibu Rina", by=officer)
    with database.cursor() as cursor:
        cursor.execute("SELECT text FROM inbox_draft")
        assert "Rina" not in cursor.fetchone()[0]
    assert selectors.draft_of(talk, officer).text == "Halo Ibu Rina"


def test_the_draft_ends_when_it_is_sent_and_a_late_save_does_not_bring_it_back(talk, officer):
    key = fresh_form_key()
    services.save_draft(talk, text="Kami periksa", by=officer, form_key=key)
    answer(talk, text="Kami periksa", by=officer, form_key=key, after=talk.last_in_id)
    assert not Draft.objects.exists()
    assert services.save_draft(talk, text="Kami peri", by=officer, form_key=key) is None
    assert not Draft.objects.exists()


def test_an_emptied_draft_is_none_and_one_can_be_thrown_away(talk, officer):
    services.save_draft(talk, text="Kami periksa", by=officer)
    services.save_draft(talk, text="  \n", by=officer)
    assert not Draft.objects.exists()
    services.save_draft(talk, text="Kami periksa", by=officer)
    signed_in(officer).post(address(talk, "konsep/"), sent(talk, "x", drop="1"))
    assert not Draft.objects.exists()


def test_who_may_not_answer_keeps_no_draft(talk, line):
    with pytest.raises(NotAllowed):
        services.save_draft(talk, text="Halo", by=make_member(line.institution, "auditor"))


def test_the_page_that_saves_by_itself_is_told_when_and_what_could_be_plainer(talk, officer):
    text = "Halo, sehubungan dengan laporan, kami datang besok."
    part = signed_in(officer).post(
        address(talk, "konsep/"), sent(talk, text), headers={"HX-Request": "true"}
    )
    words = part.content.decode()
    assert "<html" not in words
    assert "tentang" in words


def test_an_article_goes_into_the_answer_filled_and_cited_without_losing_what_was_typed(
    talk, officer, line
):
    article = make_article(line.institution)
    client = signed_in(officer)
    assert "lampu jalan kami periksa" in page_of(client, talk, "?words=")
    moved = client.post(address(talk, "konsep/"), sent(talk, "Selamat pagi.", insert=article.pk))
    assert moved.headers["Location"].endswith("#answer")
    draft = selectors.draft_of(talk, officer)
    assert draft.text == (
        "Selamat pagi.\n\nYth. Bapak/Ibu, lampu jalan kami periksa dalam dua hari kerja. "
        "Hormat kami, Kota Contoh\n(Peraturan Bupati 12/2025, https://contoh.test/perbup-12)"
    )
    assert draft.articles == [article.pk]


def test_an_article_that_is_not_in_force_or_not_ours_inserts_nothing(talk, officer, line):
    for article in (
        make_article(line.institution, in_force=False),
        make_article(make_institution()),
    ):
        signed_in(officer).post(address(talk, "konsep/"), sent(talk, "Halo", insert=article.pk))
        draft = selectors.draft_of(talk, officer)
        assert (draft.text, draft.articles) == ("Halo", [])


def test_the_citizens_name_is_filled_only_while_the_identity_stands_open(talk, officer, line):
    talk.citizen.identity = '{"name": "Budi Santosa"}'
    talk.citizen.save()
    article = make_article(line.institution, "Yth. {nama},")
    client = signed_in(officer)
    client.post(address(talk, "konsep/"), sent(talk, "", insert=article.pk))
    assert "Bapak/Ibu" in selectors.draft_of(talk, officer).text
    client.post(address(talk, "identitas/"), {"reason": "menjawab"})
    client.post(address(talk, "konsep/"), sent(talk, "", insert=article.pk))
    assert "Budi Santosa" in selectors.draft_of(talk, officer).text


def test_an_article_counts_as_used_when_the_answer_is_given_not_when_it_is_looked_at(
    talk, officer, line
):
    article = make_article(line.institution)
    client = signed_in(officer)
    client.post(address(talk, "konsep/"), sent(talk, "", insert=article.pk))
    assert not Use.objects.exists()
    client.post(address(talk, "jawab/"), sent(talk, "Kami periksa.", articles=str(article.pk)))
    assert Use.objects.get().n == 1


def test_a_variable_that_nobody_filled_does_not_leave(talk, officer):
    answer = signed_in(officer).post(address(talk, "jawab/"), sent(talk, "Halo {tenggat}"))
    assert answer.status_code == 422
    assert "{tenggat}" in answer.content.decode()
    assert not Message.objects.filter(direction="out").exists()


def test_fun_is_locked_in_a_complaint_until_somebody_says_why(line, officer):
    talk = hear(line, "Saya kecewa", intent="complaint")
    client = signed_in(officer)
    refused = client.post(address(talk, "jawab/"), sent(talk, "Sabar ya 😂"))
    assert refused.status_code == 422
    assert 'name="fun_reason"' in refused.content.decode()
    client.post(address(talk, "jawab/"), sent(talk, "Sabar ya 😂", fun_reason="warga bercanda"))
    assert Message.objects.get(direction="out").text == "Sabar ya 😂"
    assert ("conversation.fun_allowed", "warga bercanda") in [
        (entry.did, entry.reason) for entry in entries_of(talk)
    ]


def test_fun_is_nobodys_business_in_an_ordinary_question(talk, officer):
    signed_in(officer).post(address(talk, "jawab/"), sent(talk, "Siap 😊"))
    assert Message.objects.filter(direction="out").exists()


def test_every_answer_ends_with_the_sign_off_of_the_institution_once(talk, officer, line):
    admin = make_member(line.institution, "system_admin", name="Wening")
    client = signed_in(admin)
    wrong = client.post("/kotak-masuk/gaya-jawaban/", {"sign_off": "{nama}"})
    assert wrong.status_code == 422
    client.post("/kotak-masuk/gaya-jawaban/", {"sign_off": "{petugas}, {instansi}"})
    assert "Rina, Kota Contoh" in page_of(signed_in(officer), talk)
    assert say(talk, officer, "Kami periksa.").text == "Kami periksa.\n\nRina, Kota Contoh"
    assert selectors.signed("Baik.\n\nRina, Kota Contoh", officer).count("Rina") == 1


def test_the_sign_off_is_set_by_whoever_looks_after_the_institution(officer):
    answer = signed_in(officer).post("/kotak-masuk/gaya-jawaban/", {"sign_off": "x"})
    assert answer.status_code == 403


def test_an_earlier_answer_to_the_like_is_offered_without_personal_data(talk, officer, line):
    before = hear(line, "Lampu jalan di depan sekolah kami mati, tolong")
    came_to(say(before, officer, "Sudah diperbaiki. Hubungi rina@contoh.test"), "out")
    services.note_delivery(Message.objects.get(direction="out"))
    [found] = selectors.similar_answers(talk, officer, "Lampu jalan depan sekolah mati")
    assert found.conversation_id == before.pk
    assert "Sudah diperbaiki" in found.text
    assert "rina@contoh.test" not in found.text
    signed_in(officer).post(address(talk, "konsep/"), sent(talk, "", earlier=found.pk))
    assert selectors.draft_of(talk, officer).text == found.text


def test_an_earlier_answer_that_the_member_may_not_read_is_not_offered(talk, officer, line):
    other = make_line(make_institution())
    foreign = hear(other, "Lampu jalan di depan sekolah mati")
    said = say(foreign, make_member(other.institution, "responder"))
    assert selectors.earlier_answer(talk, officer, said.pk) == ""
    sealed = hear(line, "Lampu jalan di depan sekolah mati")
    said = say(sealed, officer)
    type(sealed).objects.filter(pk=sealed.pk).update(state="sealed")
    assert selectors.earlier_answer(talk, officer, said.pk) == ""
    assert fresh(talk).state == "new"


def test_the_citizens_language_is_suggested_and_the_article_comes_in_it(line, officer):
    talk = hear(line, "Lampu dalan mati", language="jav")
    make_article(
        line.institution,
        wordings=[Worded("ind", "Lampu", "Kami periksa."), Worded("jav", "Lampu", "Dipriksa.")],
    )
    page = page_of(signed_in(officer), talk, "?words=lampu")
    assert "bahasa Jawa" in page
    assert "Dipriksa." in page
