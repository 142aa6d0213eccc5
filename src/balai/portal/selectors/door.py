"""What a citizen finds at the door: how to write, when we are there, which accounts are real."""

from datetime import time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balai.channels.models import Connection
from balai.governance.selectors import BeyondCalendar, calendar_of
from balai.ground.clock import now
from balai.library.selectors import Found, public_articles
from balai.people.models import Institution
from balai.registry.models import OfficialAccount
from balai.registry.selectors import accounts_of

FEW = 6  # articles that the front page names


class Door(NamedTuple):
    """The open side of an office. Only what it shows anyway."""

    takes_letters: bool
    hours: list[tuple[time, time]]
    zone: str
    accounts: list[OfficialAccount]
    articles: list[Found]
    more_articles: bool


def institution_called(slug: str = "") -> Institution | None:
    """The institution of an address; without one the installation's first. None: there is none."""
    found = Institution.objects.order_by("id")
    return (found.filter(slug=slug) if slug else found).first()


def door_of(institution: Institution) -> Door:
    """Where to write, when somebody is there, which accounts speak, what is answered already."""
    hours, zone = _hours_today(institution)
    articles = public_articles(institution)
    speaking = accounts_of(institution).filter(state=OfficialAccount.State.ACTIVE)
    return Door(
        takes_letters=takes_letters(institution),
        hours=hours,
        zone=zone,
        accounts=list(speaking),
        articles=articles[:FEW],
        more_articles=len(articles) > FEW,
    )


def takes_letters(institution: Institution) -> bool:
    """Whether the public form is open."""
    return form_line(institution) is not None


def form_line(institution: Institution) -> Connection | None:
    """The line on which the public form comes in; None while it is closed."""
    lines = Connection.objects.filter(institution=institution, channel="webform")
    at_rest = [Connection.State.CLOSED, Connection.State.PAUSED]
    return lines.exclude(state__in=at_rest).order_by("pk").first()


def _hours_today(institution: Institution) -> tuple[list[tuple[time, time]], str]:
    here = now().astimezone(ZoneInfo(institution.zone))
    try:
        hours = list(calendar_of(institution).hours_on(here.date()))
    except BeyondCalendar:
        hours = []
    return hours, here.tzname() or ""
