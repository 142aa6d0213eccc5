"""Signing in through the real pages: password, second factor, recovery, sessions, guessing."""

import base64
import hmac
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from balai.people.models import User
from balai.people.rules import OPERATOR
from balai.people.services import invite_member, member_leaves, reset_sign_in, sign_in_link
from balai.people.tests.make import PASSWORD, make_institution, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_guessed_before():
    cache.clear()
    AccessAttempt.objects.all().delete()


@pytest.fixture
def member():
    return make_member(make_institution(), "responder", password=PASSWORD)


def sign_in(client, member, password=PASSWORD):
    data = {"login": member.user.email, "password": password}
    return client.post(reverse("account_login"), data)


def is_in(client):
    return "_auth_user_id" in client.session


def code_for(secret):
    """What an authenticator app shows at this moment (RFC 6238: SHA-1, six digits, 30 s)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def set_up_second_factor(client):
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked.headers["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.status_code == 302
    return secret


def test_a_member_signs_in_by_e_mail_in_any_letters(client, member):
    member.user.email = member.user.email.upper()

    answer = sign_in(client, member)

    assert answer.status_code == 302
    assert is_in(client)


def test_passwords_are_kept_with_argon2(member):
    assert member.user.password.startswith("argon2$argon2id$")


def test_a_wrong_password_or_an_unknown_address_lets_nobody_in_and_tells_nothing(client, member):
    wrong = sign_in(client, member, "bukan-sandi-saya")
    member.user.email = "tidak-ada@contoh.example"
    unknown = sign_in(client, member, "bukan-sandi-saya")

    assert not is_in(client)
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_nobody_signs_up(client):
    page = client.get(reverse("account_signup"))
    answer = client.post(
        reverse("account_signup"),
        {"email": "x@contoh.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert b"password1" not in page.content
    assert not is_in(client)
    assert answer.status_code in (200, 302, 403)
    assert not User.objects.filter(email="x@contoh.example").exists()


def test_guessing_locks_the_pair_of_address_and_machine_and_nobody_else(client, member, settings):
    colleague = make_member(member.institution, "responder", password=PASSWORD)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, member, "tebakan-lagi-1")

    assert answer.status_code == 429
    cache.clear()  # allauth slows guessing down as well, per process; the lock is what lasts
    late = Client()
    assert sign_in(late, member).status_code == 429  # the right password, too late
    assert not is_in(late)
    other_desk = Client()
    sign_in(other_desk, colleague)
    assert is_in(other_desk)

    reset_sign_in(member.user, by=OPERATOR, password=PASSWORD)
    cache.clear()
    sign_in(client, member)
    assert is_in(client)


def test_an_inactive_person_does_not_get_in(client, member):
    member.user.is_active = False
    member.user.save()
    sign_in(client, member)

    assert not is_in(client)


def test_the_second_factor_is_asked_for_and_kept_sealed(client, member):
    sign_in(client, member)
    secret = set_up_second_factor(client)
    kept = Authenticator.objects.get(user=member.user, type="totp").data["secret"]
    assert secret not in kept

    again = Client()
    answer = sign_in(again, member)
    assert not is_in(again)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    wrong = again.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(again)
    cache.clear()  # the code of this half minute was used at set-up; allauth remembers that
    again.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_in(again)


def test_a_recovery_code_opens_once(client, member):
    sign_in(client, member)
    set_up_second_factor(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    [code, *_rest] = (
        Authenticator.objects.get(user=member.user, type="recovery_codes").wrap().get_unused_codes()
    )

    for opens in (True, False):
        desk = Client()
        sign_in(desk, member)
        desk.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(desk) is opens


def test_a_person_sees_their_sessions_and_ends_one(client, member):
    sign_in(client, member)
    elsewhere = Client(headers={"User-Agent": "elsewhere"})
    sign_in(elsewhere, member)
    for desk in (client, elsewhere):
        desk.get(reverse("usersessions_list"))
    assert UserSession.objects.filter(user=member.user).count() == 2

    client.post(reverse("usersessions_list"))  # end all but this one

    assert is_in(client)
    assert elsewhere.get(reverse("usersessions_list")).status_code == 302


def test_who_leaves_and_whose_sign_in_is_reset_is_out_at_once(client, member):
    other = make_member(member.institution, "responder", password=PASSWORD)
    sign_in(client, member)
    desk = Client()
    sign_in(desk, other)

    member_leaves(member, by=OPERATOR)
    reset_sign_in(other.user, by=OPERATOR)

    for one in (client, desk):
        assert one.get(reverse("usersessions_list")).status_code == 302


def test_an_invited_member_chooses_a_password_by_the_link_once(client):
    invited, link = invite_member(
        institution=make_institution(),
        email="ani@contoh.example",
        name="Ani",
        roles=["responder"],
        by=OPERATOR,
    )
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]

    client.post(address, {"password1": PASSWORD, "password2": PASSWORD})

    desk = Client()
    sign_in(desk, invited)
    assert is_in(desk)
    again = Client().get(link, follow=True)
    assert not again.redirect_chain or b"password1" not in again.content


def test_a_link_for_one_person_is_of_no_use_for_another(client, member):
    other = make_member(member.institution, "responder", password=PASSWORD)
    mine, theirs = sign_in_link(member.user), sign_in_link(other.user)
    key = theirs.rstrip("/").rsplit("-", 2)
    swapped = mine.rstrip("/").rsplit("-", 2)[0] + "-" + "-".join(key[1:]) + "/"

    assert b"password1" not in client.get(swapped, follow=True).content
