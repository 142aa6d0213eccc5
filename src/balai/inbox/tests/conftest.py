"""The small cast of the inbox's tests: an institution, its officer, a line."""

import pytest

from balai.channels.tests.make import make_connection
from balai.people.tests.make import make_institution, make_member


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Rina")


@pytest.fixture
def line(institution):
    return make_connection(institution)
