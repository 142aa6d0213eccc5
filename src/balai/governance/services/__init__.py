"""The verbs of governance."""

from balai.governance.services.ledger import NoTransaction, PersonalInReason, record

__all__ = ["NoTransaction", "PersonalInReason", "record"]
