"""Reads of governance: the calendar, the targets of rule packs, the audit log."""

from balai.governance.selectors.calendar import calendar_of

__all__ = ["calendar_of"]
