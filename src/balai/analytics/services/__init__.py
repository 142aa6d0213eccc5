"""The verbs of analytics: keep figures up with what happens, and count them anew from the rows."""

from balai.analytics.services.keeping import count_told, keep_up, note_told
from balai.analytics.services.recounting import recompute, walk_some

__all__ = ["count_told", "keep_up", "note_told", "recompute", "walk_some"]
