"""The port of the ledger: every room writes down what was done by one import.

Rooms below the ledger's own room (people) must be recorded too, so the keeper is found by the
dotted path `settings.BALAI_LEDGER`, as Django finds ROOT_URLCONF; no import runs up.
"""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def record(*, by: Any, did: str, on: Any = None, reason: str = "", **facts: Any) -> None:
    """Write one act into the ledger within the current transaction.

    `on` is the model instance concerned; `did` is past tense (`account.approved`); `facts` are
    plain JSON values and never personal data. Raises what the keeper raises: see the dotted path.
    """
    keeper = import_string(settings.BALAI_LEDGER)
    keeper(by=by, did=did, on=on, reason=reason, **facts)
