"""What publishing does when time passes. Each sweep does a little and says how much it did."""

from balai.ground.clock import now
from balai.publishing import rules, services
from balai.publishing.models import Variant
from balai.publishing.selectors import due_variants

AT_ONCE = 20


def put_out_due() -> int:
    """Give what is due to the door out, the oldest first."""
    due = due_variants(AT_ONCE)
    for variant in due:
        services.put_out(variant)
    return len(due)


def read_back() -> int:
    """Look whether a published post still stands where it was put."""
    due = (
        Variant.objects.filter(next_look_at__lte=now(), state__in=rules.OUT)
        .order_by("next_look_at")
        .first()
    )
    if due is None:
        return 0
    services.look_at_post(due)
    return 1
