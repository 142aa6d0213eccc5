"""What one server says of itself and of our account: whose it is, and what it accepts."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from balai.channels.contract import Health, Http, Limits, Refused
from balai.channels.payload import clean

# Room for "@name " before an answer: local names have at most 30 characters, and of a person's
# full address the network counts the name alone.
NAMING = 32
MOST_CHARACTERS = 500
PER_URL = 23
LIMITS = Limits(
    text=MOST_CHARACTERS - NAMING,
    pictures=4,
    picture_bytes=8_000_000,
    alt_text=1500,
)
# Mastodon and what descends from it. Others answer the same question, but count links as they are.
COUNTS_LINKS_ALIKE = re.compile(r"^[3-9]\.\d(?!.*compatible)")


def host_of(address: str) -> str:
    """The server's name in an address."""
    return (urlsplit(address).hostname or "").lower()


def identify(http: Http, host: str) -> Health:
    """Who we are there, and what this server accepts. Raises Refused when the token is of no use.

    A token without the right to read notifications is refused here and not at the first citizen.
    """
    try:
        account = http.look("/api/v1/accounts/verify_credentials")
        http.look("/api/v1/notifications", limit=1)
    except Refused as no:
        if no.status != 403:
            raise
        raise Refused(str(no), permanent=True, code=no.code, signs_in=False) from no
    number = clean(account.get("id")) if isinstance(account, dict) else ""
    if not number:
        raise Refused("this address does not answer as Mastodon does", permanent=True)
    told = _told(http)
    name = clean(told.get("domain")) or clean(told.get("uri")) or host
    learnt = {"account_id": number, **_accepted(told)}
    return Health(
        platform_user_id=number,
        handle=f"{clean(account.get('acct'))}@{host_of(name) or name}",
        url=clean(account.get("url")),
        words=f"{clean(told.get('title'))} {clean(told.get('version'))}".strip(),
        learnt=learnt,
    )


def limits_of(settings: Mapping[str, str]) -> Limits:
    """What the server accepts, as far as it was asked."""
    return dataclasses.replace(
        LIMITS,
        text=max(most_characters(settings) - NAMING, 1),
        pictures=_number(settings.get("most_pictures"), LIMITS.pictures),
        picture_bytes=_number(settings.get("picture_bytes"), LIMITS.picture_bytes),
        alt_text=_number(settings.get("alt_text"), LIMITS.alt_text),
    )


def most_characters(settings: Mapping[str, str]) -> int:
    """How long a status may be, the person's name and the warning counted in."""
    return _number(settings.get("most_characters"), MOST_CHARACTERS)


def per_url(settings: Mapping[str, str]) -> int:
    """As how many characters the server counts a link; 0: as many as it has."""
    return _number(settings.get("per_url"), PER_URL, least=0)


def _told(http: Http) -> dict[str, Any]:
    for path in ("/api/v2/instance", "/api/v1/instance"):  # before 4.0, and other software: v1
        try:
            told = http.look(path)
        except Refused as no:
            if not no.permanent:
                raise
            continue
        if isinstance(told, dict):
            return told
    return {}


def _accepted(told: Mapping[str, Any]) -> dict[str, str]:
    configuration = told.get("configuration")
    configuration = configuration if isinstance(configuration, dict) else {}
    statuses, media = (
        part if isinstance(part, dict) else {}
        for part in (configuration.get("statuses"), configuration.get("media_attachments"))
    )
    alike = COUNTS_LINKS_ALIKE.match(clean(told.get("version")))
    found = {
        "most_characters": statuses.get("max_characters") or told.get("max_toot_chars"),
        "per_url": statuses.get("characters_reserved_per_url", PER_URL) if alike else 0,
        "most_pictures": statuses.get("max_media_attachments"),
        "picture_bytes": media.get("image_size_limit"),
        "alt_text": media.get("description_limit"),
    }
    return {
        name: str(value)
        for name, value in found.items()
        if isinstance(value, int) and (value > 0 or name == "per_url")
    }


def _number(said: str | None, otherwise: int, *, least: int = 1) -> int:
    number = int(said) if said and said.isdecimal() else otherwise
    return number if number >= least else otherwise
