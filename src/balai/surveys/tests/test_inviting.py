"""Whose matter is over is asked once, in private, in the own thread."""

import pytest

from balai.channels.models import Dispatch
from balai.inbox.events import CitizenErased
from balai.inbox.tests.talking import hear, make_line
from balai.people.tests.make import make_institution, make_unit
from balai.surveys.models import Invitation
from balai.surveys.reactions import ask_how_it_was, forget_words
from balai.surveys.selectors import hash_of
from balai.surveys.services.inviting import PURPOSE
from balai.surveys.tests.make import make_open_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_institution()


def over(city, *conversations, unit=None, matter="case:12"):
    ask_how_it_was(
        institution_id=city.pk,
        unit_id=unit and unit.pk,
        conversation_ids=[one.pk for one in conversations],
        matter=matter,
    )


def test_a_reporter_gets_a_link_of_their_own_and_only_its_hash_is_kept(city):
    unit = make_unit(city)
    survey = make_open_survey(city, unit=unit)
    conversation = hear(make_line(city), is_public=False)
    over(city, conversation, unit=unit)
    sent = Dispatch.objects.get(purpose=PURPOSE)
    key = sent.outgoing.split("/kepuasan/undangan/")[1].split("/")[0]
    invitation = Invitation.objects.get()
    assert (invitation.survey, invitation.key_hash) == (survey, hash_of(key))


def test_the_same_matter_told_twice_asks_once(city):
    make_open_survey(city)
    conversation = hear(make_line(city), is_public=False)
    over(city, conversation)
    over(city, conversation)
    assert Dispatch.objects.filter(purpose=PURPOSE).count() == 1


def test_who_spoke_in_public_is_not_asked_where_everybody_reads(city):
    make_open_survey(city)
    over(city, hear(make_line(city), is_public=True))
    assert not Dispatch.objects.filter(purpose=PURPOSE).exists()


def test_with_the_person_their_address_leaves_the_invitation(city):
    make_open_survey(city)
    conversation = hear(make_line(city), is_public=False)
    over(city, conversation)
    forget_words(CitizenErased(city.pk, [conversation.citizen_id], [conversation.pk]))
    sent = Dispatch.objects.get(purpose=PURPOSE)
    assert "undangan" not in sent.outgoing
    assert sent.state == "cancelled"


def test_nobody_of_another_office_is_asked(city):
    make_open_survey(city)
    over(city, hear(make_line(make_institution()), is_public=False))
    assert not Invitation.objects.exists()


def test_without_an_open_survey_nobody_is_asked(city):
    over(city, hear(make_line(city), is_public=False))
    assert not Invitation.objects.exists()
