"""What channels do when the registry tells them something about an account."""

from django.utils.translation import gettext as _

from balai.channels import services
from balai.registry.events import AccountCompromised, AccountRetired


def stop_compromised(fact: AccountCompromised) -> None:
    """Nothing more leaves, and nothing is believed, on an account that is not ours any more."""
    services.pause_lines_of(
        fact.account_id, _("The account is reported as compromised. See Official accounts.")
    )


def stop_retired(fact: AccountRetired) -> None:
    """A retired account speaks no more."""
    services.pause_lines_of(fact.account_id, _("The account was retired."))
