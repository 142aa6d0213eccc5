"""What people wrote, out of the network's HTML, and how long the network counts what we write."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from balai.channels.payload import clean, objects
from balai.ground.hypertext import with_target, words_of

URL = re.compile(r"https?://[^\s<>\"']+")
# A person's full address; the network counts only the part before the second @.
MENTION = re.compile(r"(?<![\w/])@(\w+(?:[\w.-]*\w)?)@[\w.-]*\w")


def text_of(status: Mapping[str, Any]) -> str:
    """The words of a status: whole links, full names of people, a poll's options as lines."""
    said = words_of(clean(status.get("content")), _linking(objects(status.get("mentions"))))
    poll = status.get("poll")
    if isinstance(poll, dict):
        options = [clean(option.get("title")) for option in objects(poll.get("options"))]
        said = "\n".join([said, "", *(f"- {option}" for option in options if option)]).strip()
    return said


def _linking(mentions: Iterable[dict[str, Any]]) -> Callable[[str, str, frozenset[str]], str]:
    people = {clean(person.get("url")): clean(person.get("acct")) for person in mentions}

    def written(target: str, shown: str, classes: frozenset[str]) -> str:
        if target in people and shown.startswith("@"):
            return f"@{people[target]}"
        if "mention" in classes or shown.startswith("#"):
            return shown  # a hashtag, or a person whom the server does not list
        # A shortened link: its hidden spans, or an ellipsis, stand for the rest.
        if shown.rstrip("….").removeprefix("https://").removeprefix("http://") in target:
            return target
        return with_target(target, shown, classes)

    return written


def length(text: str, per_url: int) -> int:
    """In characters, a person without the server's name, a link as `per_url` (0: as it is).

    Mastodon counts graphemes, others code points; code points are never fewer.
    https://docs.joinmastodon.org/user/posting/#text
    """
    text = MENTION.sub(r"@\1", text)
    links = URL.findall(text) if per_url else []
    return len(text) - sum(len(link) - per_url for link in links)


def essence(text: str) -> str:
    """What stays of a text however a server lays it out: to recognise our own words."""
    text = re.sub(r"https?://", "", MENTION.sub(r"@\1", text))
    return "".join(text.casefold().split())
