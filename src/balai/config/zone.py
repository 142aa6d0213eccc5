"""The time of a page: the zone of the institution whose page it is."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from balai.people.models import Institution

A_MINUTE = 60
KEY = "zone-of-the-house"
type_of_answer = Callable[[HttpRequest], HttpResponseBase]


def time_of_the_institution(get_response: type_of_answer) -> type_of_answer:
    """Middleware: moments are shown, and times are typed, in the institution's zone.

    A visitor reads in the zone of the installation's first institution.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        member = getattr(request, "member", None)
        name = member.institution.zone if member else _of_the_house()
        with timezone.override(ZoneInfo(name)):
            return get_response(request)

    return middleware


def _of_the_house() -> str:
    known: str | None = cache.get(KEY)
    if known is None:
        zones = Institution.objects.order_by("id").values_list("zone", flat=True)
        known = str(zones.first() or Institution.Zone.WIB)
        cache.set(KEY, known, A_MINUTE)
    return known
