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

__all__ = [
    "AlreadyRegistered",
    "CannotMove",
    "activate_account",
    "approve_account",
    "check_identity",
    "contain_account",
    "hand_over_account",
    "mark_account_dormant",
    "note_handle",
    "register_account",
    "report_compromise",
    "request_account",
    "restore_account",
    "retire_account",
    "verify_account",
]
