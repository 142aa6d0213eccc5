"""What members were told by the desk."""

from django.db.models import QuerySet

from balai.desk.models import Notice
from balai.people.models import Member

PAGE = 50
COUNTED_TO = 100


def notices_of(member: Member, *, before: int | None = None) -> QuerySet[Notice]:
    """A member's notices, newest first, older than the id `before`."""
    found = Notice.objects.filter(member=member).select_related("conversation").order_by("-id")
    return found.filter(pk__lt=before) if before is not None else found


def unread_of(member: Member) -> int:
    """How many notices the member has not looked at yet; counted to COUNTED_TO."""
    return Notice.objects.filter(member=member, read_at=None)[:COUNTED_TO].count()
