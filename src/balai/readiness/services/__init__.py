"""The verbs of readiness."""

from balai.readiness.services.reckoning import due_institution, reckon

__all__ = ["due_institution", "reckon"]
