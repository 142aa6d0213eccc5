"""The verbs of analytics: keep figures up with what happens, and count them anew from the rows."""

from balai.analytics.services.keeping import keep_up
from balai.analytics.services.recounting import recompute, walk_some

__all__ = ["keep_up", "recompute", "walk_some"]
