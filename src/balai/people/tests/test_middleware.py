"""The member behind a request, and the doors of pages for staff."""

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from balai.ground.clock import now
from balai.people.middleware import (
    CHOSEN,
    StaffRequest,
    choose_institution,
    member_at_the_desk,
    needs,
    staff_only,
)
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


@staff_only
def desk(request: StaffRequest) -> HttpResponse:
    return HttpResponse(f"{request.member.pk} in {request.member.institution.slug}")


@needs("conversation.view")
def queue(request: StaffRequest) -> HttpResponse:
    return HttpResponse("queue")


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(bool(request.member)))


urlpatterns = [
    path("", include("balai.config.urls")),
    path("t/public", public),
    path("t/desk", desk),
    path("t/queue", queue),
    path("t/who", who),
]


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    answer = client.get("/t/desk?page=2")

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?next=/t/desk%3Fpage%3D2")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    answer = client.get(
        "/t/queue", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/kotak/?q=1"}
    )

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].endswith("?next=/kotak/")


def test_a_page_that_asks_for_nobody_reads_nobody_and_touches_no_session(
    rf, django_assert_num_queries
):
    visitor, returning = rf.get("/"), rf.get("/")
    returning.COOKIES["sessionid"] = "unknown"
    with django_assert_num_queries(0):
        for request in (visitor, returning):
            member_at_the_desk(public)(request)  # a session that is touched would raise here

    assert visitor.member is None


def test_a_member_is_at_the_desk_of_their_institution(client, django_assert_num_queries):
    member = make_member(make_institution(), "editor")
    client.force_login(member.user)

    assert client.get("/t/desk").content.decode() == f"{member.pk} in {member.institution.slug}"
    with django_assert_num_queries(4):  # session, person, membership, roles
        client.get("/t/queue")


def test_who_left_or_never_joined_is_refused(client):
    member = make_member(make_institution(), "editor")
    member.left_at = now()
    member.save()
    for user in (member.user, make_user()):
        client.force_login(user)
        assert client.get("/t/desk").status_code == 403
        assert client.get("/t/who").content == b"False"


def test_a_page_that_needs_a_right_is_closed_to_who_has_it_nowhere(client):
    institution = make_institution()
    client.force_login(make_member(institution, "editor").user)
    assert client.get("/t/queue").status_code == 200

    client.force_login(make_member(institution, "finance_officer").user)
    answer = client.get("/t/queue")
    assert answer.status_code == 403


def test_a_person_of_two_institutions_chooses_where_to_work(client, rf):
    here, there = make_institution(), make_institution()
    first = make_member(here, "editor")
    second = make_member(there, "editor", user=first.user)
    client.force_login(first.user)

    assert client.get("/t/desk").content.decode().startswith(f"{first.pk} ")
    session = client.session
    session[CHOSEN] = there.pk
    session.save()
    assert client.get("/t/desk").content.decode().startswith(f"{second.pk} ")

    request = rf.get("/")
    request.user, request.session = first.user, {}
    assert choose_institution(request, there) == second
    assert request.session == {CHOSEN: there.pk}
    with pytest.raises(NotAllowed):
        choose_institution(request, make_institution())


@pytest.mark.parametrize("role", ["system_admin", "channel_admin"])
def test_a_powerful_role_needs_a_second_factor_first(client, role):
    member = make_member(make_institution(), role)
    client.force_login(member.user)

    answer = client.get("/t/desk")
    assert answer.status_code == 302
    assert "2fa" in answer.headers["Location"]

    Authenticator.objects.create(user=member.user, type="totp", data={})
    assert client.get("/t/desk").status_code == 200


def test_the_sample_institution_asks_for_no_second_factor(client, settings):
    member = make_member(make_institution(is_sample=True), "system_admin")
    client.force_login(member.user)
    assert client.get("/t/desk").status_code == 200

    settings.BALAI_SECOND_FACTOR_ROLES = []
    member = make_member(make_institution(), "system_admin")
    client.force_login(member.user)
    assert client.get("/t/desk").status_code == 200
