"""The document of the interface: OpenAPI 3.1, made from the table of calls and the shapes."""

from typing import Any

import msgspec

from balai.config.api import shapes
from balai.config.api.door import CALLS_A_MINUTE
from balai.config.api.endpoints import ENDPOINTS, Endpoint
from balai.portal.official import VerdictOut

VERSION = "1.0.0"
JSON = "application/json"
_REF = "#/components/schemas/{name}"
TROUBLES = {
    "400": "The call lacks something that it must have.",
    "401": "No living key.",
    "403": "The key, or the member as whom it acts, may not do that.",
    "404": "No such thing here.",
    "409": "It stands otherwise than you thought; `code` says how.",
    "422": "What was sent is not right.",
    "429": "Too often; Retry-After says how long to wait.",
}


def document(server: str) -> dict[str, Any]:
    """The OpenAPI document for the installation at `server`."""
    said = [one for endpoint in ENDPOINTS for one in (endpoint.gives, endpoint.takes) if one]
    kinds = list(dict.fromkeys([*said, shapes.Problem, VerdictOut]))
    _schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {"/api/v1/verify": {"get": _verify()}}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.address, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Balai",
            "version": VERSION,
            "description": (
                f"Every call acts as a member, within the scopes of the key. {CALLS_A_MINUTE} "
                "calls a minute and key; the RateLimit headers say what is left. Unknown members "
                "of answers may appear later: ignore them."
            ),
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "balai_<id>_<secret>"}
            },
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    parameters = [
        {
            "name": one.name,
            "in": "query",
            "required": False,
            "description": str(one.about),
            "schema": {"type": one.kind},
        }
        for one in endpoint.parameters
    ]
    if "{conversation_id}" in endpoint.address:
        here = {"name": "conversation_id", "in": "path", "required": True}
        parameters.append({**here, "schema": {"type": "integer"}})
    if endpoint.asks_once:
        once = {"name": "Idempotency-Key", "in": "header", "required": True}
        lengths = {"type": "string", "minLength": 8, "maxLength": 200}
        parameters.append({**once, "schema": lengths})
    made: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": str(endpoint.about),
        "description": f"Scope: {endpoint.scope or 'any'}",
        "parameters": parameters,
        "responses": {"200": _answer("Done.", endpoint.gives), **_troubles()},
    }
    if endpoint.takes is not None:
        content = {JSON: {"schema": _ref(endpoint.takes)}}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _verify() -> dict[str, Any]:
    names = (("account", True), ("channel", False), ("id", False))
    return {
        "operationId": "verify",
        "summary": "Whether an account is ours. Open to everybody, without a key.",
        "security": [],
        "parameters": [
            {"name": name, "in": "query", "required": must, "schema": {"type": "string"}}
            for name, must in names
        ],
        "responses": {
            "200": _answer("It is, or was, ours.", VerdictOut),
            "404": _answer("It is not ours.", VerdictOut),
        },
    }


def _troubles() -> dict[str, Any]:
    return {status: _answer(words, shapes.Problem) for status, words in TROUBLES.items()}


def _answer(words: str, shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {"description": words, "content": {JSON: {"schema": _ref(shape)}}}


def _ref(shape: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=shape.__name__)}
