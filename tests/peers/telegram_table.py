"""The methods and types of Telegram's Bot API that we use, as one small table.

Source: Bot API 10.1 (11 June 2026), https://core.telegram.org/bots/api, in the machine-readable
form of github.com/PaulSonOfLars/telegram-bot-api-spec (MIT), commit 160fd995. Made anew by
`python -m tests.peers.telegram_table api.json`.
"""

import json
import sys
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("telegram_api.json")
METHODS = (
    "deleteMessage", "deleteMessages", "deleteWebhook", "editMessageCaption", "editMessageText",
    "getFile", "getMe", "getUpdates", "getWebhookInfo", "sendMediaGroup", "sendMessage",
    "sendPhoto", "setWebhook",
)  # fmt: skip
TYPES = (
    "Chat", "Contact", "Document", "File", "InputMediaPhoto", "Location", "Message",
    "MessageEntity", "PhotoSize", "ReplyParameters", "TextQuote", "Update", "User", "Venue",
    "Voice", "WebhookInfo",
)  # fmt: skip
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float)}


class Wrong(Exception):
    """This is not what the documents promise."""


def load() -> dict[str, Any]:
    """The table: for each method and type its fields, as {"types": [...], "required": bool}."""
    table: dict[str, Any] = json.loads(PLACE.read_text())
    return table


def check(value: Any, kinds: list[str], table: dict[str, Any], where: str) -> None:
    """Raise Wrong unless the value is of one of these types."""
    reasons = []
    for kind in kinds:
        try:
            _check(value, kind, table, where)
        except Wrong as reason:
            reasons.append(str(reason))
        else:
            return
    raise Wrong("; ".join(reasons))


def _check(value: Any, kind: str, table: dict[str, Any], where: str) -> None:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise Wrong(f"{where} must be a list")
        for number, one in enumerate(value):
            _check(one, kind.removeprefix("Array of "), table, f"{where}[{number}]")
    elif kind in PLAIN:
        is_flag = isinstance(value, bool)
        if not isinstance(value, PLAIN[kind]) or is_flag != (PLAIN[kind] is bool):
            raise Wrong(f"{where} must be {kind}")
        if kind == "True" and value is not True:
            raise Wrong(f"{where} must be True or absent")
    else:
        check_fields(value, table["types"].get(kind), table, f"{where}:{kind}")


def check_fields(value: Any, fields: Any, table: dict[str, Any], where: str) -> None:
    """Raise Wrong unless each field is known and of its type, and none that is needed lacks."""
    if fields is None or not isinstance(value, dict):
        raise Wrong(f"{where} is none of the types that this table knows")
    for name, told in value.items():
        if name not in fields:
            raise Wrong(f"{where} has no field {name}")
        check(told, fields[name]["types"], table, f"{where}.{name}")
    for name, field in fields.items():
        if field["required"] and name not in value:
            raise Wrong(f"{where}.{name} is needed")


def _made_from(spec: dict[str, Any]) -> dict[str, Any]:
    def fields(told: dict[str, Any]) -> dict[str, Any]:
        return {
            one["name"]: {"types": one["types"], "required": one["required"]}
            for one in told.get("fields", [])
        }

    return {
        "source": f"{spec['version']}, {spec['release_date']}, https://core.telegram.org/bots/api",
        "methods": {name: fields(spec["methods"][name]) for name in METHODS},
        "types": {name: fields(spec["types"][name]) for name in TYPES},
    }


if __name__ == "__main__":
    made = _made_from(json.loads(Path(sys.argv[1]).read_text()))
    rows = [f' "source": {json.dumps(made["source"])}']
    for part in ("methods", "types"):
        inner = [f"  {json.dumps(n)}: {json.dumps(f)}" for n, f in made[part].items()]
        rows.append(f' "{part}": {{\n' + ",\n".join(inner) + "\n }")
    PLACE.write_text("{\n" + ",\n".join(rows) + "\n}\n")
