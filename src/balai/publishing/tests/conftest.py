"""Fixtures of the tests of publishing."""

import pytest
from django.utils import translation

from balai.channels.tests.make import script
from balai.people.tests.make import make_institution, make_member


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def scripted(monkeypatch):
    return script(monkeypatch, publishes=lambda _: None, probes=lambda _: None)


@pytest.fixture
def editor(city):
    return make_member(city, "editor", name="Galih")


@pytest.fixture
def head(city):
    return make_member(city, "head_of_pr", name="Ratih")
