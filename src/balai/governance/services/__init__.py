"""The verbs of governance."""

from balai.governance.services.calendar import enter_holiday, set_service_hours, withdraw_holiday
from balai.governance.services.ledger import NoTransaction, PersonalInReason, record
from balai.governance.services.targets import set_local_target

__all__ = [
    "NoTransaction",
    "PersonalInReason",
    "enter_holiday",
    "record",
    "set_local_target",
    "set_service_hours",
    "withdraw_holiday",
]
