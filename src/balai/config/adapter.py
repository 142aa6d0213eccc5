"""How allauth behaves in this house."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: a member is added by the institution's system administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
