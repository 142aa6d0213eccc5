"""What a citizen finds at the door: how to write, when we are there, which accounts are real."""

from typing import Any

from balai.channels.models import Connection
from balai.governance.rules import BeyondCalendar
from balai.governance.rules.calendar import ZONES
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.people.models import Institution
from balai.registry.models import OfficialAccount
from balai.registry.selectors import accounts_of
from balai.registry.wording import channel


def open_for_citizens() -> dict[str, Any]:
    """The parts of the installation's public page. Only what the office shows anyway."""
    institution = Institution.objects.order_by("id").first()
    if institution is None:
        return {}
    accounts = accounts_of(institution).filter(state=OfficialAccount.State.ACTIVE)
    return {
        "takes_letters": _takes_letters(institution),
        "today": _hours_today(institution),
        "accounts": [{"account": one, "channel": channel(one.channel)} for one in accounts],
    }


def _takes_letters(institution: Institution) -> bool:
    lines = Connection.objects.filter(institution=institution, channel="webform")
    return lines.exclude(state__in=[Connection.State.CLOSED, Connection.State.PAUSED]).exists()


def _hours_today(institution: Institution) -> dict[str, Any]:
    zone = ZONES[institution.zone]
    try:
        hours = calendar_of(institution).hours_on(now().astimezone(zone).date())
    except BeyondCalendar:
        hours = []
    return {"hours": hours, "zone": zone.tzname(None)}
