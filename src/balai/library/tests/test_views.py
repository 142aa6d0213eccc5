"""The pages of the library."""

from datetime import timedelta

import pytest
from django.utils import translation

from balai.ground.clock import now
from balai.library.models import Article
from balai.library.tests.make import make_article
from balai.people.tests.make import make_institution, make_member


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def editor(city, client):
    member = make_member(city, "editor", name="Galih")
    client.force_login(member.user)
    return member


def written(editor, **fields):
    return {
        "kind": "answer",
        "owner": editor.pk,
        "review_on": (now().date() + timedelta(days=60)).isoformat(),
        "w-TOTAL_FORMS": "2",
        "w-INITIAL_FORMS": "0",
        "w-0-language": "ind",
        "w-0-title": "Jam layanan",
        "w-0-body": "Kami buka pukul delapan.",
        "w-1-language": "ind",
        "c-TOTAL_FORMS": "1",
        "c-INITIAL_FORMS": "0",
        "c-0-source": "Perbup 12/2025",
        **fields,
    }


def test_an_article_is_written_by_one_and_put_in_force_by_another(client, editor, city):
    client.force_login(make_member(city, "responder").user)
    answer = client.post("/pustaka/tulis/", written(editor))
    article = Article.objects.get()
    assert answer.headers["Location"] == f"/pustaka/{article.pk}/"
    assert "Setujui" not in client.get(f"/pustaka/{article.pk}/").content.decode()
    client.force_login(editor.user)
    page = client.get(f"/pustaka/{article.pk}/").content.decode()
    assert "Setujui" in page
    assert "Perbup 12/2025" in page
    client.post(f"/pustaka/{article.pk}/setujui/", {"edition": "1"})
    assert article.editions.get().state == "in_force"


def test_what_is_wrong_is_said_and_nothing_that_was_written_is_lost(client, editor):
    answer = client.post("/pustaka/tulis/", written(editor, **{"w-0-body": "Halo {gaji} ya"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "{gaji}" in page
    assert "Jam layanan" in page
    assert not Article.objects.exists()


def test_the_next_edition_starts_from_the_last_and_a_language_can_be_dropped(client, editor, city):
    article = make_article(city)
    page = client.get(f"/pustaka/{article.pk}/ubah/").content.decode()
    assert "lampu jalan kami periksa" in page
    sent = written(
        editor,
        **{
            "w-INITIAL_FORMS": "1",
            "w-0-DELETE": "on",
            "w-1-language": "jav",
            "w-1-title": "Lampu",
            "w-1-body": "Dipriksa dhisik.",
        },
    )
    client.post(f"/pustaka/{article.pk}/ubah/", sent)
    draft = article.editions.get(state="draft")
    assert [w.language for w in draft.wordings.all()] == ["jav"]


def test_the_list_is_searched_and_shows_what_is_overdue(client, editor, city):
    make_article(city, review_on=now().date() - timedelta(days=3))
    make_article(city, "Kartu keluarga", title="Kartu keluarga")
    everything = client.get("/pustaka/").content.decode()
    assert "Lampu jalan mati" in everything
    assert "Kartu keluarga" in everything
    assert "Kartu keluarga" not in client.get("/pustaka/?state=overdue").content.decode()
    assert "Kartu keluarga" not in client.get("/pustaka/?q=lampu").content.decode()


def test_retiring_and_looking_again_want_words_and_are_traced(client, editor, city):
    article = make_article(city)
    address = f"/pustaka/{article.pk}/"
    assert client.post(address + "tarik/", {"reason": ""}).status_code == 422
    later = (now().date() + timedelta(days=200)).isoformat()
    client.post(address + "tinjau/", {"review_on": later})
    client.post(address + "tarik/", {"reason": "aturan berganti"})
    page = client.get(address).content.decode()
    assert "aturan berganti" in page
    article.refresh_from_db()
    assert article.review_on.isoformat() == later


def test_another_institutions_articles_do_not_exist_here(client, editor):
    foreign = make_article(make_institution())
    for rest in ("", "ubah/"):
        assert client.get(f"/pustaka/{foreign.pk}/{rest}").status_code == 404
    for rest in ("setujui/", "tarik/", "tinjau/", "batalkan/"):
        assert client.post(f"/pustaka/{foreign.pk}/{rest}").status_code == 404


def test_a_responder_is_not_let_approve_or_retire(client, city):
    article = make_article(city, in_force=False)
    client.force_login(make_member(city, "responder").user)
    for rest in ("setujui/", "tarik/", "tinjau/"):
        assert client.post(f"/pustaka/{article.pk}/{rest}").status_code == 403
