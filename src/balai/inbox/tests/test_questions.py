"""Questions to units: they see the question and the words quoted in it, never the conversation."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from balai.inbox import selectors, services
from balai.inbox.models import Call, Draft, SideQuestion
from balai.inbox.tests.talking import hear, make_line, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
HERE = "/kotak-masuk/pertanyaan/"


@pytest.fixture
def water(institution):
    return make_unit(institution, name="Dinas Air")


@pytest.fixture
def engineer(institution, water):
    return make_member(institution, "content_creator", unit=water, name="Wawan")


@pytest.fixture
def talk(line):
    return hear(line, "Air mati sejak Senin, hubungi 081234567890 ya. Rahasia lain: kucing saya.")


def ask(talk, water, officer, text="Kapan pipa di Melati selesai?", **said):
    said = {"due_on": localdate() + timedelta(days=2), **said}
    return services.ask_unit(talk, unit=water, text=text, by=officer, **said)


def test_the_unit_sees_the_question_and_covered_words_and_not_the_conversation(
    talk, line, water, officer, engineer
):
    services.write_note(talk, text="Catatan dalam yang rahasia", by=officer)
    question = ask(talk, water, officer, "Kapan selesai? Telepon warga 081234567890")
    client = signed_in(engineer)
    assert "Kapan selesai?" in client.get(HERE).content.decode()
    page = client.get(f"{HERE}{question.pk}/").content.decode()
    assert "Air mati sejak Senin" in page
    assert "081234567890" not in page
    assert "Catatan dalam" not in page
    reads_all = selectors.readable(engineer).filter(pk=talk.pk).exists()
    case_officer = make_member(line.institution, "case_officer", unit=water)
    assert signed_in(case_officer).get(f"/kotak-masuk/{talk.pk}/").status_code == 404
    assert signed_in(case_officer).get(f"{HERE}{question.pk}/").status_code == 200
    assert reads_all == selectors.readable(engineer).exists()


def test_the_answer_calls_who_asked_and_goes_into_the_answer_with_its_source(
    talk, water, officer, engineer
):
    question = ask(talk, water, officer)
    assert Call.objects.get().member == engineer
    done = signed_in(engineer).post(f"{HERE}{question.pk}/", {"text": "Rabu sore sudah mengalir."})
    assert done.status_code == 302
    question.refresh_from_db()
    assert question.state == "answered"
    assert Call.objects.get(kind="told").member == officer
    client = signed_in(officer)
    page = client.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert "Rabu sore sudah mengalir." in page
    word = question.words.get(is_answer=True)
    client.post(f"/kotak-masuk/{talk.pk}/konsep/", {"text": "Halo.", "of_unit": word.pk})
    text = Draft.objects.get().text
    assert text.startswith("Halo.\n\nRabu sore sudah mengalir.\n(Dinas Air, ")


def test_an_answer_about_another_conversation_is_not_inserted(talk, line, water, officer, engineer):
    question = ask(talk, water, officer)
    word = services.answer_question(question, text="Rabu", by=engineer)
    other = hear(line, "Lain")
    signed_in(officer).post(
        f"/kotak-masuk/{other.pk}/konsep/", {"text": "Halo", "of_unit": word.pk}
    )
    assert Draft.objects.get(conversation=other).text == "Halo"


def test_the_desk_asks_more_and_no_longer(talk, water, officer, engineer):
    question = ask(talk, water, officer)
    services.answer_question(question, text="Rabu", by=engineer)
    client = signed_in(officer)
    there = f"/kotak-masuk/{talk.pk}/pertanyaan/{question.pk}/"
    client.post(there, {"text": "Jam berapa?"})
    question.refresh_from_db()
    assert question.state == "open"
    assert question in selectors.questions_to(engineer)
    client.post(there, {"withdraw": "1"})
    question.refresh_from_db()
    assert question.state == "withdrawn"
    assert signed_in(engineer).get(f"{HERE}{question.pk}/").status_code == 404
    with pytest.raises(services.NoLongerAsked):
        services.answer_question(question, text="Pukul 5", by=engineer)


def test_who_works_elsewhere_neither_sees_nor_answers(talk, institution, water, officer, engineer):
    question = ask(talk, water, officer)
    elsewhere = make_member(institution, "editor", unit=make_unit(institution, name="Dinas Lain"))
    stranger = make_member(make_institution("Kota Lain"), "editor")
    for outsider in (elsewhere, stranger):
        client = signed_in(outsider)
        assert client.get(f"{HERE}{question.pk}/").status_code == 404
        assert client.post(f"{HERE}{question.pk}/", {"text": "x"}).status_code == 404
        with pytest.raises(NotAllowed):
            services.answer_question(question, text="x", by=outsider)
    auditor = make_member(institution, "auditor", unit=water)
    assert signed_in(auditor).get(HERE).status_code == 403
    assert signed_in(engineer).post(
        f"/kotak-masuk/{talk.pk}/pertanyaan/{question.pk}/", {"withdraw": "1"}
    ).status_code in (403, 404)
    question.refresh_from_db()
    assert question.state == "open"


def test_wrong_questions_are_refused_in_words(talk, institution, water, officer):
    with pytest.raises(ValidationError):
        ask(talk, water, officer, due_on=localdate() - timedelta(days=1))
    with pytest.raises(ValidationError):
        ask(talk, water, officer, text="  ")
    with pytest.raises(NotAllowed):
        ask(talk, make_unit(make_institution("Kota Lain")), officer)
    water.dissolved_on = localdate()
    with pytest.raises(ValidationError):
        ask(talk, water, officer)
    page = signed_in(officer).post(f"/kotak-masuk/{talk.pk}/question/", {"text": ""})
    assert page.status_code == 422
    assert not SideQuestion.objects.exists()


def test_what_is_sealed_is_asked_of_nobody(talk, water, officer, engineer):
    question = ask(talk, water, officer)
    services.triage(talk, by=officer, said={})
    services.seal(talk, by=officer, path="child")
    assert selectors.questions_to(engineer) == []
    assert signed_in(engineer).get(f"{HERE}{question.pk}/").status_code == 404
    with pytest.raises(services.NoLongerAsked):
        services.answer_question(question, text="Rabu", by=engineer)


def test_another_institution_s_line_is_no_way_in(talk, water, officer):
    question = ask(talk, water, officer)
    foreign = hear(make_line(make_institution("Kota Lain")))
    there = f"/kotak-masuk/{foreign.pk}/pertanyaan/{question.pk}/"
    assert signed_in(officer).post(there, {"withdraw": "1"}).status_code == 404
