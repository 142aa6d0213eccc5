"""Reading a stranger's JSON: what is not of the kind that it should be is empty, or Unreadable."""

from collections.abc import Mapping
from typing import Any

from balai.channels.contract import Unreadable


def clean(value: Any) -> str:
    """Text that every database takes: no half surrogates, no NUL. What is no text becomes empty."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def an_object(value: Any, name: str) -> dict[str, Any]:
    """The JSON object that must be there. Raises Unreadable, which calls it `name`."""
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is no object")
    return value


def maybe_object(value: Any) -> dict[str, Any]:
    """The JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The JSON objects of a list; what is none is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def needed(holder: Mapping[str, Any], name: str) -> str:
    """The text that must be there. Raises Unreadable."""
    value = clean(holder.get(name))
    if not value:
        raise Unreadable(f"{name} is missing")
    return value
