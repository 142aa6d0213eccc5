"""The door of the interface: who asks, whether the key lets them, how often, and trouble in words.

A session is no key: cookies count for nothing here, so no other site can act through a browser.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from balai.config.api import shapes
from balai.ground.clock import now
from balai.ground.gate import Bucket, may_pass, visitor
from balai.inbox.rules import NotAllowedNow
from balai.people.models import AccessKey, Member
from balai.people.selectors import acting_by, key_of_token
from balai.people.services import note_key_used

CALLS_A_MINUTE = 120
WRONG_KEYS = Bucket("api-wrong-key", 20, 300)  # of one address: nobody tries keys through
LARGEST_BODY = 200_000
log = logging.getLogger(__name__)


class Trouble(Exception):
    """A call that cannot be done: the status and what programs and people read of it."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class Asked(NamedTuple):
    """A call that was let in: as whom, with which key, and what was sent."""

    request: HttpRequest
    member: Member
    key: AccessKey
    body: Any
    once: str  # the caller's Idempotency-Key


class Count(NamedTuple):
    """What is left of this minute's calls."""

    left: int
    seconds: int


# What a verb refuses, as programs read it: by the name of its class, which says what happened.
_CONFLICTS = {  # the conversation stands otherwise than they thought
    "AlreadyAnswered": "already_answered",
    "CitizenWroteMeanwhile": "citizen_wrote_meanwhile",
    "LineClosed": "line_closed",
    "NoRightToReply": "no_right_to_reply",
    "NeedsApproval": "needs_approval",
    "AnswerWaits": "answer_waits_for_approval",
}
_UNFIT = {"TooLong": "too_long", "Unfilled": "unfilled", "NotSober": "not_sober"}


def let_in(
    request: HttpRequest,
    scope: str,
    body: type[msgspec.Struct] | None,
    *,
    asks_once: bool,
    do: Callable[[Asked], msgspec.Struct],
) -> HttpResponse:
    """Do one call, or say why not. Every answer is JSON and is kept by nobody."""
    count: Count | None = None
    try:
        key = _key_of(request)
        count = _counted(key)
        if count.left < 0:
            raise Trouble(429, "too_often", _("Too many calls. Wait a minute."))
        if scope and scope not in key.scopes.split():
            words = _("This key may not do that; it needs “%(scope)s”.") % {"scope": scope}
            raise Trouble(403, "missing_scope", words)
        once = _once(request) if asks_once else ""
        asked = Asked(request, acting_by(key), key, _body(request, body), once)
        note_key_used(key)
        answer = _json(do(asked), 200)
    except Exception as trouble:
        answer = _told(_trouble_of(trouble))
    if count is not None:
        answer.headers["RateLimit-Limit"] = str(CALLS_A_MINUTE)
        answer.headers["RateLimit-Remaining"] = str(max(0, count.left))
        answer.headers["RateLimit-Reset"] = str(count.seconds)
    return answer


def not_allowed(allowed: list[str]) -> HttpResponse:
    """The address is right, the method is not."""
    answer = _told(Trouble(405, "method_not_allowed", _("This address takes another method.")))
    answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _key_of(request: HttpRequest) -> AccessKey:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    key = key_of_token(token.strip()) if scheme.casefold() == "bearer" else None
    if key is not None:
        return key
    if not may_pass(WRONG_KEYS, visitor(request)):
        raise Trouble(429, "too_often", _("Too many calls with a wrong key. Wait five minutes."))
    raise Trouble(401, "no_key", _("Send a living key: Authorization: Bearer balai_…"))


def _counted(key: AccessKey) -> Count:
    """One more call of this minute. Each process counts for itself: an approximation on purpose."""
    minute, seconds = divmod(int(now().timestamp()), 60)
    name = f"api:{key.pk}:{minute}"
    cache.add(name, 0, timeout=120)
    try:
        made = cache.incr(name)
    except ValueError:  # pushed out of memory between the two
        made = 1
    return Count(CALLS_A_MINUTE - made, 60 - seconds)


def _once(request: HttpRequest) -> str:
    once = request.headers.get("Idempotency-Key", "").strip()
    if not 8 <= len(once) <= 200:
        raise Trouble(
            400,
            "no_idempotency_key",
            _("Send an Idempotency-Key of 8 to 200 signs, the same again when you try again."),
        )
    return once


def _body(request: HttpRequest, shape: type[msgspec.Struct] | None) -> Any:
    if shape is None:
        return None
    if request.content_type != "application/json":
        raise Trouble(415, "not_json", _("Send application/json."))
    if len(request.body) > LARGEST_BODY:
        raise Trouble(413, "too_large", _("This is too large."))
    try:
        return msgspec.json.decode(request.body, type=shape)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Trouble(422, "wrong_shape", str(wrong)) from wrong


def _trouble_of(trouble: Exception) -> Trouble:
    name = type(trouble).__name__
    for status, codes in ((409, _CONFLICTS), (422, _UNFIT)):
        if name in codes:
            return Trouble(status, codes[name], str(trouble))
    match trouble:
        case Trouble():
            return trouble
        case NotAllowedNow():
            return Trouble(
                409, "not_now", _("The conversation moved on; this is not possible now.")
            )
        case PermissionDenied():
            return Trouble(403, "not_allowed", str(trouble))
        case ObjectDoesNotExist() | Http404():
            return Trouble(404, "not_found", _("There is no such thing here."))
        case ValidationError():
            return Trouble(422, "refused", " ".join(trouble.messages))
    log.error("a call of the interface broke", exc_info=trouble)
    return Trouble(500, "broken", _("Something broke here. It was written into our log."))


def _told(trouble: Trouble) -> HttpResponse:
    answer = _json(shapes.Problem(trouble.code, trouble.detail), trouble.status)
    if trouble.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="balai"'
    if trouble.status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def _json(said: msgspec.Struct, status: int) -> HttpResponse:
    answer = HttpResponse(msgspec.json.encode(said), content_type="application/json", status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
