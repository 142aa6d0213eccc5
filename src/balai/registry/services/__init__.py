"""The verbs of the registry."""

from balai.registry.services.keeping import (
    check_identity,
    contain_account,
    hand_over_account,
    mark_account_dormant,
    note_handle,
    report_compromise,
    restore_account,
    retire_account,
)
from balai.registry.services.moving import AlreadyRegistered, CannotMove
from balai.registry.services.opening import (
    activate_account,
    approve_account,
    register_account,
    request_account,
    verify_account,
)
from balai.registry.services.reporting import (
    ItIsOurs,
    judge_false_account,
    report_false_account,
)

__all__ = [
    "AlreadyRegistered",
    "CannotMove",
    "ItIsOurs",
    "activate_account",
    "approve_account",
    "check_identity",
    "contain_account",
    "hand_over_account",
    "judge_false_account",
    "mark_account_dormant",
    "note_handle",
    "register_account",
    "report_compromise",
    "report_false_account",
    "request_account",
    "restore_account",
    "retire_account",
    "verify_account",
]
