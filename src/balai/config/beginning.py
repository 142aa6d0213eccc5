"""Who may begin: somebody at this machine, or whoever has the key that `balai serve` shows.

Else the first stranger on the network who finds a new installation would own it.
"""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

KEY = "begin"


def address_to_begin(address: str) -> str:
    """The first-run page under this address, with the key that opens it from anywhere."""
    return f"{address}{reverse('begin')}?kunci={settings.HOME.secret(KEY)}"


def may_begin(request: HttpRequest) -> bool:
    """With the key always; without it only at this machine, where no proxy stands in between."""
    if request.META.get("balai.is_from_here") and not settings.BEHIND_TLS:
        return True
    return constant_time_compare(request.GET.get("kunci", ""), settings.HOME.secret(KEY))


def forget_key() -> None:
    """It has opened once; there is nothing more to open."""
    (settings.HOME.path / "keys" / KEY).unlink(missing_ok=True)
