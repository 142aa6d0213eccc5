"""The institution's own time on the pages of citizens; staff pages have it from their door."""

from zoneinfo import ZoneInfo

from django.utils import timezone

from balai.people.models import Institution


def zone_of(institution: Institution) -> timezone.override:
    """Within it, times are said in the institution's zone."""
    return timezone.override(ZoneInfo(institution.zone))
