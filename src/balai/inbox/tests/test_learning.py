"""What people say against the machine teaches it; which model reads is chosen, recorded, undone."""

import pytest

from balai.governance.models import AuditEntry
from balai.inbox import services
from balai.inbox.models import Message, ReadingModel
from balai.inbox.selectors import folders_of_models, model_of, models_folder, taught
from balai.inbox.services.reading import read_each
from balai.inbox.tests.talking import hear
from balai.people.selectors import OPERATOR
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution
from balai.understanding.learning import Lesson, learn, write
from balai.understanding.reading import read

pytestmark = pytest.mark.django_db
ANGRY = [f"{what} zorbak {when}" for what in (
    "jalan", "lampu", "air", "loket", "pasar", "parit", "taman", "kantor", "sekolah", "halte",
) for when in ("lagi", "terus", "di sini", "kemarin", "hari ini")]  # fmt: skip


def chosen(institution, number=1, **fields):
    fields = {"folder": f"{institution.slug}/{number}", "version": f"office-{number}", **fields}
    return services.choose_model(institution, figures=[], by=OPERATOR, **fields)


@pytest.fixture
def learnt(institution, settings, tmp_path):
    """A model of this institution on its disk, in which *zorbak* is an angry word."""
    settings.HOME.path = tmp_path
    told = [Lesson(text, "sentiment", "negative", True) for text in ANGRY]
    packs = learn(told, current=None, version="office-1", made_on="2026-01-02").packs
    write(packs, models_folder() / institution.slug / "1")


def test_corrections_and_what_was_let_stand_are_lessons_without_personal_data(line, officer):
    text = "Tolong hubungi saya di 0812-3456-7890, jalan rusak"
    conversation = hear(line, text, intent="question", reading=read([text])[0])
    services.triage(conversation, by=officer, said={"intent": "complaint", "priority": 1})
    lessons = {one.head: one for one in taught(line.institution)}
    assert (lessons["intent"].label, lessons["intent"].corrected) == ("complaint", True)
    assert lessons["urgency"].label == "urgent"
    assert (lessons["language"].label, lessons["language"].corrected) == ("ind", False)
    assert "7890" not in lessons["intent"].text
    assert "jalan rusak" in lessons["intent"].text


def test_what_nobody_sorted_is_sealed_sensitive_or_elsewhere_teaches_nothing(line, officer):
    hear(line, "Belum dilihat siapa pun", reading=read(["Belum dilihat"])[0])
    sealed = hear(line, "Saya tahu soal suap itu")
    services.triage(sealed, by=officer, said={"intent": "whistleblow"})
    services.seal(sealed, by=officer, path="wbs")
    sensitive = hear(line, "Anak saya dipukul", sensitivity=("child",))
    services.triage(sensitive, by=officer, said={"intent": "complaint"})
    assert list(taught(line.institution)) == []
    assert list(taught(make_institution())) == []


def test_what_was_taken_back_by_the_citizen_teaches_nothing(line, officer):
    conversation = hear(line, "Jalan rusak")
    services.triage(conversation, by=officer, said={"intent": "complaint"})
    Message.objects.update(is_hidden=True)
    assert list(taught(line.institution)) == []


def test_a_chosen_model_reads_this_institutions_messages_and_no_others(institution, learnt):
    other = make_institution()
    texts = ["terminal zorbak sejak pagi"] * 2
    before = read_each([institution.pk, other.pk], texts)
    chosen(institution)
    mine, theirs = read_each([institution.pk, other.pk], texts)
    assert mine.sentiment.value == "negative"
    assert "office-1" in mine.model
    assert theirs == before[1]


def test_a_model_that_is_lost_does_not_stop_the_post(institution, settings, tmp_path):
    settings.HOME.path = tmp_path
    chosen(institution)
    assert read_each([institution.pk], ["Halo"]) == read(["Halo"])


def test_a_batch_asks_once_which_models_were_chosen(institution, django_assert_num_queries):
    with django_assert_num_queries(1):
        read_each([institution.pk] * 50, ["Jalan rusak"] * 50)


def test_choosing_ends_the_one_before_and_taking_back_brings_it_again(institution):
    chosen(institution, 1)
    chosen(institution, 2)
    assert model_of(institution).version == "office-2"
    services.take_back_model(institution, by=OPERATOR, reason="Salah baca pujian")
    assert model_of(institution).version == "office-1"
    services.take_back_model(institution, by=OPERATOR, reason="Lebih baik tanpa")
    assert model_of(institution) is None
    assert folders_of_models([institution.pk]) == {}
    with pytest.raises(services.NothingToTakeBack):
        services.take_back_model(institution, by=OPERATOR, reason="Lagi")


def test_a_model_that_was_taken_back_never_returns_by_itself(institution):
    chosen(institution, 1)
    chosen(institution, 2)
    services.take_back_model(institution, by=OPERATOR, reason="Salah baca")
    chosen(institution, 3)
    services.take_back_model(institution, by=OPERATOR, reason="Salah juga")
    assert model_of(institution).version == "office-1"
    assert ReadingModel.objects.filter(ended_at__isnull=True).count() == 1


def test_every_change_and_every_refusal_stands_in_the_audit_log_with_its_figures(institution):
    figures = [{"head": "intent", "corrections_old": 0.25, "corrections_new": 0.75}]
    services.choose_model(
        institution, folder="x/1", version="office-1", figures=figures, by=OPERATOR
    )
    services.keep_model(institution, figures=figures, by=OPERATOR)
    services.take_back_model(institution, by=OPERATOR, reason="Coba dulu")
    entries = AuditEntry.objects.filter(did__startswith="reading_model.").order_by("number")
    assert [one.did.partition(".")[2] for one in entries] == ["chosen", "kept", "taken_back"]
    assert entries[0].facts["figures"][0]["corrections_new"] == "0.7500"
    assert entries[2].reason == "Coba dulu"


def test_an_ordinary_officer_does_not_choose_what_reads(institution, officer):
    with pytest.raises(NotAllowed):
        services.choose_model(institution, folder="x/1", version="y", figures=[], by=officer)
