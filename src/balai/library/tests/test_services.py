"""The life of an article: proposed by one person, approved by another, kept for ever."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation

from balai.governance.selectors import entries_of
from balai.ground.clock import now
from balai.library import selectors, services
from balai.library.models import Edition
from balai.library.services import Worded
from balai.library.tests.make import make_article
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

NEW = [Worded("ind", "Lampu jalan", "Kami perbaiki dalam satu hari.")]


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution()


@pytest.fixture
def editor(city):
    return make_member(city, "editor")


def test_what_a_responder_proposes_is_offered_to_nobody_until_an_editor_approves_it(city, editor):
    responder = make_member(city, "responder")
    article = make_article(city, in_force=False, by=responder)
    assert selectors.usable(responder) == []
    services.approve_edition(article, number=1, by=editor)
    assert [found.article for found in selectors.usable(responder)] == [article]
    assert [e.did for e in entries_of(article)] == ["article.written", "article.approved"]


def test_nobody_approves_their_own_words_whatever_their_roles(city):
    both = make_member(city, "editor", "head_of_pr")
    article = make_article(city, in_force=False, by=both)
    with pytest.raises(NotAllowed, match="dua pasang mata"):
        services.approve_edition(article, number=1, by=both)
    edition = article.editions.get()
    edition.approver = both
    with pytest.raises(IntegrityError):
        edition.save()


def test_a_responder_approves_nothing(city):
    article = make_article(city, in_force=False)
    with pytest.raises(NotAllowed):
        services.approve_edition(article, number=1, by=make_member(city, "responder"))


def test_what_was_approved_is_what_was_read(city, editor):
    article = make_article(city, in_force=False)
    services.revise_article(article, wordings=NEW, by=make_member(city, "responder"))
    with pytest.raises(services.NothingToApprove):
        services.approve_edition(article, number=1, by=editor)


def test_a_new_edition_takes_the_place_of_the_old_one_which_is_kept(city, editor):
    article = make_article(city)
    services.revise_article(article, wordings=NEW, by=make_member(city, "responder"))
    assert selectors.in_force(article).number == 1
    services.approve_edition(article, number=2, by=editor)
    assert selectors.in_force(article).number == 2
    assert [(e.number, e.state) for e in selectors.editions_of(article)] == [
        (2, "in_force"),
        (1, "retired"),
    ]


def test_a_dropped_draft_leaves_what_is_in_force(city, editor):
    article = make_article(city)
    services.revise_article(article, wordings=NEW, by=make_member(city, "responder"))
    services.drop_draft(article, reason="belum lengkap", by=editor)
    assert selectors.in_force(article).number == 1
    assert selectors.draft_of(article) is None
    with pytest.raises(services.NothingToApprove):
        services.drop_draft(article, reason="lagi", by=editor)


def test_a_writer_does_not_drop_what_somebody_else_wrote(city):
    article = make_article(city, in_force=False)
    with pytest.raises(NotAllowed):
        services.drop_draft(article, reason="mengganggu", by=make_member(city, "responder"))


def test_a_retired_article_is_offered_no_more_and_stays_readable(city, editor):
    article = make_article(city)
    services.retire_article(article, reason="aturan berganti", by=editor)
    assert selectors.usable(editor) == []
    assert article.editions.get().state == Edition.State.RETIRED
    with pytest.raises(ValidationError):
        services.retire_article(article, reason="lagi", by=editor)


def test_a_variable_that_nobody_can_fill_is_refused_in_words(city):
    with pytest.raises(ValidationError, match=r"\{gaji\}.*\{nama\}"):
        make_article(city, "Halo {nama}, {gaji} Anda")


@pytest.mark.parametrize(
    "wordings", [[], [Worded("ind", "a", "b"), Worded("ind", "c", "d")], [Worded("ind", "", "b")]]
)
def test_an_article_has_words_once_in_each_language(city, wordings):
    with pytest.raises(ValidationError):
        make_article(city, wordings=wordings)


def test_a_unit_of_another_institution_owns_no_article(city):
    with pytest.raises(ValidationError):
        make_article(city, unit=make_unit(make_institution()))
    with pytest.raises(ValidationError):
        make_article(city, owner=make_member(make_institution()))


def test_an_article_whose_day_has_passed_is_overdue_until_somebody_looks_again(city, editor):
    today = now().date()
    article = make_article(city, review_on=today - timedelta(days=1))
    assert list(selectors.overdue_of(city, today)) == [article]
    with pytest.raises(ValidationError):
        services.confirm_review(article, review_on=today, by=editor)
    services.confirm_review(article, review_on=today + timedelta(days=30), by=editor)
    assert list(selectors.overdue_of(city, today)) == []


def test_uses_are_counted_for_each_member_and_of_this_institution_only(city, editor):
    article, foreign = make_article(city), make_article(make_institution())
    for _ in range(2):
        services.note_use([article.pk, article.pk, foreign.pk], by=editor)
    assert selectors.uses_of(article) == [("Sari Contoh", 2)]
    assert selectors.uses_of(foreign) == []
    assert selectors.articles_of(city).get().used == 2


def test_the_wording_in_the_citizens_language_is_offered_else_the_indonesian_one(city, editor):
    make_article(
        city,
        wordings=[
            Worded("ind", "Lampu jalan", "Kami periksa."),
            Worded("jav", "Lampu", "Dipriksa."),
        ],
    )
    [javanese] = selectors.usable(editor, language="jav")
    [sundanese] = selectors.usable(editor, language="sun")
    assert (javanese.wording.body, sundanese.wording.body) == ("Dipriksa.", "Kami periksa.")


def test_a_search_finds_all_words_and_a_question_finds_what_is_near(city, editor):
    lamp = make_article(city)
    make_article(city, "Kartu keluarga diurus di dukcapil.", title="Kartu keluarga")
    found = selectors.find_articles(editor, "lampu periksa")
    near = selectors.find_articles(editor, "", question="lampu jalan saya mati")
    assert [one.article for one in found] == [lamp] == [one.article for one in near]
    assert selectors.find_articles(make_member(make_institution(), "editor"), "lampu") == []
