"""The verbs of people: allow, and what changes institutions, units, members and roles."""

from balai.people.services.permission import NotAllowed, allow, refuse_same_person

__all__ = ["NotAllowed", "allow", "refuse_same_person"]
